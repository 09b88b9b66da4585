"""One run of a scenario: what its parts share."""

from .checks import Checks
from .machine import Machine
from .service import Service


class Run:
    """The guest, the service and the list of checks, and the questions that most parts ask."""

    def __init__(self, guest: Machine, service: Service, checks: Checks):
        self.guest, self.service, self.checks = guest, service, checks

    def value_arrives(self, name: str, series: str, expected: float, tolerance: float):
        """The newest reading of the series becomes good and this value."""
        self.checks.arrives(
            name, expected, lambda: self._newest(series),
            is_right=lambda seen: seen is not None and seen["quality"] == "good" and isinstance(seen["value"], (int, float))
            and abs(seen["value"] - expected) <= tolerance)

    def state_arrives(self, name: str, series: str, expected):
        """The newest reading of the series becomes good and exactly this."""
        self.checks.arrives(
            name, expected, lambda: self._newest(series),
            is_right=lambda seen: seen is not None and seen["quality"] == "good" and seen["value"] == expected)

    def quality_arrives(self, name: str, series: str, expected: str):
        """The newest reading of the series has no value, and this for a reason."""
        self.checks.arrives(
            name, expected, lambda: self._newest(series),
            is_right=lambda seen: seen is not None and seen["quality"] == expected and seen["value"] is None)

    def quality_is_seen(self, name: str, series: str, expected: str, within: int):
        """One of so many newest readings has no value, and this for a reason. For what is over before it is looked at."""
        self.checks.arrives(
            name, expected, lambda: [reading["quality"] for reading in self.service.readings(series, within)],
            is_right=lambda seen: expected in seen)

    def _newest(self, series: str):
        readings = self.service.readings(series)
        return {"value": readings[0]["value"], "quality": readings[0]["quality"]} if readings else None
