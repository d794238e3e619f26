# Finding a Python that really runs, and filling .venv from a hash-pinned list. Sourced, never run.
# shellcheck shell=bash

OLDEST_PYTHON="3.12"

# A version manager's shim can be on the PATH and still fail, so every candidate is run.
python_runs() {
    "$1" -c 'import sys, venv, ensurepip, sqlite3; sys.exit(sys.version_info < (3, 12))' \
        >/dev/null 2>&1
}

python_candidates() {
    local name root
    for name in ${MACA_PYTHON:+"$MACA_PYTHON"} python3.12 python3.13 python3.14 python3; do
        echo "$name"
    done
    for root in "${PYENV_ROOT:-}/versions" "${HOME:-}/.pyenv/versions" \
        "${HOME:-}/.local/share/uv/python"; do
        printf '%s\n' "$root"/*3.1[2-9]*/bin/python3
    done
    for name in /usr/local/bin /opt/homebrew/bin /usr/bin; do
        printf '%s\n' "$name"/python3.12 "$name"/python3.13 "$name"/python3.14
    done
    if command -v uv >/dev/null 2>&1; then
        uv python find --offline --no-project ">=$OLDEST_PYTHON" 2>/dev/null || true
    fi
}

find_python() {
    local candidate
    while IFS= read -r candidate; do
        if python_runs "$candidate"; then
            command -v "$candidate"
            return 0
        fi
    done < <(python_candidates)
    return 1
}

explain_missing_python() {
    local how sudo
    sudo=$(sudo_word)
    if [ "$(uname -s)" = Darwin ]; then
        how="brew install python@3.13" # Untried: nobody has run this on macOS yet.
    elif system_python_is_new_enough; then
        how="${sudo}apt-get update && ${sudo}apt-get install python3 python3-venv"
    elif command -v pyenv >/dev/null 2>&1; then
        how="pyenv install 3.12"
    elif command -v uv >/dev/null 2>&1; then
        how="uv python install 3.12"
    else
        how="${sudo}apt-get update && ${sudo}apt-get install pipx && pipx run uv python install 3.12"
    fi
    give_up "no Python $OLDEST_PYTHON or newer that runs was found." \
        "Install one:    $how" \
        "Or name yours:  MACA_PYTHON=/path/to/python3.12 $0"
}

# Debian from 13 and Ubuntu from 24.04 bring one that serves.
system_python_is_new_enough() {
    # shellcheck disable=SC1091
    (. /etc/os-release 2>/dev/null && case "${ID:-}" in
        debian) [ "${VERSION_ID%%.*}" -ge 13 ] ;;
        ubuntu) [ "${VERSION_ID%%.*}" -ge 24 ] ;;
        *) false ;;
    esac) 2>/dev/null
}

find_uv() {
    local candidate
    for candidate in .venv/bin/uv uv; do
        if "$candidate" --version >/dev/null 2>&1; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

# make_venv LIST…: .venv holds what the first list pins; the others are named because the first
# holds all of theirs too. Nothing happens when it already does.
make_venv() {
    local wanted
    if [ -d .venv ] && ! python_runs .venv/bin/python; then
        note "The Python of .venv no longer runs: making .venv anew."
        rm -rf .venv
    fi
    if [ ! -d .venv ]; then
        local python
        python=$(find_python) || explain_missing_python
        step "Making .venv with $("$python" --version) ($python)"
        "$python" -m venv .venv || give_up "$python could not make .venv." \
            "On Debian and Ubuntu install the venv package of that Python, then run $0 again."
    fi
    wanted=$(pins_digest "$1")
    if grep -qxsF "$wanted" .venv/maca-stamp; then
        note ".venv already holds what $1 pins."
        return 0
    fi
    step "Installing what $1 pins into .venv"
    rm -f .venv/maca-stamp
    install_pins "$1"
    local list
    for list in "$@"; do
        pins_digest "$list"
    done >.venv/maca-stamp
}

pins_digest() {
    .venv/bin/python -c '
import hashlib, pathlib, sys
print(sys.argv[1], hashlib.sha256(pathlib.Path(sys.argv[1]).read_bytes()).hexdigest())' "$1"
}

install_pins() {
    local uv
    # uv is quicker, but may not know the registry that this machine has set up for pip.
    if uv=$(find_uv) && "$uv" pip install --quiet --python .venv/bin/python --require-hashes \
        --requirement "$1"; then
        note "Installed by uv"
    else
        note "By pip: a minute or two"
        .venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes \
            --requirement "$1" || give_up "pip could not install what $1 pins." \
            "Check the network and this machine's package registry settings, then run $0 again."
    fi
    # Compiled once here, not at every start: some machines forbid Python to write bytecode later.
    note "Compiling"
    .venv/bin/python -m compileall -q -j 0 .venv/lib >/dev/null 2>&1 || true
}
