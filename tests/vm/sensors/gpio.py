"""Lines of the kernel's gpio-sim: states, edges with the kernel's times, pulses to the last one, a shaft, an output that is left safe."""

from harness.run import Run

DOOR, BELL, WATER, SHAFT_A, SHAFT_B, RELAY = range(6)
NAMES = {DOOR: "DOOR", BELL: "BELL", WATER: "WATER", SHAFT_A: "SHAFT-A", SHAFT_B: "SHAFT-B", RELAY: "RELAY"}
LABEL = "vm-lines"
CHIP = "/sys/kernel/config/gpio-sim/vm"
PULSES = 10_000
# More than the kernel's queue holds for a line, while nobody empties it.
PULSES_UNSEEN = 5_000
# Times are kept to the millisecond.
TIME_NANOSECONDS = 2_000_000


class Gpio:
    name = "gpio"

    def __init__(self, guest):
        self._guest = guest

    def prepare(self):
        lines = "\n".join(f"mkdir {CHIP}/bank0/line{line}; echo {name} >{CHIP}/bank0/line{line}/name" for line, name in NAMES.items())
        self._pulls = self._guest.run(f"""
            modprobe gpio-sim-module
            mkdir -p {CHIP}/bank0
            echo {len(NAMES)} >{CHIP}/bank0/num_lines
            echo {LABEL} >{CHIP}/bank0/label
            {lines}
            echo 1 >{CHIP}/live
            echo /sys/devices/platform/$(cat {CHIP}/dev_name)/$(cat {CHIP}/bank0/chip_name)""")

    def configuration(self):
        line = {"chip": LABEL}
        return {"gpio": [
            {"line": "DOOR", "series": "gpio/door", "interval": "5s"},
            {**line, "line": BELL, "mode": "edges", "series": "gpio/bell"},
            {**line, "line": "WATER", "mode": "counter", "series": "gpio/water", "unit": "l", "interval": "2s"},
            {**line, "line": "SHAFT-A", "line2": "SHAFT-B", "mode": "quadrature", "series": "gpio/shaft", "interval": "2s"},
            {**line, "line": "RELAY", "mode": "output", "initial": True, "safe": False, "series": "gpio/relay", "interval": "5s"},
        ]}

    def check(self, run: Run):
        self._level(run)
        self._edges(run)
        self._counter(run)
        self._quadrature(run)
        self._stop_and_start(run)

    def _level(self, run: Run):
        run.state_arrives("gpio: a line that is low", "gpio/door", False)
        self._guest.run(self._pull(DOOR, "up"))
        run.state_arrives("gpio: a line that became high", "gpio/door", True)
        self._guest.run(self._pull(DOOR, "down"))
        run.state_arrives("gpio: a line that became low again", "gpio/door", False)

    def _edges(self, run: Run):
        times = self._guest.run("\n".join(
            f"date +%s%N; {self._pull(BELL, 'down' if edge % 2 else 'up')}; date +%s%N; sleep 0.05" for edge in range(20))).split()
        run.checks.arrives("gpio: each edge is a reading", 20, lambda: len(run.service.readings("gpio/bell", 100)))
        readings = run.service.readings("gpio/bell", 100, "asc")
        run.checks.equal("gpio: rising and falling edges in turn", [True, False] * 10, [reading["value"] for reading in readings])
        outside = [
            reading["time"] for reading, before, after in zip(readings, times[::2], times[1::2])
            if not int(before) - TIME_NANOSECONDS <= reading["unixNanoseconds"] <= int(after) + TIME_NANOSECONDS]
        run.checks.equal("gpio: times of edges that are not within their pull", [], outside)

    def _counter(self, run: Run):
        self._pulse(WATER, PULSES, 50)
        self._counted(run, f"gpio: {PULSES} pulses", PULSES)
        pid = self._guest.run("systemctl show edge-agent --property=MainPID --value")
        self._guest.run(f"kill -STOP {pid}")
        self._pulse(WATER, PULSES_UNSEEN, 0)
        self._guest.run(f"kill -CONT {pid}")
        self._counted(run, f"gpio: {PULSES_UNSEEN} more, which the kernel's queue could not hold", PULSES + PULSES_UNSEEN)

    def _quadrature(self, run: Run):
        period = [(SHAFT_A, "up"), (SHAFT_B, "up"), (SHAFT_A, "down"), (SHAFT_B, "down")]
        self._turn(period, 10)
        run.value_arrives("gpio: ten turns forward", "gpio/shaft/position", 40, 0)
        self._turn([(SHAFT_B, "up"), (SHAFT_A, "up"), (SHAFT_B, "down"), (SHAFT_A, "down")], 3)
        run.value_arrives("gpio: three turns back", "gpio/shaft/position", 28, 0)
        run.value_arrives("gpio: no illegal steps", "gpio/shaft/illegal", 0, 0)

    def _stop_and_start(self, run: Run):
        run.checks.equal("gpio: an output has its initial value", "1", self._value(RELAY))
        self._guest.run("systemctl stop edge-agent")
        run.checks.equal("gpio: an output is left safe", "0", self._value(RELAY))
        self._guest.run("systemctl start edge-agent")
        run.checks.arrives("gpio: an output has its initial value again", "1", lambda: self._value(RELAY))
        self._counted(run, "gpio: a count goes on after a restart", PULSES + PULSES_UNSEEN)
        self._pulse(WATER, 100, 500)
        self._counted(run, "gpio: and counts on", PULSES + PULSES_UNSEEN + 100)

    def _counted(self, run: Run, name: str, expected: int):
        run.value_arrives(name, "gpio/water/count", expected, 0)

    def _pull(self, line: int, direction: str) -> str:
        return f"echo pull-{direction} >{self._pulls}/sim_gpio{line}/pull"

    def _value(self, line: int) -> str:
        return self._guest.run(f"cat {self._pulls}/sim_gpio{line}/value")

    def _pulse(self, line: int, count: int, microseconds: int):
        self._turn([(line, "up"), (line, "down")], count, microseconds)

    def _turn(self, pulls: list[tuple[int, str]], count: int, microseconds: int = 0):
        files = " ".join(f"{self._pulls}/sim_gpio{line}/pull=pull-{direction}" for line, direction in pulls)
        self._guest.run(f"pulses {count} {microseconds} {files}")
