# How the scripts under bin/ speak. Sourced, never run.
# shellcheck shell=bash

step() { printf '\n== %s\n' "$*"; }
note() { printf '   %s\n' "$*"; }
done_with() { printf '\n%s\n' "$*"; }

# What went wrong, then one or more lines that say what to do next.
give_up() {
    printf '\nStopped: %s\n' "$1" >&2
    shift
    [ $# -eq 0 ] || printf '   %s\n' "$@" >&2
    exit 1
}

# What a person has to type before a command that needs the administrator's rights.
sudo_word() { [ "$(id -u)" = 0 ] || echo "sudo "; }
