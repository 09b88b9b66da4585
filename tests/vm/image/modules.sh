#!/usr/bin/env bash
# Builds the modules of tests/vm/modules for the kernel that kernel.sh fetched.
# Usage: modules.sh KERNEL-FOLDER MODULES-FOLDER      makes MODULES-FOLDER/*.ko
set -euo pipefail
kernel=$1 output=$2
mkdir -p "$output"
cp -r "$(dirname "${BASH_SOURCE[0]}")/../modules/." "$output"
cp "$kernel"/sources/{gpio-sim,irq_sim}.c "$output/gpio-sim/"
# A module cannot call irq_to_desc; this asks for the same by what the kernel exports.
sed -i 's/irq_to_desc(irqnum)/irq_data_to_desc(irq_get_irq_data(irqnum))/' "$output/gpio-sim/irq_sim.c"
for module in "$output"/*/; do
  # Without the kernel's type information, which nobody here reads and whose tool (pahole) is not needed then.
  make --silent -C "$kernel/headers" M="$module" CONFIG_DEBUG_INFO_BTF_MODULES= modules
done
strip --strip-debug "$output"/*/*.ko
cp "$output"/*/*.ko "$output"
