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
BOOT_SECONDS = 400
COMMAND_SECONDS = 300
# A KVM that works shows its first line at once. Where it runs inside of another virtual machine it may exist, spin, and show nothing.
KVM_SECONDS = 5

# Nehalem: the oldest that .NET takes; what an emulated processor cannot do, nobody tries. One thread for both processors: with one each, guests were seen to panic at
# the start, where a processor runs what the other one is just patching (get_random_u32, a static key).
EMULATION = ["-accel", "tcg,thread=single,tb-size=512", "-cpu", "Nehalem"]
VIRTUALISATION = ["-accel", "kvm", "-cpu", "host"]

# The emulated time stamp counter is measured wrongly while the host is loaded (guests were seen whose clock ran twice as fast), and the kernel panics where the emulated
# timer's first ticks come late, unless it is told not to look.
KERNEL_OPTIONS = "console=ttyS0 no_timer_check net.ifnames=0 panic=-1 mitigations=off clocksource=hpet tsc=unstable systemd.show_status=no"


class GuestError(Exception):
    """The guest does not do what it should: it did not start, gave no answer, or a command of the scenario failed in it."""


class Machine:
    """A guest that boots, is shut down or has its plug pulled, and boots again. What of it lasts is its disks' to say (disks.py)."""

    def __init__(self, image: Path, disks: list, folder: Path, options: str = ""):
        """The disks are vda (the root), vdb (what is mounted at /agent) and so on; the options are more of the kernel's."""
        self._image, self._disks, self._folder, self._options = image, disks, folder, options
        self._process = None
        self._control = None
        self._received = b""
        self._unanswered = 0
        self.accelerator = None

    def start(self):
        """Boots, with KVM where it works, and returns when the guest takes commands."""
        begun = time.monotonic()
        while True:
            self._begin()
            try:
                greeting = self._line(BOOT_SECONDS)
                break
            except GuestError:
                if not self._panicked_without_disks() or time.monotonic() - begun > BOOT_SECONDS:
                    raise
                self._kill()
        if greeting != "ready":
            raise GuestError("The guest greets with something else than it should.")
        return time.monotonic() - begun

    def _begin(self):
        if self.accelerator is None and os.access("/dev/kvm", os.R_OK | os.W_OK):
            self._launch(VIRTUALISATION)
            if self._shows_life(KVM_SECONDS):
                self.accelerator = "kvm"
            else:
                self._kill()
        if self._process is None:
            self._launch(VIRTUALISATION if self.accelerator == "kvm" else EMULATION)
            self.accelerator = self.accelerator or "tcg"
        self._control = self._connect("control")

    def _panicked_without_disks(self) -> bool:
        """A fault of the emulation while the host is loaded: nothing that a disk holds has been looked at."""
        console = (self._folder / "console.log").read_text(errors="replace")
        return "Kernel panic" in console and "EXT4-fs" not in console

    def run(self, script: str, seconds: float = COMMAND_SECONDS) -> str:
        """What the script (bash) writes. A script that fails is an error."""
        code, output = self.attempt(script, seconds)
        if code != 0:
            raise GuestError(f"The guest's exit code is {code} for:\n{script}\n{output}")
        return output

    def attempt(self, script: str, seconds: float = COMMAND_SECONDS) -> tuple[int, str]:
        """Exit code and output of the script."""
        self._send(script)
        self._unanswered += 1
        # Answers come in the order of what was asked. Some may be of scripts that took longer than somebody wanted to wait.
        while self._unanswered > 0:
            answer = self._line(seconds)
            self._unanswered -= 1
        code, _, output = answer.partition(" ")
        return int(code), base64.b64decode(output).decode(errors="replace").strip()

    def write_file(self, path: str, content: bytes):
        """The guest's folder of the file is made where it is missing."""
        encoded = base64.b64encode(content).decode()
        self.run(f"mkdir -p $(dirname {path}); base64 --decode >{path} <<<'{encoded}'")

    def forward(self, host_port: int, guest_port: int):
        """
        From a port of the host's loopback to the guest's. Only once the guest is up: what connects earlier waits for a network that is not there, and longer than the
        guest takes to come.
        """
        with self._connect("monitor") as monitor:
            monitor.sendall(f"hostfwd_add tcp:127.0.0.1:{host_port}-:{guest_port}\n".encode())
            self._answer(monitor, b"(qemu) ", times=2)

    def shut_down(self):
        """As a person would, and waits for the end. The guest may be gone before it has answered."""
        self._send("systemctl poweroff --no-block")
        try:
            self._process.wait(BOOT_SECONDS)
        except subprocess.TimeoutExpired:
            raise GuestError(f"The guest does not end. It showed:\n{self.console()}") from None
        self._kill()

    def pull_plug(self):
        """The guest is gone at once, and with it what its disks had not flushed."""
        for disk in self._disks:
            disk.pull_plug()
        self._kill()

    def stop(self):
        """Ends the guest and its disks at once."""
        self._kill()
        for disk in self._disks:
            disk.close()

    def _kill(self):
        if self._control is not None:
            self._control.close()
            self._control = None
        self._received = b""
        self._unanswered = 0
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
        for name in ("control", "monitor"):
            (self._folder / name).unlink(missing_ok=True)
        (self._folder / "console.log").unlink(missing_ok=True)
        self._process = subprocess.Popen(
            [
                shutil.which("qemu-system-x86_64"), *processor, "-smp", "2", "-m", "512",
                "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
                "-serial", f"file:{self._folder}/console.log",
                "-kernel", self._image / "vmlinuz", "-initrd", self._image / "initrd",
                "-append", f"{KERNEL_OPTIONS} {self._options}",
                *(word for disk in self._disks for word in ("-drive", f"if=virtio,{disk.open()}")),
                "-netdev", "user,id=host", "-device", "virtio-net-pci,netdev=host",
                "-device", "virtio-rng-pci",
                "-device", "virtio-serial-pci", "-chardev", f"socket,id=control,server=on,wait=off,path={self._folder}/control",
                "-device", "virtserialport,chardev=control,name=control",
                "-monitor", f"unix:{self._folder}/monitor,server=on,wait=off",
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

    def _connect(self, name: str) -> socket.socket:
        end = time.monotonic() + BOOT_SECONDS
        while True:
            connection = socket.socket(socket.AF_UNIX)
            try:
                connection.connect(str(self._folder / name))
                return connection
            except OSError:
                connection.close()
                if self._process.poll() is not None or time.monotonic() > end:
                    raise GuestError(f"qemu does not run:\n{(self._folder / 'qemu.log').read_text()}") from None
                time.sleep(0.1)

    def _send(self, script: str):
        self._control.sendall(base64.b64encode(b"set -e\n" + script.encode()) + b"\n")

    def _answer(self, monitor: socket.socket, prompt: bytes, times: int):
        """The monitor greets, and ends what it says to a command, with its prompt."""
        said = b""
        while said.count(prompt) < times:
            received = monitor.recv(4096)
            if not received:
                raise GuestError(f"qemu's monitor ended with {said!r}.")
            said += received
        if b"could not" in said.lower() or b"invalid" in said.lower():
            raise GuestError(f"qemu does not do it: {said!r}")

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
