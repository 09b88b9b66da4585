# Debian packages that tests need. Sourced by check.sh and tests/vm/run.sh.

# missing_packages "PACKAGE FILE"…: the packages whose file is not there, one a line.
missing_packages() {
  local entry package file
  for entry in "$@"; do
    read -r package file <<<"$entry"
    [ -e "$file" ] || echo "$package"
  done
}

# may_install: whether this machine and this user can install packages.
may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# install_packages LOG PACKAGE…
install_packages() {
  local log=$1
  shift
  echo "Installing $*" >&2
  # RUNLEVEL=1: the tests start their own servers on free ports; Debian's must not start by being installed.
  if ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "$@"; } >"$log" 2>&1; then
    tail -n 5 "$log" >&2
    return 1
  fi
}
