"""The ingestion service on the host, as the cloud of the guest."""

import json
import re
import select
import signal
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

START_SECONDS = 60
DEVICE = "vm"
# The host's loopback as the guest sees it.
HOST_IN_GUEST = "10.0.2.2"


class Service:
    """From its first line to its end. The database lies in the folder of the run."""

    def __init__(self, program: Path, folder: Path):
        self._program, self._folder = program, folder
        self._process = None
        self._page = None
        self.endpoint = None

    @property
    def authority(self) -> Path:
        return self._folder / "ca"

    @property
    def database(self) -> Path:
        return self._folder / "data" / "readings.db"

    def start(self):
        subprocess.run(
            [self._program, "dev-ca", "create", self.authority, "--device", DEVICE], check=True, capture_output=True)
        self._process = subprocess.Popen(
            [
                self._program, "serve", "--data", self._folder / "data", "--listen", "127.0.0.1:0", "--web", "127.0.0.1:0",
                "--certificate", self.authority / "server.crt", "--key", self.authority / "server.key",
                "--client-ca", self.authority / "ca.crt", "--access", "open",
            ],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, bufsize=0, stderr=(self._folder / "service.log").open("ab"))
        ports = self._wait_for_ports()
        self.endpoint, self._page = f"https://{HOST_IN_GUEST}:{ports[1]}", ports[2]

    def _wait_for_ports(self) -> re.Match:
        """Of the line that says where the service listens. Others may come before it: a first start tells of what it makes."""
        said, until = [], time.monotonic() + START_SECONDS
        while time.monotonic() < until and select.select([self._process.stdout], [], [], until - time.monotonic())[0]:
            line = self._process.stdout.readline().decode()
            if ports := re.search(r"127\.0\.0\.1:(\d+).*(http://\S+?)/;", line):
                return ports
            if not line:
                break
            said.append(line)
        raise RuntimeError(f"The ingestion service does not say where it is: {''.join(said)!r}")

    def ask(self, path: str) -> dict:
        with urllib.request.urlopen(self._page + path, timeout=30) as answer:
            return json.load(answer)

    def readings(self, series: str, limit: int = 1, order: str = "desc") -> list[dict]:
        """Stored readings of a series of the device, the newest first. None where the series is not known yet."""
        query = urllib.parse.urlencode({"series": f"{DEVICE}/{series}", "limit": limit, "order": order})
        try:
            return self.ask(f"/api/readings?{query}")["readings"]
        except urllib.error.HTTPError as error:
            if error.code != 404:
                raise
            return []

    def token(self) -> str:
        """What the device enrols with, once."""
        made = subprocess.run(
            [self._program, "token", "create", "--device", DEVICE, "--server", self._page, "--data", self._folder / "data"],
            check=True, capture_output=True, text=True)
        return made.stdout.strip()

    def pause(self):
        """It hangs, as a cloud that cannot be reached: nothing is stored until it goes on."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self):
        self._process.send_signal(signal.SIGCONT)

    def stop(self):
        if self._process is not None:
            self.resume()
            self._process.terminate()
            try:
                self._process.wait(START_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
