# Shared by ./run and ./test: the virtual environment in .venv, with exactly the pinned packages.

prepare_environment() { # prepare_environment run|test
  local wanted="requirements/$1.txt" python stamp
  python=${PYTHON:-python3.11}
  command -v "$python" >/dev/null || python=python3
  if ! "$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))'; then
    echo "Python 3.11 is needed (on Debian: apt install python3.11 python3.11-venv)." >&2
    exit 1
  fi
  if [ ! -x .venv/bin/python ]; then # not there, half made, or of a Python that is gone
    rm -rf .venv
    "$python" -m venv .venv || { rm -rf .venv; echo "The environment could not be made (on Debian: apt install python3.11-venv)." >&2; exit 1; }
  elif ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    echo "The environment in .venv does not work for this user: remove it and start again." >&2
    exit 1
  fi
  stamp=".venv/installed-$1"
  if ! cmp -s "$wanted" "$stamp"; then
    echo "Installing the pinned packages of $wanted ..."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$wanted"
    cp "$wanted" "$stamp"
    [ "$1" = run ] || cp requirements/run.txt .venv/installed-run # test.txt has all of run.txt, at the same versions
  fi
  .venv/bin/python scripts/translate.py compile
}
