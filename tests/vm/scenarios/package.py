"""
Scenario "package": the life of an installed agent on a bare Debian, from dpkg --install to dpkg --purge, under the unit that is shipped. Messages come in all the time, and at the
end every acknowledged one has to be in the service's database.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from harness import programs
from harness.checks import Checks
from harness.disks import Kept
from harness.machine import GuestError
from harness.run import Run
from harness.stored import judge
from harness.stub import StubBus
from sensors.smbus import Smbus

from . import site
from .site import STATE, Site

_RATE = 20
# Far above any real one.
_NEXT_VERSION = "99.0.0"
# Of the test: the unit's own minute would be waited for.
_WATCHDOG_SECONDS = 20
_WATCHDOG_FIRES_SECONDS = 300
# Less than .NET starts with.
_TOO_LITTLE_MEMORY = "12M"
_SETTLE_SECONDS = 240
# Each of its checks has two minutes.
_DOCTOR_SECONDS = 300


def add_options(parser):
    site.add_options(parser)


def run(image: Path, chosen, checks: Checks) -> dict:
    package = chosen.package or programs.agent_package()
    with tempfile.TemporaryDirectory(prefix="edge-agent-vm-") as folder:
        packages = [package, _with_version(package, _NEXT_VERSION, Path(folder))]
        with Site(image, chosen.service, packages, Kept, Path(folder)) as place:
            return _Package(place, packages, checks).run()


def _with_version(package: Path, version: str, folder: Path) -> Path:
    """The same package under a higher version."""
    content, made = folder / "next", folder / f"edge-agent_{version}_amd64.deb"
    subprocess.run(["dpkg-deb", "--raw-extract", package, content], check=True)
    control = content / "DEBIAN" / "control"
    control.write_text("".join(
        f"Version: {version}\n" if line.startswith("Version:") else line for line in control.read_text().splitlines(keepends=True)))
    subprocess.run(["dpkg-deb", "-Zgzip", "-z1", "--root-owner-group", "--build", content, made], check=True, capture_output=True)
    return made


class _Package:
    def __init__(self, place: Site, packages: list[Path], checks: Checks):
        self._site, self._guest, self._checks = place, place.guest, checks
        self._first, self._next = packages
        self._chips = None

    def run(self) -> dict:
        self._site.service.start()
        figures = {"boot_seconds": round(self._site.boot(), 1), "accelerator": self._guest.accelerator}
        self._install()
        for step in (self._sensors, self._commands, self._reload, self._reboot, self._upgrade, self._watchdog, self._memory, self._stop):
            try:
                step()
            except GuestError as error:
                self._checks.broke(f"{step.__name__.strip('_')}: to its end", error)
        if self._checks.failed:
            print(self._guest.attempt("journalctl --unit edge-agent --no-pager --lines 80; systemctl cat edge-agent --no-pager")[1], file=sys.stderr)
        self._purge()
        return figures

    def _install(self):
        """On a machine that has never seen it, with the configuration that comes in the package; then its own, and its certificate."""
        guest, place = self._guest, self._site
        guest.run("! id edge-agent")
        place.install_package(self._first)
        self._checks.arrives("install: the agent runs with the configuration of the package", "active", self._state, _SETTLE_SECONDS)
        self._checks.equal("install: it starts with the machine", "enabled", guest.run("systemctl is-enabled edge-agent"))
        self._checks.equal("install: it is nobody's but its own user's", "edge-agent", guest.run(
            "stat --format=%U /proc/$(systemctl show edge-agent --property=MainPID --value)"))
        self._chips = Smbus(StubBus(guest, Smbus.addresses))
        self._chips.prepare()
        place.configure(site.merged(place.configuration(), [self._chips]))
        place.enrol()
        self._checks.equal("install: what root enrolled is the agent's", "edge-agent", guest.run(f"stat --format=%U {STATE}/identity/* | sort --unique"))
        guest.run("systemctl restart edge-agent")
        place.publish(_RATE)
        self._comes_back("install: the agent is enrolled, and acknowledges")

    def _sensors(self):
        """Chips on a bus of the kernel's; the scenario "sensors" has all the others."""
        self._chips.check(Run(self._guest, self._site.service, self._checks))

    def _reboot(self):
        self._guest.shut_down()
        self._site.boot()
        self._comes_back("reboot: the agent starts with the machine")

    def _upgrade(self):
        before, settings_before = self._process(), self._guest.run("find /etc/edge-agent -type f -exec sha256sum {} + | sort")
        self._site.install_package(self._next)
        self._checks.equal("upgrade: dpkg has the new version", f"install ok installed {_NEXT_VERSION}", self._guest.run(
            "dpkg-query --show --showformat='${Status} ${Version}' edge-agent"))
        self._checks.equal("upgrade: the new program runs", True, self._process() not in (before, "0"))
        self._checks.equal("upgrade: what was set is kept", settings_before, self._guest.run("find /etc/edge-agent -type f -exec sha256sum {} + | sort"))
        self._comes_back("upgrade: the agent goes on")

    def _commands(self):
        self._checks.arrives(
            "status: acknowledged by the cloud", "a number of seconds", self._acknowledged_seconds_ago, is_right=lambda seen: isinstance(seen, (int, float)))
        # 0 is pass or warn.
        code, said = self._guest.attempt("edge-agent doctor", _DOCTOR_SECONDS)
        self._checks.equal("doctor: nothing fails", 0, code)
        if code != 0:
            print(said, file=sys.stderr)

    def _reload(self):
        before = self._process()
        self._guest.run("systemctl reload edge-agent")
        # The unit is "reloading" until the agent has told how it went.
        self._checks.arrives("reload: the same process goes on", (before, "active"), lambda: (self._process(), self._state()))

    def _watchdog(self):
        """The writer is stopped on purpose: the file system takes no more, and what writes to it waits in the kernel."""
        guest = self._guest
        guest.write_file("/run/systemd/system/edge-agent.service.d/watchdog.conf", f"[Service]\nWatchdogSec={_WATCHDOG_SECONDS}s\n".encode())
        guest.run("systemctl daemon-reload; systemctl restart edge-agent")
        self._comes_back("watchdog: the agent runs under a shorter one")
        guest.run(f"fsfreeze --freeze {STATE}")
        try:
            self._checks.arrives(
                "watchdog: it fires when the writer is stopped", True,
                lambda: self._journal_says("Watchdog timeout"), _WATCHDOG_FIRES_SECONDS)
        finally:
            guest.run(f"fsfreeze --unfreeze {STATE}")
        self._comes_back("watchdog: the agent comes back by itself")
        guest.run("rm -r /run/systemd/system/edge-agent.service.d; systemctl daemon-reload; systemctl restart edge-agent")
        self._comes_back("watchdog: the agent runs under its own one")

    def _memory(self):
        guest = self._guest
        group = "/sys/fs/cgroup/$(systemctl show edge-agent --property=ControlGroup --value)"
        events = guest.run(f"sed -n 's/^oom_kill //p' {group}/memory.events")
        self._checks.equal("memory: enough within the unit's limit", ("0", True), (events, guest.run(f"cat {group}/memory.max") != "max"))
        guest.run(f"systemctl set-property --runtime edge-agent MemoryHigh=infinity MemoryMax={_TOO_LITTLE_MEMORY}")
        self._checks.arrives("memory: the kernel holds the limit", True, lambda: self._journal_says("oom-kill"), _SETTLE_SECONDS)
        guest.run("rm -r /run/systemd/system.control/edge-agent.service.d; systemctl daemon-reload")
        self._comes_back("memory: the agent comes back by itself")

    def _stop(self):
        place = self._site
        self._checks.equal("stop: everything that was sent is acknowledged", True, place.publisher.finish(_SETTLE_SECONDS))
        self._guest.run("systemctl stop edge-agent")
        self._checks.equal("stop: the agent ended as it should", "success", self._guest.run("systemctl show edge-agent --property=Result --value"))
        verdict = judge(place.service.database, place.publisher)
        for example in verdict.examples:
            print(example, file=sys.stderr)
        self._checks.at_least("messages were acknowledged", 1, verdict.acknowledged)
        self._checks.equal("messages lost, duplicated, wrong", (0, 0, 0), (verdict.lost, verdict.duplicated, verdict.wrong))
        self._checks.equal("readings of sensors stored twice", 0, verdict.sensor_duplicates)

    def _purge(self):
        """The state moves from its own disk to the root's before, since nobody can remove what is mounted."""
        guest = self._guest
        guest.run(f"""systemctl stop edge-agent
            rm -rf {STATE}/lost+found; cp -a {STATE} /root/state; umount {STATE}; cp -a /root/state/. {STATE}; rm -r /root/state""")
        guest.run("dpkg --purge edge-agent")
        self._checks.equal("purge: nothing is left", "", guest.run(
            "find / /run -xdev \\( -path /agent -o -path /proc -o -path /sys -o -path /run/systemd/units \\) -prune -o -name '*edge-agent*' -print"))
        self._checks.equal("purge: its user is gone", 2, guest.attempt("getent passwd edge-agent")[0])

    def _comes_back(self, name: str):
        self._checks.equal(name, [], self._site.troubles(len(self._site.publisher.acknowledged)))

    def _acknowledged_seconds_ago(self):
        """As the agent tells it; or what the command said instead."""
        said = self._guest.attempt("edge-agent status --json")[1]
        try:
            return json.loads(said)["uplink"]["acknowledgedSecondsAgo"]
        except (ValueError, KeyError):
            return said

    def _journal_says(self, words: str) -> bool:
        return self._guest.attempt(f"journalctl --unit edge-agent --no-pager | grep --quiet '{words}'")[0] == 0

    def _state(self) -> str:
        return self._guest.attempt("systemctl is-active edge-agent")[1]

    def _process(self) -> str:
        return self._guest.run("systemctl show edge-agent --property=MainPID --value")
