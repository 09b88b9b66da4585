#!/usr/bin/env bash
# Runs a scenario in a virtual machine with real kernel drivers: README.md.
# Usage: run.sh image [--no-install]   makes what all scenarios start from, so that they find it
#        run.sh sensors|package|powercut|footprint [--json] [--no-install] [OPTION…]
#   --json         ends with one line of JSON that names each check
#   OPTION         the scenario's own: run.sh SCENARIO --help
#   --no-install   installs nothing
#   exit code 0: all that was checked is right; 1: something is not; 69: no virtual machine can be had here, and the last line of the errors says why
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ../debian.sh

install=true scenario=() # what scenario.py is told
for argument in "$@"; do
  case "$argument" in
    --no-install) install=false ;;
    *) scenario+=("$argument") ;;
  esac
done

cannot() { echo "$*" >&2; exit 69; }

[ "$(uname -m)" = x86_64 ] || cannot "The image is made on x86-64 only."
[ "$(id -u)" = 0 ] || cannot "Making the image needs root (debootstrap, chroot)."
command -v apt-get >/dev/null || cannot "The image is made from Debian packages, and there is no apt-get."

# Two scenarios may be started at once; one of them installs.
mkdir -p .cache
exec 8>.cache/packages.lock
flock 8
mapfile -t missing < <(missing_packages \
  "qemu-system-x86 /usr/bin/qemu-system-x86_64" \
  "debootstrap     /usr/sbin/debootstrap" \
  "e2fsprogs       /usr/sbin/mke2fs" \
  "xz-utils        /usr/bin/xz" \
  "make            /usr/bin/make" \
  "gcc-12          /usr/bin/gcc-12" \
  "libc6-dev       /usr/lib/x86_64-linux-gnu/libc.a" \
  "libelf1         /usr/lib/x86_64-linux-gnu/libelf.so.1" \
  "nbdkit          /usr/bin/nbdkit" \
  "python3-paho-mqtt /usr/lib/python3/dist-packages/paho/mqtt/__init__.py" \
  "python3         /usr/bin/python3")
if [ ${#missing[@]} -gt 0 ]; then
  [ "$install" = true ] || cannot "Not installed: ${missing[*]}"
  install_packages .cache/apt.log "${missing[@]}" || cannot "These could not be installed: ${missing[*]}"
fi
exec 8>&-

image=$(bash image/image.sh)
[ "${scenario[0]:-}" != image ] || exit 0
exec python3 -B scenario.py "$image" "${scenario[@]}"
