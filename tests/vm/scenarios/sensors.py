"""Scenario "sensors": readings of real kernel drivers reach the service, from an installed agent under the unit that is shipped. Its parts are in the folder sensors."""

import sys
import tempfile
from pathlib import Path

from harness import programs
from harness.checks import Checks
from harness.disks import Kept
from harness.machine import GuestError
from harness.run import Run
from sensors import parts as make_parts

from . import site
from .site import Site


def add_options(parser):
    site.add_options(parser)


def run(image: Path, chosen, checks: Checks) -> dict:
    package = chosen.package or programs.agent_package()
    with tempfile.TemporaryDirectory(prefix="edge-agent-vm-") as folder, Site(image, chosen.service, [package], Kept, Path(folder)) as place:
        place.service.start()
        figures = {"bootSeconds": round(place.boot(), 1), "accelerator": place.guest.accelerator}
        place.install_package(package)
        parts = make_parts(place.guest)
        for part in parts:
            part.prepare()
        place.configure(site.merged(place.settings(), parts))
        place.enrol()
        place.guest.run("systemctl restart edge-agent")
        for part in parts:
            try:
                part.check(Run(place.guest, place.service, checks))
            except GuestError as error:
                checks.broke(f"{part.name}: to its end", error)
        _stop_agent(place, checks)
        return figures


def _stop_agent(place: Site, checks: Checks):
    """Nothing was lost on the way, and the agent ends by itself."""
    place.guest.run("systemctl stop edge-agent")
    checks.equal("agent: ended as it should", "success", place.guest.run("systemctl show edge-agent --property=Result --value"))
    summary = place.service.ask("/api/summary")
    checks.equal("agent: readings lost", 0, summary["readingsLost"])
    checks.equal("agent: gaps in what arrived", 0, summary["gaps"])
    if checks.failed:
        print(place.guest.attempt("journalctl --unit edge-agent --no-pager --lines 60")[1], file=sys.stderr)
