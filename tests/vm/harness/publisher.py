"""The publisher of bench/EdgeAgent.Torture on the host: its list of what was acknowledged lies outside of the guest."""

import shutil
import subprocess
import threading
import time
from pathlib import Path

from .programs import REPOSITORY

_PROGRAM = REPOSITORY / "bench" / "EdgeAgent.Torture" / "publisher.py"

# What the agent makes of its messages: two values each; times of their own but for one topic; one topic with alarms.
_STAMP = {"time": {"pointer": "/at", "format": "ms", "maximumAge": "20000d"}}
RULES = [
    {
        "topic": f"torture/{{feed}}/{kind}", "series": f"{{feed}}/{kind}", "payload": "json", **more,
        "values": [{"pointer": "/n"}, {"pointer": "/m", "suffix": "/negative"}],
    }
    for kind, more in (("stamped", _STAMP), ("plain", {}), ("alarm", {**_STAMP, "lane": "alarm"}))
]


class Publisher:
    """One feed of numbered messages at QoS 1, and what the publisher knows of each."""

    def __init__(self, authority: Path, rate: int, port: int, feed: str):
        self.feed = feed
        self.next = 0             # numbers below this one were sent
        self.acknowledged = set()
        self.sent_again = {}      # number: times it was sent again, because no acknowledgement had come when the connection broke
        self._process = subprocess.Popen(
            ["/usr/bin/python3", "-B", _PROGRAM, authority, str(rate), f"{feed}:{port}:1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()

    def wait_for(self, count: int, seconds: float) -> bool:
        """Until so many messages are acknowledged."""
        end = time.monotonic() + seconds
        while len(self.acknowledged) < count and time.monotonic() < end:
            time.sleep(0.05)
        return len(self.acknowledged) >= count

    def finish(self, seconds: float) -> bool:
        """Sends nothing new, and ends when everything that was sent is acknowledged."""
        self._process.stdin.write("stop\n")
        self._process.stdin.flush()
        self._listening.join(seconds)
        return not self._listening.is_alive() and self._process.wait() == 0

    def stop(self):
        self._process.kill()
        self._process.wait()

    def _listen(self):
        for line in self._process.stdout:
            _, what, number = line.split()
            number = int(number)
            match what:
                case "s":
                    self.next = number + 1
                case "a":
                    self.acknowledged.add(number)
                case "r":
                    self.sent_again[number] = self.sent_again.get(number, 0) + 1
