"""Scenario "sensors": readings of real kernel drivers reach the service. Its parts are in the folder sensors."""

import json
import sys
import tempfile
from pathlib import Path

from harness import programs
from harness.checks import Checks
from harness.disks import Pristine
from harness.machine import GuestError, Machine
from harness.run import Run
from harness.service import DEVICE, Service
from sensors import parts as make_parts

from . import settings, site


def add_options(parser):
    site.add_options(parser)


def run(image: Path, chosen, checks: Checks) -> dict:
    figures = {}
    service_program = programs.build_service()
    agent_disk = programs.agent_disk(chosen.package or programs.agent_package())
    with tempfile.TemporaryDirectory(prefix="edge-agent-vm-") as folder:
        guest = Machine(image, [Pristine(image / "root.ext4"), Pristine(agent_disk, readonly=True)], Path(folder))
        service = Service(service_program, Path(folder))
        try:
            service.start()
            figures["bootSeconds"] = round(guest.start(), 1)
            figures["accelerator"] = guest.accelerator
            parts = make_parts(guest)
            for part in parts:
                part.prepare()
            _install(guest, service, settings.merged(_configuration(service), parts))
            guest.run("systemctl start edge-agent")
            for part in parts:
                try:
                    part.check(Run(guest, service, checks))
                except GuestError as error:
                    checks.broke(f"{part.name}: to its end", error)
            _stop_agent(guest, service, checks)
        finally:
            guest.stop()
            service.stop()
    return figures


def _configuration(service: Service) -> dict:
    return {
        "cloud": {
            "endpoint": service.endpoint, "serverName": "localhost",
            "ca": "ca.crt", "certificate": "device.crt", "key": "device.key",
        },
        **settings.COMMON,
    }


def _install(guest: Machine, service: Service, configuration: dict):
    folder = "/etc/edge-agent"
    for name, file in (("ca.crt", "ca.crt"), ("device.crt", f"device-{DEVICE}.crt"), ("device.key", f"device-{DEVICE}.key")):
        guest.write_file(f"{folder}/{name}", (service.authority / file).read_bytes())
    guest.write_file(f"{folder}/agent.json", json.dumps(configuration, indent=2).encode())
    guest.run("/agent/edge-agent config check --config /etc/edge-agent/agent.json")


def _stop_agent(guest: Machine, service: Service, checks: Checks):
    """Nothing was lost on the way, and the agent ends by itself."""
    guest.run("systemctl stop edge-agent")
    checks.equal("agent: ended as it should", "success", guest.run("systemctl show edge-agent --property=Result --value"))
    summary = service.ask("/api/summary")
    checks.equal("agent: readings lost", 0, summary["readingsLost"])
    checks.equal("agent: gaps in what arrived", 0, summary["gaps"])
    if checks.failed:
        print(guest.attempt("journalctl --unit edge-agent --no-pager --lines 60")[1], file=sys.stderr)
