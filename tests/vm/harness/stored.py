"""What the service's database holds, row by row and by value: nobody's counter is trusted here."""

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

from .publisher import Publisher

# publisher.py: message N carries the time BASE + N ms, and the values N and -N.
_BASE_NANOSECONDS = 1_700_000_000_000 * 1_000_000
_EXAMPLES = 20


@dataclass
class Verdict:
    """What became of all that was published and read."""

    acknowledged: int = 0   # messages
    lost: int = 0           # of these, not stored with both values
    duplicated: int = 0     # messages that are stored more often than they were sent
    stored_again: int = 0   # messages without an acknowledgement when the plug was pulled, sent again, and stored twice: what QoS 1 allows
    wrong: int = 0          # rows that no message can have made
    sensor_readings: int = 0
    sensor_duplicates: int = 0
    told_lost: int = 0      # readings that the agent has told the service it lost
    examples: list[str] = field(default_factory=list)

    @property
    def is_kept(self) -> bool:
        return self.acknowledged > 0 and self.sensor_readings > 0 and self.lost + self.duplicated + self.wrong + self.sensor_duplicates == 0


def judge(database: Path, publisher: Publisher) -> Verdict:
    verdict = Verdict()
    rows = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        stored = _messages(rows, publisher.feed, verdict)
        # Every sensor is read at most once at a time.
        verdict.sensor_readings, verdict.sensor_duplicates = rows.execute(
            "SELECT ifnull(sum(n), 0), ifnull(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM readings r JOIN series s ON s.id = r.series_id "
            "WHERE s.name NOT LIKE ? GROUP BY r.series_id, r.time_ns)", (f"{publisher.feed}/%",)).fetchone()
        verdict.examples += _twice(rows, publisher.feed) if verdict.sensor_duplicates else []
        verdict.told_lost, = rows.execute("SELECT ifnull(sum(readings), 0) FROM gaps").fetchone()
    finally:
        rows.close()
    for number in range(publisher.next):
        _judge_message(publisher, number, stored.get(number, [0, 0]), verdict)
    return verdict


def _twice(rows: sqlite3.Connection, feed: str) -> list[str]:
    """Readings of sensors of the same time: from which records, with which values. A guest whose clock went back reads twice at one time, and the values differ."""
    return [f"{name} at {time}: stored {count} times, as lane/sequence=value {seen}" for name, time, count, seen in rows.execute(
        "SELECT s.name, r.time_ns, count(*), group_concat(o.lane || '/' || r.sequence || '=' || ifnull(r.value, '-'), ', ') FROM readings r JOIN series s ON s.id = r.series_id "
        "JOIN sources o ON o.id = r.source_id WHERE s.name NOT LIKE ? GROUP BY r.series_id, r.time_ns HAVING count(*) > 1 LIMIT ?", (f"{feed}/%", _EXAMPLES))]


def _messages(rows: sqlite3.Connection, feed: str, verdict: Verdict) -> dict[int, list[int]]:
    """Of each number, how often it and its negative are stored."""
    stored = {}
    for name, nanoseconds, value in rows.execute(
            "SELECT s.name, r.time_ns, r.value FROM readings r JOIN series s ON s.id = r.series_id WHERE s.name LIKE ?", (f"{feed}/%",)):
        is_negative, is_stamped = name.endswith("/negative"), name.split("/")[1] != "plain"
        number = (-value if is_negative else value) if isinstance(value, (int, float)) else -1
        if number < 0 or number != int(number) or (is_stamped and nanoseconds != _BASE_NANOSECONDS + int(number) * 1_000_000):
            verdict.wrong += 1
        else:
            stored.setdefault(int(number), [0, 0])[is_negative] += 1
    return stored


def _judge_message(publisher: Publisher, number: int, times: list[int], verdict: Verdict):
    is_acknowledged = number in publisher.acknowledged
    allowed = 1 + publisher.sent_again.get(number, 0)
    is_lost, is_duplicated = is_acknowledged and min(times) == 0, max(times) > allowed
    verdict.acknowledged += is_acknowledged
    verdict.lost += is_lost
    verdict.duplicated += is_duplicated
    verdict.stored_again += 1 < max(times) <= allowed
    if (is_lost or is_duplicated) and len(verdict.examples) < _EXAMPLES:
        verdict.examples.append(
            f"message {number}: stored {min(times)} to {max(times)} times, allowed {allowed}, {'' if is_acknowledged else 'not '}acknowledged")
