"""
Scenario "powercut": the plug is pulled at random moments while messages and readings come in. At the end everything is looked for in the service's database, by value.
"""

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from harness import programs
from harness.checks import Checks
from harness.disks import Forgetful
from harness.stored import Verdict, judge

from . import faults, site
from .site import STATE, Site

# From the first message that a start of the agent has acknowledged to the pulled plug.
_LONGEST_WORK = 8
_DRAIN_SECONDS = 240
# The agent has to say that the disk takes what it writes, and lie: a system call that is not made and succeeds.
_WITHOUT_SYNC = "[Service]\nSystemCallFilter=\nSystemCallFilter=~fsync:0 fdatasync:0 sync_file_range:0 syncfs:0\n"


def add_options(parser):
    site.add_options(parser)
    parser.add_argument("--rounds", type=int, default=5, help="how often the plug is pulled")
    parser.add_argument("--rate", type=int, default=50, help="messages a second")
    parser.add_argument("--fault", choices=("none", *faults.FAULTS), default="none", help="what else happens to the agent's disk before the plug is pulled")
    parser.add_argument("--seed", type=int, default=None, help="chooses the moments; by chance without it, and told")
    parser.add_argument("--control", action="store_true", help="the agent's calls of fsync do nothing: what is acknowledged must then be lost")


def run(image: Path, chosen, checks: Checks) -> dict:
    seed = random.randrange(1 << 31) if chosen.seed is None else chosen.seed
    package = chosen.package or programs.agent_package()
    with tempfile.TemporaryDirectory(prefix="edge-agent-vm-") as folder, Site(image, chosen.service, [package], Forgetful, Path(folder)) as place:
        return _Powercut(place, chosen, checks, random.Random(seed)).run() | {"seed": seed}


