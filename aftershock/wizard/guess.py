"""What a guess is: something decided, how sure it is, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass

CERTAIN, LIKELY, UNSURE = 0.95, 0.75, 0.5  # from which on a guess is called so: judgements, as all sureness is here

MOST_NAMES = 8  # that a comment or a question lists: what fits on a line
NOT_KNOWN = "NOT KNOWN"  # begins the reason of a guess that nothing speaks for, which is then a question


@dataclass(frozen=True)
class Guess:
    """``what`` was decided on (a column, a zone), the ``value``, how ``sure`` from 0 to 1, and ``why`` in words."""

    what: str
    value: str
    sure: float
    why: str

    @property
    def word(self) -> str:
        """How sure, in a word."""
        return "certain" if self.sure >= CERTAIN else "likely" if self.sure >= LIKELY else "a guess"


@dataclass(frozen=True)
class MissingColumn:
    """A column that no file has, and what its absence costs."""

    table: str
    column: str
    cost: str
