#!/bin/sh
# Make .venv where it is missing and install Annotator into it, editable: tools/venv.sh [EXTRA,EXTRA]
set -eu
cd "$(dirname "$0")/.."

fail() {
    echo "Annotator: $1" >&2
    exit 1
}

new_enough() {
    command -v "$1" >/dev/null 2>&1 && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for candidate in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
        if new_enough "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    fail "Python 3.11 or newer is needed, and none was found. Install it, or name it: make PYTHON=/path/to/python3 ..."
}

need_venv_module() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null && return
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "Installing the venv module of Python ..."
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
        "$1" -c 'import ensurepip, venv' 2>/dev/null && return
    fi
    fail "$1 has no venv module. On Debian or Ubuntu: sudo apt-get install python3-venv"
}

if ! new_enough .venv/bin/python; then
    python=$(find_python)
    need_venv_module "$python"
    echo "Making .venv with $("$python" --version) ..."
    "$python" -m venv --clear .venv
fi
what=.
[ $# -eq 0 ] || what=".[$1]"
echo "Installing Annotator and its libraries into .venv (a minute at most on a usual line) ..."
.venv/bin/python -m pip install --quiet --disable-pip-version-check --editable "$what"
