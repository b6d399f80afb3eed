"""What a notebook shows is counted before it is shown, whatever it is made of and wherever it comes from."""

from __future__ import annotations

import contextlib
import io
import sys
import threading
from collections.abc import Callable

import pytest

from aftershock.rendering.output_limit import TooMuchOutput, limit, message, size_of


@pytest.mark.parametrize(
    ("content", "size"),
    [
        ("four", 4),
        (b"four", 4),
        ({"text/plain": "four", "n": [1, 2]}, 6),
        (("ab", ["c", {"d": "ef"}]), 5),
        (None, 1),
        (12345678, 1),
        ({}, 0),
    ],
)
def test_the_size_is_that_of_the_texts_and_one_for_anything_else(content, size):
    assert size_of(content) == size


class Shell:
    """A kernel's shell as far as output goes: what it shows goes to ``shown``."""

    def __init__(self) -> None:
        self.shown: list[object] = []
        self.before: list[Callable[[], None]] = []
        self.events = self.display_pub = self.displayhook = self

    def register(self, name: str, run: Callable[[], None]) -> None:
        assert name == "pre_run_cell"
        self.before.append(run)

    def publish(self, data: object, metadata: object = None) -> None:
        self.shown.append(data)

    def write_format_data(self, data: object) -> None:
        self.shown.append(data)


@pytest.fixture
def start(monkeypatch) -> Callable[[], Shell]:
    """Begins a cell of a notebook that may show 10 characters, all together."""
    return lambda: started(monkeypatch)


def started(monkeypatch: pytest.MonkeyPatch) -> Shell:
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, io.StringIO())
    made = Shell()
    limit(made, 10)
    made.before[0]()
    return made


def test_what_is_shown_in_every_way_counts_together(start):
    shell = start()
    shell.publish({"text/plain": "four"})
    shell.write_format_data({"text/plain": "abc"})
    print("ab", end="")
    with pytest.raises(TooMuchOutput, match="its cells showed more than 0 MB, more than a page can hold"):
        sys.stderr.write("cd")
    assert (len(shell.shown), sys.stdout.getvalue(), sys.stderr.getvalue()) == (2, "ab", ""), "stopped before it shows"


def test_named_arguments_count(start):
    shell = start()
    with pytest.raises(TooMuchOutput):
        shell.publish(data={"text/plain": "x" * 11})
    assert shell.shown == []


def test_no_cell_catches_it_by_accident(start):
    start()
    with pytest.raises(TooMuchOutput), contextlib.suppress(Exception):  # as a careless cell does
        sys.stdout.write("x" * 11)


def test_what_another_thread_writes_stops_nobody_there(start):
    start()
    thread = threading.Thread(target=sys.stdout.write, args=("x" * 11,))
    thread.start()
    thread.join()
    assert sys.stdout.getvalue() == "x" * 11
    with pytest.raises(TooMuchOutput):
        sys.stdout.write("y")


def test_the_message_says_how_much_a_page_holds():
    assert message(64 << 20) == "its cells showed more than 64 MB, more than a page can hold"
