"""
Runs a scenario in the virtual machine. tests/vm/run.sh calls it with the image's folder; README.md says what it prints.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

import sensors
from harness import programs
from harness.checks import Checks
from harness.machine import GuestError, Machine
from harness.run import Run
from harness.service import DEVICE, Service

SCENARIOS = {"sensors": sensors.parts}


def merged(parts, service: Service) -> dict:
    """The agent's configuration: the lists of all parts, one after another."""
    configuration = {
        "cloud": {
            "endpoint": service.endpoint, "serverName": "localhost",
            "ca": "ca.crt", "certificate": "device.crt", "key": "device.key",
        },
        # Nobody keeps the guest's clock, and it is the host's.
        "clock": {"trust": "always"},
        "batch": {"maximumAge": "1s"},
    }
    for part in parts:
        for section, content in part.configuration().items():
            configuration[section] = configuration.get(section, []) + content if isinstance(content, list) else content
    return configuration


def install(guest: Machine, service: Service, configuration: dict):
    folder = "/etc/edge-agent"
    for name, file in (("ca.crt", "ca.crt"), ("device.crt", f"device-{DEVICE}.crt"), ("device.key", f"device-{DEVICE}.key")):
        guest.write_file(f"{folder}/{name}", (service.authority / file).read_bytes())
    guest.write_file(f"{folder}/agent.json", json.dumps(configuration, indent=2).encode())
    guest.run("/agent/edge-agent config check --config /etc/edge-agent/agent.json")


def run(make_parts, image: Path, checks: Checks) -> dict:
    figures = {}
    service_program = programs.build_service()
    agent_disk = programs.publish_agent_disk()
    with tempfile.TemporaryDirectory(prefix="edge-agent-vm-") as folder:
        guest = Machine(image, agent_disk, Path(folder))
        service = Service(service_program, Path(folder))
        try:
            service.start()
            figures["bootSeconds"] = round(guest.start(), 1)
            figures["accelerator"] = guest.accelerator
            parts = make_parts(guest)
            for part in parts:
                part.prepare()
            install(guest, service, merged(parts, service))
            guest.run("systemctl start edge-agent")
            for part in parts:
                try:
                    part.check(Run(guest, service, checks))
                except GuestError as error:
                    checks.broke(f"{part.name}: to its end", error)
            stop_agent(guest, service, checks)
        except GuestError as error:
            checks.broke("the virtual machine", error)
        finally:
            guest.stop()
            service.stop()
    return figures


def stop_agent(guest: Machine, service: Service, checks: Checks):
    """Nothing was lost on the way, and the agent ends by itself."""
    guest.run("systemctl stop edge-agent")
    checks.equal("agent: ended as it should", "success", guest.run("systemctl show edge-agent --property=Result --value"))
    summary = service.ask("/api/summary")
    checks.equal("agent: readings lost", 0, summary["readingsLost"])
    checks.equal("agent: gaps in what arrived", 0, summary["gaps"])
    if checks.failed:
        print(guest.attempt("journalctl --unit edge-agent --no-pager --lines 60")[1], file=sys.stderr)


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("image", type=Path)
    arguments.add_argument("scenario", choices=SCENARIOS)
    arguments.add_argument("--json", action="store_true", help="ends with one line of JSON that names each check")
    chosen = arguments.parse_args()
    checks = Checks()
    begun = time.monotonic()
    figures = run(SCENARIOS[chosen.scenario], chosen.image, checks)
    figures = {"scenario": chosen.scenario, "checked": len(checks.results), "failed": checks.failed,
               "seconds": round(time.monotonic() - begun), **figures}
    print(json.dumps({**figures, "checks": checks.results}) if chosen.json else
          f"{chosen.scenario}: {figures['checked']} checked, {figures['failed']} failed")
    return 1 if checks.failed or not checks.results else 0


if __name__ == "__main__":
    sys.exit(main())
