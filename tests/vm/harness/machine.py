"""The virtual machine: qemu, and a line over which it does what the host asks for."""

import base64
import os
import select
import shutil
import socket
import subprocess
import time
from pathlib import Path

# Emulation on a loaded machine takes minutes where an idle one takes 15 s.
BOOT_SECONDS = 240
COMMAND_SECONDS = 120
# A KVM that works shows its first line at once. Where it runs inside of another virtual machine it may exist, spin, and show nothing.
KVM_SECONDS = 5

# Nehalem: the oldest that .NET takes; what an emulated processor cannot do, nobody tries.
EMULATION = ["-accel", "tcg,thread=multi,tb-size=512", "-cpu", "Nehalem"]
VIRTUALISATION = ["-accel", "kvm", "-cpu", "host"]

# The emulated time stamp counter is measured wrongly while the host is loaded (guests were seen whose clock ran twice as fast).
KERNEL_OPTIONS = "console=ttyS0 net.ifnames=0 panic=-1 mitigations=off clocksource=hpet tsc=unstable systemd.show_status=no"


class GuestError(Exception):
    """The guest does not do what it should: it did not start, gave no answer, or a command of the scenario failed in it."""


class Machine:
    """A guest from its first instruction to its end. The image stays as it is: what the guest writes is forgotten."""

    def __init__(self, image: Path, agent_disk: Path, folder: Path):
        self._image, self._agent_disk, self._folder = image, agent_disk, folder
        self._process = None
        self._control = None
        self._received = b""
        self.accelerator = None

    def start(self):
        """Boots, with KVM where it works, and returns when the guest takes commands."""
        begun = time.monotonic()
        if os.access("/dev/kvm", os.R_OK | os.W_OK):
            self._launch(VIRTUALISATION)
            if self._shows_life(KVM_SECONDS):
                self.accelerator = "kvm"
            else:
                self.stop()
        if self.accelerator is None:
            self._launch(EMULATION)
            self.accelerator = "tcg"
        self._connect()
        if self._line(BOOT_SECONDS) != "ready":
            raise GuestError("The guest greets with something else than it should.")
        return time.monotonic() - begun

    def run(self, script: str, seconds: float = COMMAND_SECONDS) -> str:
        """What the script (bash) writes. A script that fails is an error."""
        code, output = self.attempt(script, seconds)
        if code != 0:
            raise GuestError(f"The guest's exit code is {code} for:\n{script}\n{output}")
        return output

    def attempt(self, script: str, seconds: float = COMMAND_SECONDS) -> tuple[int, str]:
        """Exit code and output of the script."""
        self._control.sendall(base64.b64encode(b"set -e\n" + script.encode()) + b"\n")
        code, _, output = self._line(seconds).partition(" ")
        return int(code), base64.b64decode(output).decode(errors="replace").strip()

    def write_file(self, path: str, content: bytes):
        """The guest's folder of the file is made where it is missing."""
        encoded = base64.b64encode(content).decode()
        self.run(f"mkdir -p $(dirname {path}); base64 --decode >{path} <<<'{encoded}'")

    def stop(self):
        """Ends the guest at once. Nothing of it is kept, so nothing can be lost."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def console(self) -> str:
        """The last lines that the guest showed."""
        console = self._folder / "console.log"
        lines = console.read_text(errors="replace").splitlines() if console.exists() else []
        return "\n".join(lines[-20:])

    def _launch(self, processor: list[str]):
        socket_path = self._folder / "control"
        socket_path.unlink(missing_ok=True)
        (self._folder / "console.log").unlink(missing_ok=True)
        self._process = subprocess.Popen(
            [
                shutil.which("qemu-system-x86_64"), *processor, "-smp", "2", "-m", "512",
                "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
                "-serial", f"file:{self._folder}/console.log",
                "-kernel", self._image / "vmlinuz", "-initrd", self._image / "initrd",
                "-append", KERNEL_OPTIONS,
                "-drive", f"if=virtio,format=raw,snapshot=on,file={self._image}/root.ext4",
                "-drive", f"if=virtio,format=raw,readonly=on,file={self._agent_disk}",
                "-netdev", "user,id=host", "-device", "virtio-net-pci,netdev=host",
                "-device", "virtio-rng-pci",
                "-device", "virtio-serial-pci", "-chardev", f"socket,id=control,server=on,wait=off,path={socket_path}",
                "-device", "virtserialport,chardev=control,name=control",
            ],
            stdin=subprocess.DEVNULL, stdout=(self._folder / "qemu.log").open("ab"), stderr=subprocess.STDOUT,
            # The copy-on-write file of the root disk belongs to the run.
            env={**os.environ, "TMPDIR": str(self._folder)})

    def _shows_life(self, seconds: float) -> bool:
        console = self._folder / "console.log"
        end = time.monotonic() + seconds
        while time.monotonic() < end and self._process.poll() is None:
            if console.exists() and console.stat().st_size > 0:
                return True
            time.sleep(0.1)
        return False

    def _connect(self):
        end = time.monotonic() + BOOT_SECONDS
        while True:
            self._control = socket.socket(socket.AF_UNIX)
            try:
                self._control.connect(str(self._folder / "control"))
                return
            except OSError:
                self._control.close()
                self._control = None
                if self._process.poll() is not None or time.monotonic() > end:
                    raise GuestError(f"qemu does not run:\n{(self._folder / 'qemu.log').read_text()}") from None
                time.sleep(0.1)

    def _line(self, seconds: float) -> str:
        end = time.monotonic() + seconds
        while b"\n" not in self._received:
            if not select.select([self._control], [], [], max(0, end - time.monotonic()))[0]:
                raise GuestError(f"The guest gave no answer within {seconds:.0f} s. It showed:\n{self.console()}")
            received = self._control.recv(65536)
            if not received:
                raise GuestError(f"The guest is gone. It showed:\n{self.console()}")
            self._received += received
        line, _, self._received = self._received.partition(b"\n")
        return line.decode().strip()
