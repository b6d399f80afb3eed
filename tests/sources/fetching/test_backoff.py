"""How long to wait before asking again."""

from __future__ import annotations

import pytest
from fake_services import (
    FakeClock,
)

from aftershock.sources.fetching import backoff

NOW = 1_741_608_000.0


@pytest.mark.parametrize(
    ("status", "headers", "body", "times", "seconds"),
    [
        (200, {}, b"", 0, None),
        (403, {}, b'{"message":"Not yours"}', 0, None),
        (429, {"retry-after": "17"}, b"", 0, 17),
        (420, {"retry-after": "2.5"}, b"", 0, 2.5),
        (429, {"retry-after": "Mon, 10 Mar 2025 12:01:00 GMT"}, b"", 0, 60),
        (429, {"retry-after": "Mon, 10 Mar 2020 12:01:00 GMT"}, b"", 0, 0),
        (429, {"retry-after": "soon"}, b"", 0, 60),
        (429, {"ratelimit-reset": "33"}, b"", 0, 33),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOW) + 600)}, b"", 0, 601),
        (429, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOW) - 5)}, b"", 0, 0),
        (403, {"x-ratelimit-remaining": "0", "retry-after": "8"}, b"", 0, 8),
        (403, {}, b'{"message":"You have exceeded a secondary rate limit."}', 0, 60),
        (403, {}, b'{"message":"You have exceeded a secondary rate limit."}', 2, 240),
        (429, {"retry-after": "-1"}, b"", 0, 60),
        (429, {"retry-after": "nan"}, b"", 0, 60),
    ],
)
def test_what_a_throttled_answer_asks_for(status, headers, body, times, seconds):
    assert backoff.asked_to_wait(status, headers, body, NOW, times) == seconds


def test_backoff_grows_to_a_minute_and_is_random():
    clock = FakeClock()
    longest = [max(clock.backoff(n) for _ in range(300)) for n in (1, 3, 5, 9)]
    assert [round(x) for x in longest] == [2, 8, 32, 60]
    assert len({clock.backoff(3) for _ in range(20)}) == 20
