"""What `edge-agent scan` and `read` say of hardware that is in use by the agent and by the kernel at the same time."""

import json

from chips import bme280
from harness.run import Run

from .kernel_drivers import KernelDrivers, THERMOMETER
from .smbus import BME280, LM75, MCP9808, RAW


class Scan:
    name = "scan"

    def __init__(self, guest, stub):
        self._guest, self._stub = guest, stub

    def prepare(self):
        """All hardware is the other parts'."""

    def configuration(self):
        return {}

    def check(self, run: Run):
        found = json.loads(self._guest.run(
            "edge-agent scan --json --seconds 1 --config /etc/edge-agent/agent.json --only i2c,gpio,iio,hwmon,onewire"))["findings"]
        self._i2c(run, found)
        by_kind = {kind: {finding["name"] for finding in found if finding["kind"] == kind and finding["certainty"] == "recognised"}
                   for kind in ("hwmon", "iio", "onewire")}
        run.checks.equal("scan: hwmon knows the LM75", True, "lm75" in by_kind["hwmon"])
        run.checks.equal("scan: iio knows the BME280", True, "bme280" in by_kind["iio"])
        run.checks.equal("scan: the thermometer", True, any(finding["place"] == THERMOMETER for finding in found))
        lines = {finding["name"]: finding for finding in found if finding["kind"] == "gpio"}
        run.checks.equal("scan: a line that the agent has is its", ("taken", True), (lines["DOOR"]["certainty"], "edge-agent" in lines["DOOR"]["remark"]))
        self._read(run)

    def _i2c(self, run: Run, found):
        chips = {finding["place"]: finding for finding in found if finding["kind"] == "i2c"}

        def at(address: int) -> dict:
            return chips.get(f"bus {self._stub.number}, 0x{address:02x}", {})

        for address, chip in ((BME280, "bme280"), (MCP9808, "mcp9808")):
            run.checks.equal(f"scan: the chip at 0x{address:02x}", ("recognised", chip), (at(address).get("certainty"), at(address).get("name")))
        run.checks.equal("scan: a chip that nobody can tell is named with what it may be", ("doubtful", True),
                         (at(LM75).get("certainty"), "lm75" in at(LM75).get("candidates", [])))
        taken = [at(address).get("certainty") for address in KernelDrivers.addresses]
        run.checks.equal("scan: chips of the kernel's drivers are left alone", ["taken"] * len(taken), taken)

    def _read(self, run: Run):
        """Beside the agent, which reads the same chip."""
        lines = self._guest.run(f"edge-agent read bme280@{self._stub.number}:0x{BME280:x} --once --json").splitlines()
        values = {reading["series"].rpartition("/")[2]: reading for reading in map(json.loads, lines)}
        celsius, _, _ = bme280.compensated(*RAW)
        run.checks.equal("read: a value beside the agent", (round(celsius, 2), "good"), (values["temperature"]["value"], values["temperature"]["quality"]))
