"""The machine's disks: what a run keeps of them, and what a pulled plug leaves."""

import os
import shutil
import subprocess
import time
from pathlib import Path

START_SECONDS = 30


class Pristine:
    """A disk that stays as it is. What the guest writes is forgotten when qemu ends."""

    def __init__(self, file: Path, readonly: bool = False):
        self._file, self._readonly = file, readonly

    def open(self) -> str:
        return f"format=raw,{'readonly=on' if self._readonly else 'snapshot=on'},file={self._file}"

    def pull_plug(self):
        """qemu has the copy on write, and dies with it."""

    def close(self):
        """Nothing is held."""


class Kept(Pristine):
    """A disk of the run: what the guest has written is there when it boots again, also what it did not flush."""

    def __init__(self, file: Path):
        super().__init__(file)

    def open(self) -> str:
        return f"format=raw,cache=writeback,file={self._file}"


class Forgetful:
    """
    A disk of the run with a cache that forgets, as an SD card's: writes go to a cache of nbdkit, and reach the file when the guest flushes. The plug is pulled by killing
    nbdkit: what was not flushed is gone, and a flush that was under way is done by some part.
    """

    def __init__(self, file: Path):
        self._file, self._socket = file, file.with_suffix(".socket")
        self._process = None

    def open(self) -> str:
        if self._process is None:
            self._start()
        return f"format=raw,cache=writeback,file=nbd:unix:{self._socket}"

    def pull_plug(self):
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    close = pull_plug

    def _start(self):
        self._socket.unlink(missing_ok=True)
        self._process = subprocess.Popen(
            [
                # A block of the guest's file system is one of the cache: a larger one would be filled by reading, and written as a whole.
                shutil.which("nbdkit"), "--foreground", "--exit-with-parent", "--unix", self._socket, "--filter=cache",
                "file", self._file, "cache=writeback", "cache-min-block-size=4096",
            ],
            stdin=subprocess.DEVNULL, stderr=self._file.with_suffix(".log").open("ab"), env={**os.environ, "TMPDIR": str(self._file.parent)})
        end = time.monotonic() + START_SECONDS
        while not self._socket.exists():
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"nbdkit does not run: {self._file.with_suffix('.log').read_text()}")
            time.sleep(0.05)


def copy(image: Path, file: Path) -> Path:
    """A copy of a disk's image, as small as what is in it."""
    subprocess.run(["cp", "--sparse=always", "--reflink=auto", image, file], check=True)
    return file


def formatted(file: Path, size: str, label: str) -> Path:
    """An empty ext4. Without blocks that are root's alone: full is full."""
    subprocess.run(["mke2fs", "-q", "-t", "ext4", "-m", "0", "-L", label, file, size], check=True, capture_output=True)
    return file
