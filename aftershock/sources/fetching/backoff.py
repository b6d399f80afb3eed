"""How long to wait before asking again: what the server says, else a little longer each time."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_BACKOFF = 60.0  # seconds: a judgement, a service that recovers is noticed within a minute
SECONDARY_LIMIT = 60.0  # seconds: what GitHub asks for when it names no time
THROTTLED = (420, 429)


@dataclass(frozen=True)
class Clock:
    """The time and the passing of it; tests bring their own."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    random: random.Random = field(default_factory=random.Random)

    def stamp(self) -> str:
        """Now in UTC, as ``2025-03-06T17:19:00Z``."""
        return datetime.fromtimestamp(self.now(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def backoff(self, attempt: int) -> float:
        """Seconds before attempt number ``attempt`` + 1: "full jitter", so that many clients do not return together
        (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/)."""
        return self.random.uniform(0, min(LONGEST_BACKOFF, 2.0**attempt))


def asked_to_wait(status: int, headers: Mapping[str, str], body: bytes, now: float, times: int) -> float | None:
    """Seconds that a throttled answer asks for; None for any other answer.

    ``Retry-After`` in seconds or as a date; PagerDuty's ``ratelimit-reset`` in seconds
    (https://support.pagerduty.com/main/docs/rest-api-rate-limits); GitHub's ``x-ratelimit-reset`` as an epoch when
    nothing remains, and for its secondary limits at least a minute, doubled each time
    (https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api). ``times``: how often this
    request was throttled before.
    """
    exhausted = headers.get("x-ratelimit-remaining", "").strip() == "0"
    refused = status == 403 and (exhausted or "retry-after" in headers or b"rate limit" in body.lower())
    if status not in THROTTLED and not refused:
        return None
    stated = _retry_after(headers.get("retry-after", ""), now)
    if stated is None and exhausted:
        epoch = _number(headers.get("x-ratelimit-reset", ""))
        stated = None if epoch is None else epoch - now + 1
    if stated is None:
        stated = _number(headers.get("ratelimit-reset", ""))
    return max(0.0, stated) if stated is not None else SECONDARY_LIMIT * 2**times


def _retry_after(text: str, now: float) -> float | None:
    seconds = _number(text)
    if seconds is not None or not text.strip():
        return seconds
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 <= number < 1e12 else None
