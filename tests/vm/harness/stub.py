"""The kernel's i2c-stub in the guest: an adapter that knows SMBus transfers only."""

# What one SMBus transfer may carry.
_BLOCK = 32


class StubBus:
    """Chips as the registers that they have. A register is a byte, or a word with the high byte first on the wire."""

    def __init__(self, guest, addresses: list[int]):
        self._guest, self._addresses = guest, addresses
        self.number = None

    def load(self):
        if self.number is not None:
            return
        listed = ",".join(f"0x{address:02x}" for address in self._addresses)
        self._guest.run(f"modprobe i2c-dev; modprobe i2c-stub chip_addr={listed}")
        folder = self._guest.run("dirname $(grep --files-with-matches 'SMBus stub' /sys/bus/i2c/devices/i2c-*/name)")
        self.number = int(folder.rpartition("-")[2])

    def set_bytes(self, address: int, registers: dict[int, bytes]):
        script = []
        for register, content in registers.items():
            for start in range(0, len(content), _BLOCK):
                part = content[start:start + _BLOCK]
                script.append(self._set(address, register + start, " ".join(f"0x{byte:02x}" for byte in part), "i"))
        self._guest.run("\n".join(script))

    def set_word(self, address: int, register: int, word: int):
        # SMBus sends the low byte first.
        swapped = ((word & 0xFF) << 8) | (word >> 8)
        self._guest.run(self._set(address, register, f"0x{swapped:04x}", "w"))

    def bind(self, driver: str, address: int):
        """Gives a chip to the kernel's driver."""
        self._guest.run(f"echo {driver} 0x{address:02x} >/sys/bus/i2c/devices/i2c-{self.number}/new_device")

    def place(self, address: int) -> str:
        """The chip's address as the kernel writes it."""
        return f"{self.number}-{address:04x}"

    def _set(self, address: int, register: int, values: str, kind: str) -> str:
        # -f: a driver of the kernel may have the chip.
        return f"i2cset -y -f {self.number} 0x{address:02x} 0x{register:02x} {values} {kind}"
