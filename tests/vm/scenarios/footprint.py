"""
Scenario "footprint": what the installed agent costs a small machine, under the unit that is shipped and its memory limit. Sizes, bytes and counts are true; times and processor
times are an emulated processor's where the accelerator is tcg, ten times those of a real one and more.
"""

import sqlite3
import tempfile
import time
from pathlib import Path

from harness import programs
from harness.checks import Checks
from harness.disks import Kept
from harness.stored import judge

from . import site
from .process import Usage, read_usage
from .site import Site

_DAY_SECONDS = 86_400
_ARRIVAL_SECONDS = 240
# A message of the publisher has two values.
_READINGS_A_MESSAGE = 2


def add_options(parser):
    site.add_options(parser)
    parser.add_argument("--idle", type=int, default=180, help="seconds of which a day is extrapolated")
    parser.add_argument("--load", type=int, default=60, help="seconds of each load")
    parser.add_argument("--offline", type=int, default=144_000, help="readings of the day offline: 100 sensors that are read once a minute")


def run(image: Path, chosen, checks: Checks) -> dict:
    package = chosen.package or programs.agent_package()
    with tempfile.TemporaryDirectory(prefix="edge-agent-vm-") as folder, Site(image, chosen.service, [package], Kept, Path(folder)) as place:
        return _Footprint(place, chosen, checks).run()


class _Footprint:
    def __init__(self, place: Site, chosen, checks: Checks):
        self._site, self._guest, self._chosen, self._checks = place, place.guest, chosen, checks
        self._figures = {}

    def run(self) -> dict:
        self._site.service.start()
        self._site.boot()
        self._site.install()
        self._figures["accelerator"] = self._guest.accelerator
        self._figures["file_bytes"] = int(self._guest.run("stat --dereference --format=%s /usr/bin/edge-agent"))
        self._start()
        self._idle()
        for readings in (100, 1_000):
            self._load(readings)
        self._offline()
        usage = self._usage()
        self._figures |= {"memory_limit_bytes": usage.memory_limit, "memory_peak_bytes": usage.memory_peak}
        self._checks.equal("the unit's memory limit was enough", 0, usage.out_of_memory)
        return self._figures

    def _start(self):
        """A sensor that is read ten times a second, so that its turn is soon."""
        self._run_with(self._configuration(sensor="100ms", batch="100ms"))
        started = int(self._guest.run("date --date=\"$(systemctl show edge-agent --property=ExecMainStartTimestamp --value --timestamp=us+utc)\" +%s%N"))
        end = time.monotonic() + _ARRIVAL_SECONDS
        while (first := self._first_reading_since(started)) is None and time.monotonic() < end:
            time.sleep(0.02)
        # The guest's clock is not the host's.
        received = int(self._guest.run("date +%s%N"))
        self._checks.equal("a reading arrives after a start", True, first is not None)
        self._figures["start_to_first_reading_seconds"] = round((first - started) / 1e9, 2) if first else None
        self._figures["start_to_first_receipt_seconds"] = round((received - started) / 1e9, 2)

    def _idle(self):
        """As a cabinet with a few sensors: one chip every 10 s, the machine's health every minute, a record a minute."""
        self._run_with(self._configuration(sensor="10s", batch="60s"))
        # What a start does is not part of being idle.
        time.sleep(30)
        before, begun = self._usage(), time.monotonic()
        time.sleep(self._chosen.idle)
        after, seconds = self._usage(), time.monotonic() - begun
        self._figures |= {
            "idle_seconds": round(seconds), "idle_rss_bytes": after.rss,
            "idle_cpu_percent": round(100 * (after.cpu_seconds - before.cpu_seconds) / seconds, 2),
            "idle_wakeups_a_second": round((after.switches - before.switches) / seconds, 2),
            "idle_flash_bytes_a_day": round((after.bytes_written - before.bytes_written) * _DAY_SECONDS / seconds),
        }

    def _load(self, readings: int):
        publisher = self._site.publish(readings // _READINGS_A_MESSAGE, f"at{readings}")
        self._checks.equal(f"at {readings} readings/s: messages pass", True, publisher.wait_for(1, _ARRIVAL_SECONDS))
        before, acknowledged, begun = self._usage(), len(publisher.acknowledged), time.monotonic()
        time.sleep(self._chosen.load)
        after, seconds = self._usage(), time.monotonic() - begun
        self._figures |= {
            f"at_{readings}_readings_a_second": round((len(publisher.acknowledged) - acknowledged) * _READINGS_A_MESSAGE / seconds),
            f"at_{readings}_rss_bytes": after.rss,
            f"at_{readings}_cpu_percent": round(100 * (after.cpu_seconds - before.cpu_seconds) / seconds, 1),
        }
        self._finish(f"at {readings} readings/s")

    def _offline(self):
        """The cloud hangs while the readings of a day come in within minutes; then it takes them."""
        self._site.service.pause()
        begun = time.monotonic()
        publisher = self._site.publish(1_000 // _READINGS_A_MESSAGE, "offline")
        wanted = self._chosen.offline // _READINGS_A_MESSAGE
        self._checks.equal("offline: the readings of a day are acknowledged", True, publisher.wait_for(wanted, 20 * _ARRIVAL_SECONDS))
        self._figures |= {"offline_seconds": round(time.monotonic() - begun), "offline_rss_bytes": self._usage().rss}
        self._site.service.resume()
        begun = time.monotonic()
        self._finish("offline")
        self._figures |= {"drained_seconds": round(time.monotonic() - begun, 1), "drained_rss_bytes": self._usage().rss}

    def _finish(self, name: str):
        """The publisher ends, and all that it knows to be acknowledged is stored."""
        publisher = self._site.publisher
        self._checks.equal(f"{name}: everything that was sent is acknowledged", True, publisher.finish(_ARRIVAL_SECONDS))
        self._checks.arrives(f"{name}: acknowledged messages that are not stored", 0, lambda: judge(self._site.service.database, publisher).lost, _ARRIVAL_SECONDS)

    def _run_with(self, configuration: dict):
        self._site.configure(configuration)
        self._guest.run("systemctl restart edge-agent")

    def _configuration(self, sensor: str, batch: str) -> dict:
        return self._site.configuration() | {
            "batch": {"maximumAge": batch},
            "i2c": [{"bus": "simulated", "sensors": [{"chip": "sht3x", "series": "room", "interval": sensor}]}],
            "host": {"series": "host", "interval": "60s"},
        }

    def _usage(self) -> Usage:
        return read_usage(self._guest)

    def _first_reading_since(self, nanoseconds: int) -> int | None:
        rows = sqlite3.connect(f"file:{self._site.service.database}?mode=ro", uri=True)
        try:
            return rows.execute(
                "SELECT min(r.time_ns) FROM readings r JOIN series s ON s.id = r.series_id WHERE s.name LIKE 'room/%' AND r.time_ns >= ?",
                (nanoseconds,)).fetchone()[0]
        finally:
            rows.close()
