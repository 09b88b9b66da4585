#!/usr/bin/env bash
# Makes the root folder of the guest: Debian 12 with systemd, udev and the tools that look at buses and lines.
# Usage: root.sh FOLDER
set -euo pipefail
# busybox is also the first program of all (image/init). The versions of libraries are those that a device with Debian 12 has; .NET wants libssl and libstdc++.
# In a mount namespace of its own: what it mounts in the folder is gone with it, also where it is killed.
unshare --mount --propagation private debootstrap --variant=minbase --include=systemd-sysv,udev,dbus,kmod,libssl3,libstdc++6,busybox-static,i2c-tools,gpiod bookworm "$1"
# The package lists and documents are a fifth of it.
rm -rf "$1"/var/cache/apt/* "$1"/var/lib/apt/lists/* "$1"/usr/share/{doc,man,locale}
