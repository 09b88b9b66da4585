"""
Runs a scenario in the virtual machine. tests/vm/run.sh calls it with the image's folder; README.md says what it prints.
"""

import argparse
import json
import signal
import sys
import time
from pathlib import Path

from harness.checks import Checks
from harness.machine import GuestError
from scenarios import SCENARIOS


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("image", type=Path)
    scenarios = arguments.add_subparsers(dest="scenario", required=True)
    for name, scenario in SCENARIOS.items():
        parser = scenarios.add_parser(name)
        parser.add_argument("--json", action="store_true", help="ends with one line of JSON that names each check")
        scenario.add_options(parser)
    chosen = arguments.parse_args()
    # Whoever ends the run ends what it started: guest, disks, service and publisher are closed on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    checks, figures = Checks(), {}
    begun = time.monotonic()
    try:
        figures = SCENARIOS[chosen.scenario].run(chosen.image, chosen, checks)
    except GuestError as error:
        checks.broke("the virtual machine", error)
    figures |= {
        "scenario": chosen.scenario, "checked": len(checks.results), "failed": checks.failed, "seconds": round(time.monotonic() - begun)}
    if chosen.json:
        print(json.dumps({**figures, "checks": checks.results}))
    else:
        for name, value in figures.items():
            print(f"{name}: {value}")
    return 1 if checks.failed or not checks.results else 0


if __name__ == "__main__":
    sys.exit(main())
