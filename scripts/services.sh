# The servers that tests need, started in a scratch folder and stopped at the end. Sets `missing` to what there is not.

missing=""
base=${TMPDIR:-/tmp}
[ ${#base} -le 60 ] || base=/tmp # the path of a socket has at most 107 characters
scratch=$(mktemp -d "$base/vean-test.XXXXXX")
chmod 755 "$scratch"
# Hundreds of tests write small databases durably: in memory that takes a third of the time, and nothing of it need outlive the run.
if [ -w /dev/shm ] && [ "$(df --output=avail /dev/shm | tail -1)" -gt 2000000 ]; then
  memory=$(mktemp -d /dev/shm/vean-test.XXXXXX)
  export PYTEST_DEBUG_TEMPROOT="$memory"
fi
# A test that waits for a lock which nobody gives back fails, and says so.
PATIENCE="-c lock_timeout=120s -c statement_timeout=300s -c idle_in_transaction_session_timeout=300s"
PACKAGES="chromium postgresql postgresql-client redis-server fonts-noto-cjk poppler-utils"

install_system_packages() {
  local wanted="" package
  for package in $PACKAGES; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || wanted="$wanted $package"
  done
  [ -n "$wanted" ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    echo "Not root, so not installed by apt:$wanted"
    return 0
  fi
  echo "Installing by apt:$wanted"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $wanted >"$scratch/apt.log" 2>&1 || { tail -20 "$scratch/apt.log" >&2; return 1; }
}

as_postgres() { # PostgreSQL refuses to run as root
  if [ "$(id -u)" -eq 0 ]; then su -s /bin/bash postgres -c "$1"; else bash -c "$1"; fi
}

start_postgres() {
  local bin
  bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
  if [ -z "$bin" ]; then missing="$missing PostgreSQL (every test marked postgres)"; return 0; fi
  mkdir "$scratch/pg"
  [ "$(id -u)" -ne 0 ] || chown postgres "$scratch/pg"
  as_postgres "$bin/initdb -D $scratch/pg/data -U vean -A trust -E UTF8 --locale=C.UTF-8 -N" >"$scratch/initdb.log" 2>&1
  as_postgres "$bin/pg_ctl -D $scratch/pg/data -w -l $scratch/pg/log -o \"-c fsync=off -c listen_addresses='' -c unix_socket_directories=$scratch/pg -c max_connections=200 $PATIENCE\" start" >/dev/null
  postgres_bin=$bin
  export LMS_TEST_POSTGRES="postgresql+psycopg://vean@/postgres?host=$scratch/pg"
}

start_redis() {
  if ! command -v redis-server >/dev/null; then missing="$missing${missing:+,} Redis (marked redis)"; return 0; fi
  redis-server --port 0 --unixsocket "$scratch/redis.sock" --save '' --daemonize yes --dir "$scratch" >/dev/null
  export LMS_TEST_REDIS="unix://$scratch/redis.sock"
}

find_chromium() {
  local found
  found=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
  if [ -z "$found" ]; then missing="$missing${missing:+,} Chromium (marked browser)"; return 0; fi
  export LMS_TEST_CHROMIUM="$found"
}

stop_services() {
  [ -z "${postgres_bin:-}" ] || as_postgres "$postgres_bin/pg_ctl -D $scratch/pg/data -m immediate stop" >/dev/null 2>&1 || true
  [ ! -S "$scratch/redis.sock" ] || redis-cli -s "$scratch/redis.sock" shutdown nosave >/dev/null 2>&1 || true
  rm -rf "$scratch" ${memory:+"$memory"}
}
trap stop_services EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
