"""What the scenarios of shipping share: the service on the host, the agent installed from its package in the guest, and a publisher on the host."""

import json
import shutil
import socket
import time
from pathlib import Path

from harness import disks, programs
from harness.machine import BOOT_SECONDS, Machine
from harness.publisher import RULES, Publisher
from harness.service import Service

STATE = "/var/lib/edge-agent"
_SETTINGS = "/etc/edge-agent"
_MQTT_PORT = 8883
_STATE_BYTES = "192M"

# On an emulated processor unpacking is slow.
_INSTALL_SECONDS = 900


def add_options(parser):
    parser.add_argument("--package", type=Path, help="the agent's Debian package; made from the sources without it")
    parser.add_argument("--service", type=Path, help="the ingestion service's program; made from the sources without it")


class Site:
    """
    A disk for the root and one for what the agent keeps, both of the given kind, and one with packages of the agent, of which the first is installed first. The service is
    made from the sources where none is named. Ends all that it started.
    """

    def __init__(self, image: Path, service: Path | None, packages: list[Path], kind, folder: Path):
        self._packages = packages
        self.service = Service(service or programs.build_service(), folder)
        self.root = disks.copy(image / "root.ext4", folder / "root.ext4")
        self.state = disks.formatted(folder / "state.ext4", _STATE_BYTES, "state")
        attached = [kind(self.root), disks.Pristine(_disk_with(packages, folder / "packages"), readonly=True), kind(self.state)]
        self.guest = Machine(image, attached, folder, "state=/dev/vdc")
        self.publisher = None
        self._port = _free_port()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.publisher is not None:
            self.publisher.stop()
        self.guest.stop()
        self.service.stop()

    def boot(self) -> float:
        """The time it took. Publishers find their way in from then on."""
        seconds = self.guest.start()
        self.guest.forward(self._port, _MQTT_PORT)
        return seconds

    def install(self):
        """As a technician does it: the package, the configuration, the certificate."""
        self.install_package(self._packages[0])
        self.configure(self.configuration())
        self.enrol()

    def install_package(self, package: Path):
        self.guest.run(f"dpkg --install /agent/{package.name}", _INSTALL_SECONDS)

    def configure(self, configuration: dict):
        for name in ("ca.crt", "server.crt", "server.key"):
            self.guest.write_file(f"{_SETTINGS}/{name}", (self.service.authority / name).read_bytes())
        self.guest.write_file(f"{_SETTINGS}/agent.json", json.dumps(configuration, indent=2).encode())
        self.guest.run(f"chgrp edge-agent {_SETTINGS}/server.key; chmod 640 {_SETTINGS}/server.key; edge-agent config check")

    def enrol(self):
        self.guest.run(f"edge-agent enroll --token - <<<'{self.service.token()}'")

    def publish(self, rate: int, feed: str = "feed") -> Publisher:
        """Messages a second, until it is told to finish. Each feed has a name of its own."""
        self.publisher = Publisher(self.service.authority / "ca.crt", rate, self._port, feed)
        return self.publisher

    def settings(self) -> dict:
        """Where the cloud is, and what all scenarios have in common."""
        return {
            "cloud": {
                "endpoint": self.service.endpoint, "serverName": "localhost", "ca": "ca.crt",
                # The service comes and goes, and nobody wants to wait for it.
                "backoffFirst": "200ms", "backoffLast": "2s", "connectTimeout": "20s", "receiptTimeout": "20s",
            },
            # Nobody keeps the guest's clock, and it is the host's.
            "clock": {"trust": "always"},
            "batch": {"maximumAge": "1s"},
        }

    def configuration(self) -> dict:
        """MQTT from outside, chips that are modelled, the guest's own health."""
        return self.settings() | {
            "mqtt": [{"listen": f"mqtts://0.0.0.0:{_MQTT_PORT}", "certificate": "server.crt", "key": "server.key", "anonymous": True, "rules": RULES}],
            "i2c": [{"bus": "simulated", "sensors": [{"chip": "sht3x", "series": "room", "interval": "500ms"}]}],
            "host": {"series": "host", "what": ["cpu", "memory", "uptime"], "interval": "1s"},
        }

    def troubles(self, beyond: int) -> list[str]:
        """What keeps the agent from being back after a start: it has to acknowledge more than it had, and to run, and the file systems must have nothing to complain about."""
        end = time.monotonic() + BOOT_SECONDS
        troubles = [] if self.publisher.wait_for(beyond + 1, BOOT_SECONDS) else ["nothing is acknowledged"]
        # The unit is told that it is ready a little later than messages are acknowledged.
        while (state := self.guest.attempt("systemctl is-active edge-agent")[1]) != "active" and time.monotonic() < end:
            time.sleep(1)
        if state != "active":
            troubles.append(f"the unit is {state}")
        errors = self.guest.run("cat /sys/fs/ext4/vda/errors_count /sys/fs/ext4/vdc/errors_count").split()
        if errors != ["0", "0"]:
            troubles.append(f"errors in the file systems: {errors}")
        return troubles


def merged(configuration: dict, parts) -> dict:
    """With what each part of the sensors has for it; the lists of all, one after another."""
    configuration = dict(configuration)
    for part in parts:
        for section, content in part.configuration().items():
            configuration[section] = configuration.get(section, []) + content if isinstance(content, list) else content
    return configuration


def _disk_with(packages: list[Path], folder: Path) -> Path:
    folder.mkdir()
    for package in packages:
        shutil.copy(package, folder)
    return programs.disk_of(folder)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
