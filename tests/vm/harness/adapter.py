"""The I2C adapter without hardware in the guest (modules/i2c-sim-adapter)."""

BUS = 11
_FOLDER = "/sys/devices/platform/i2c-sim-adapter"


class SimAdapter:
    """Chips on the wire, and faults of it."""

    def __init__(self, guest):
        self._guest = guest

    def load(self):
        self._guest.run("modprobe i2c-dev; modprobe i2c-sim-adapter")

    def add(self, address: int, model: str, restart: bool = False):
        self._command(f"add {address:x} {model}{' restart' if restart else ''}")

    def remove(self, address: int):
        self._command(f"remove {address:x}")

    def set(self, address: int, registers: dict[int, bytes]):
        """All of them in one script, so that a measurement sees few of them half."""
        self._command(*(
            f"set {address:x} {register:x} {' '.join(f'{byte:x}' for byte in content)}" for register, content in registers.items()))

    def fault(self, kind: str, count: int):
        self._command(f"fault {kind} {count:x}")

    def state(self, name: str) -> int:
        return int(self._guest.run(f"sed -n 's/^{name} //p' {_FOLDER}/state"))

    def _command(self, *commands: str):
        self._guest.run("\n".join(f"echo '{command}' >{_FOLDER}/control" for command in commands))
