#!/usr/bin/env bash
# Puts kernel, modules and root together.
# Usage: machine.sh KERNEL-FOLDER ROOT-FOLDER FOLDER      makes FOLDER/{vmlinuz,initrd,root.ext4}
set -euo pipefail
kernel=$1 root=$2 folder=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
version=$(cat "$kernel/version")
mkdir -p "$folder"
work=$(mktemp -d "$folder/work.XXXXXX")
trap 'rm -rf "$work"' EXIT

cp "$kernel/boot/vmlinuz-$version" "$folder/vmlinuz"
bash "$here/modules.sh" "$kernel" "$work/modules"

# The disk: the root, the kernel's modules, ours, and what makes it this guest.
cp -a "$root" "$work/root"
cp -a "$kernel/lib/modules" "$work/root/usr/lib/"
mkdir -p "$work/root/usr/lib/modules/$version/extra" "$work/root"/{agent,etc/edge-agent,var/lib/edge-agent}
cp "$work"/modules/*.ko "$work/root/usr/lib/modules/$version/extra/"
cp -r "$here/../guest/." "$work/root/"
gcc-12 -static -O2 -Wall -Werror -o "$work/root/usr/local/sbin/pulses" "$here/pulses.c"
chroot "$work/root" depmod "$version"
chroot "$work/root" systemctl --quiet enable control.service
# Nobody logs in, no disk comes or goes, and what is loaded is asked for by name: on an emulated processor these are most of the start.
chroot "$work/root" systemctl --quiet mask systemd-udev-trigger.service systemd-logind.service e2scrub_reap.service getty.target \
  systemd-remount-fs.service systemd-network-generator.service systemd-pstore.service systemd-modules-load.service kmod-static-nodes.service \
  dev-hugepages.mount dev-mqueue.mount sys-kernel-debug.mount sys-kernel-tracing.mount sys-fs-fuse-connections.mount timers.target \
  systemd-update-utmp.service systemd-update-utmp-runlevel.service systemd-user-sessions.service systemd-random-seed.service \
  modprobe@configfs.service modprobe@dm_mod.service modprobe@drm.service modprobe@efi_pstore.service modprobe@fuse.service modprobe@loop.service
mke2fs -q -t ext4 -d "$work/root" -L root "$folder/root.ext4" 1G

# The ramdisk: busybox and what the disk needs, in the order in which it is loaded.
initrd=$work/initrd
mkdir -p "$initrd"/{bin,dev,root,modules}
cp "$root/bin/busybox" "$initrd/bin/"
for applet in sh mount insmod cat sleep switch_root; do
  ln -s busybox "$initrd/bin/$applet"
done
cp "$here/init" "$initrd/init"
for wanted in virtio_blk ext4; do
  chroot "$work/root" modprobe --set-version "$version" --show-depends "$wanted"
done | sed -n 's/^insmod \([^ ]*\).*$/\1/p' | while read -r module; do
  name=$(basename "$module" .xz)
  [ ! -e "$initrd/modules/$name" ] || continue
  xz --decompress --stdout "$work/root$module" >"$initrd/modules/$name"
  echo "$name" >>"$initrd/modules/order"
done
(cd "$initrd" && find . | ./bin/busybox cpio -o -H newc) 2>/dev/null | gzip -1 >"$folder/initrd"
