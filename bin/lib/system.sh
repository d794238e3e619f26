# Packages of the operating system. Sourced, never run.
# shellcheck shell=bash

# may_install sets AS_ROOT to what goes before a command that needs the administrator's rights.
may_install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    if [ "$(id -u)" = 0 ]; then
        AS_ROOT=()
    elif sudo -n true >/dev/null 2>&1; then
        AS_ROOT=(sudo -n)
    else
        return 1
    fi
}

# install_packages NAME…: true when they are there afterwards.
install_packages() {
    may_install || return 1
    local apt=("${AS_ROOT[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120)
    note "Installing $* with apt-get"
    # A bare machine has no package lists yet, and one that has them need not fetch them again.
    "${apt[@]}" install -y --no-install-recommends "$@" >/dev/null 2>&1 ||
        { "${apt[@]}" update >/dev/null 2>&1 &&
            "${apt[@]}" install -y --no-install-recommends "$@" >/dev/null; }
}

PANGO_PACKAGES=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core)

pango_works() {
    .venv/bin/python -c '
import ctypes, sys
if sys.platform.startswith("linux"):
    for name in "libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0":
        ctypes.CDLL(name)
else:
    import weasyprint
' >/dev/null 2>&1
}

pango_command() {
    case "$(uname -s)" in
    Darwin) echo "brew install pango" ;; # Untried: nobody has run this on macOS yet.
    *) echo "$(sudo_word)apt-get install --no-install-recommends ${PANGO_PACKAGES[*]}" ;;
    esac
}

see_to_pango() {
    pango_works && return 0
    step "Installing the libraries of the PDF engine"
    install_packages "${PANGO_PACKAGES[@]}" || true
    pango_works || give_up "the PDF engine lacks its system libraries." \
        "Install them, then run $0 again:" "  $(pango_command)"
}
