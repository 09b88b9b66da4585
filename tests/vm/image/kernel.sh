#!/usr/bin/env bash
# Fetches Debian's 6.12 kernel, what modules are built with, and the two sources that Debian does not build. Nothing is installed on this machine.
# Usage: kernel.sh FOLDER      makes FOLDER/{boot,lib/modules,headers,kbuild,sources}
set -euo pipefail
folder=$1
mkdir -p "$folder/packages"
cd "$folder"

# The meta package knows the present version; a part of Debian's archive, so apt checks the signatures.
image=$(apt-cache depends linux-image-6.12-amd64 | sed -n 's/^ *Depends: \(linux-image-.*\)$/\1/p' | head -n 1)
[ -n "$image" ] || { echo "apt offers no linux-image-6.12-amd64 (Debian 12 with its security updates does)." >&2; exit 69; }
version=${image#linux-image-}
(
  cd packages
  # apt's own user may not write here; it says so, and downloads as root.
  apt-get download -qq -o APT::Sandbox::User=root "$image" "linux-headers-$version" "linux-headers-${version%-amd64}-common" \
    "linux-kbuild-${version%-amd64}" linux-source-6.12
)
for package in packages/*.deb; do
  dpkg-deb --extract "$package" unpacked
done

mkdir -p sources
# The archive has one of each; tar stops when it has both, before the end of 1.4 GB.
tar --extract --xz --file unpacked/usr/src/linux-source-6.12.tar.xz --directory sources --occurrence=1 --transform 's,.*/,,' \
  linux-source-6.12/drivers/gpio/gpio-sim.c linux-source-6.12/kernel/irq/irq_sim.c

mv unpacked/boot boot
mv unpacked/lib lib
# Not for sensors, and three quarters of the size.
rm -rf lib/modules/*/kernel/{sound,drivers/{gpu,media,infiniband,scsi,net/{ethernet,wireless,usb,can}}}
mv unpacked/usr/lib/linux-kbuild-* kbuild
mv "unpacked/usr/src/linux-headers-${version%-amd64}-common" common
mv "unpacked/usr/src/linux-headers-$version" headers
# The packages expect to lie in /usr; here they lie side by side.
for link in scripts tools; do
  ln -sfn "../kbuild/$link" "headers/$link"
  [ ! -L "common/$link" ] || ln -sfn "../kbuild/$link" "common/$link"
done
echo "include ../common/Makefile" >headers/Makefile
echo "$version" >version
rm -rf packages unpacked
