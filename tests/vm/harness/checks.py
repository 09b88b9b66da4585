"""What was asked, and what came of it."""

import sys
import time

# From a change in the guest to the reading in the service. Generous: an emulated, loaded machine proves what, not how fast.
ARRIVAL_SECONDS = 60


class Checks:
    """Named checks; one that fails does not keep the others from being made."""

    def __init__(self):
        self.results = []

    @property
    def failed(self) -> int:
        return sum(not result["passed"] for result in self.results)

    def equal(self, name: str, expected, actual):
        self._note(name, expected == actual, expected, actual)

    def at_least(self, name: str, expected, actual):
        self._note(name, actual is not None and actual >= expected, f"at least {expected}", actual)

    def arrives(self, name: str, expected, look, seconds: float = ARRIVAL_SECONDS, is_right=None):
        """Looks again and again until what is seen is right."""
        is_right = is_right or (lambda seen: seen == expected)
        end = time.monotonic() + seconds
        seen = look()
        while not is_right(seen) and time.monotonic() < end:
            time.sleep(0.5)
            seen = look()
        self._note(name, is_right(seen), expected, seen)

    def broke(self, name: str, error: Exception):
        """A part of the scenario could not be carried to its end."""
        self._note(name, False, "no error", str(error))

    def _note(self, name, passed, expected, actual):
        self.results.append({"name": name, "passed": passed, "expected": expected, "actual": actual})
        print(f"{'ok    ' if passed else 'FAILED'} {name}: expected {expected}, got {actual}", file=sys.stderr, flush=True)