class _Powercut:
    def __init__(self, site: Site, chosen, checks: Checks, moments: random.Random):
        self._site, self._chosen, self._checks, self._random = site, chosen, checks, moments
        self._fault = faults.FAULTS[chosen.fault](site.guest) if chosen.fault != "none" else None
        self._boots = 0
        self._without_repair = 0

    def run(self) -> dict:
        site = self._site
        site.service.start()
        boot_seconds = self._boot()
        site.install()
        self._prove_disk()
        site.publish(self._chosen.rate)
        self._checks.equal("the agent starts with the machine, and acknowledges", [], site.troubles(0))
        begun = time.monotonic()
        for number in range(self._chosen.rounds):
            self._round(number)
        a_round = (time.monotonic() - begun) / max(self._chosen.rounds, 1)
        verdict = self._drain()
        self._judge(verdict)
        return {
            "rounds": self._chosen.rounds, "acknowledged": verdict.acknowledged, "lost": verdict.lost, "duplicated": verdict.duplicated,
            "boots_without_repair": self._without_repair, "boots": self._boots, "fault": self._chosen.fault, "control": self._chosen.control,
            "wrong": verdict.wrong, "stored_again": verdict.stored_again, "sent_again": len(site.publisher.sent_again),
            "sensor_readings": verdict.sensor_readings, "sensor_duplicates": verdict.sensor_duplicates, "told_lost": verdict.told_lost,
            "seconds_a_round": round(a_round, 1), "boot_seconds": round(boot_seconds, 1), "accelerator": site.guest.accelerator,
        }

    def _boot(self) -> float:
        self._boots += 1
        return self._site.boot()

    def _prove_disk(self):
        """
        The disk keeps what is flushed and forgets what is only written; else all that follows would prove nothing. The agent does not run meanwhile: what it flushes is the
        disk's whole cache.
        """
        guest = self._site.guest
        if self._chosen.control:
            guest.write_file("/etc/systemd/system/edge-agent.service.d/control.conf", _WITHOUT_SYNC.encode())
        guest.run("systemctl stop edge-agent; sync")
        guest.run(f"""cd {STATE}
            dd if=/dev/zero of=proof bs=4096 count=2; sync
            tr '\\0' f </dev/zero | dd of=proof bs=4096 count=1 iflag=fullblock conv=notrunc,fdatasync
            tr '\\0' w </dev/zero | dd of=proof bs=4096 count=1 iflag=fullblock seek=1 oflag=direct conv=notrunc""")
        guest.pull_plug()
        self._boot()
        seen = guest.run(f"head -c 1 {STATE}/proof; tail -c 1 {STATE}/proof | tr '\\0' -; rm {STATE}/proof")
        self._checks.equal("the disk keeps what was flushed, and forgets what was only written", "f-", seen)

    def _round(self, number: int):
        site, begun = self._site, time.monotonic()
        # What the cloud has cannot be lost any more: in every other round it is not there, and two power cuts may come before it is.
        is_away = self._fault is None and number % 2 == 0
        (site.service.pause if is_away else site.service.resume)()
        time.sleep(self._random.uniform(0, _LONGEST_WORK))
        if self._fault is not None:
            self._fault.begin()
            time.sleep(self._random.uniform(0, _LONGEST_WORK))
            if number % 2 == 1:
                self._fault.end()
                time.sleep(self._random.uniform(0, 1))
        site.guest.pull_plug()
        if self._random.randrange(4) == 0:
            # Also while it starts: recovery is work, too.
            self._boot()
            time.sleep(self._random.uniform(0, 4))
            site.guest.pull_plug()
        acknowledged = len(site.publisher.acknowledged)
        boot_seconds = self._boot()
        if self._fault is not None:
            self._fault.end()
        troubles = site.troubles(acknowledged)
        self._without_repair += not troubles
        if troubles:
            print(site.guest.attempt("systemctl status edge-agent --no-pager; journalctl --no-pager --lines 40; mount; df")[1], file=sys.stderr)
        print(
            f"round {number + 1}: {time.monotonic() - begun:.1f} s, boot {boot_seconds:.1f} s, {len(site.publisher.acknowledged)} acknowledged"
            f"{', cloud away' if is_away else ''}{''.join(f', {trouble}' for trouble in troubles)}", file=sys.stderr, flush=True)

    def _drain(self) -> Verdict:
        """Until all that was sent is acknowledged, and all that was acknowledged or read is in the database; then the machine is shut down."""
        site = self._site
        site.service.resume()
        is_finished = site.publisher.finish(_DRAIN_SECONDS)
        self._checks.equal("everything that was sent is acknowledged in the end", True, is_finished)
        end = time.monotonic() + _DRAIN_SECONDS
        # With the control losses are expected, and do not go away by waiting.
        while judge(site.service.database, site.publisher).lost > 0 and time.monotonic() < end and not self._chosen.control:
            time.sleep(1)
        if not self._chosen.control and judge(site.service.database, site.publisher).lost > 0:
            # Where it is instead: still on the device, or nowhere.
            print(site.guest.attempt("edge-agent spool stat; edge-agent status; journalctl --unit edge-agent --no-pager --lines 80")[1], file=sys.stderr, flush=True)
        # Stopping drains what sensors have read.
        site.guest.run("systemctl stop edge-agent")
        site.guest.shut_down()
        verdict = judge(site.service.database, site.publisher)
        for name, disk in (("root", site.root), ("state", site.state)):
            checked = subprocess.run(["e2fsck", "-f", "-n", disk], capture_output=True, text=True, check=False)
            self._checks.equal(f"the file system of the {name} is sound", 0, checked.returncode)
        return verdict

    def _judge(self, verdict: Verdict):
        for example in verdict.examples:
            print(example, file=sys.stderr)
        checks = self._checks
        if self._chosen.control:
            checks.at_least("control: without fsync, acknowledged messages are lost", 1, verdict.lost)
            return
        checks.equal("starts after a pulled plug, none of which needed a hand", self._chosen.rounds, self._without_repair)
        checks.at_least("messages were acknowledged", 1, verdict.acknowledged)
        checks.equal("messages lost, duplicated, wrong", (0, 0, 0), (verdict.lost, verdict.duplicated, verdict.wrong))
        checks.at_least("sensors were read", 1, verdict.sensor_readings)
        checks.equal("readings of sensors stored twice", 0, verdict.sensor_duplicates)
