#!/usr/bin/env bash
# Makes the kernel, the initial ramdisk and the disk of the virtual machine, or finds them made, and prints the folder they are in.
# Three layers, each keyed by what makes it, so that a change of a module does not fetch Debian again: kernel, root, machine.
# Usage: image.sh      exit code 69: it cannot be made here, and the last line of the errors says why
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
vm=$(dirname "$here")
cache=$vm/.cache
mkdir -p "$cache"

key() { (cd "$vm" && find "$@" -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c 1-16); }

# layer NAME KEY EXIT-CODE COMMAND…: runs COMMAND FOLDER unless that was done; a half-made folder is never taken for one.
layer() {
  local name=$1 folder=$cache/$1-$2 failure=$3 log=$cache/$1.log
  shift 3
  if [ ! -e "$folder" ]; then
    echo "Making the layer $name of the virtual machine" >&2
    rm -rf "$cache/$name-"*
    if ! "$@" "$folder.part" >"$log" 2>&1; then
      tail -n 5 "$log" >&2
      echo "The layer $name could not be made; $log has all of it." >&2
      exit "$failure"
    fi
    mv "$folder.part" "$folder"
  fi
  echo "$folder"
}

exec 9>"$cache/lock"
flock 9
kernel=$(layer kernel "$(key image/kernel.sh)" 69 bash "$here/kernel.sh")
root=$(layer root "$(key image/root.sh)" 69 bash "$here/root.sh")
layer machine "$(key image modules guest)" 1 bash "$here/machine.sh" "$kernel" "$root"
