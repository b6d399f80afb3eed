"""Colours and symbols that everybody can tell apart."""

from __future__ import annotations

import pytest

from aftershock.figures import theme


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@pytest.mark.parametrize("page", theme.PAGES.values())
def test_marks_are_seen_on_both_pages(page):
    """WCAG 2.1, 1.4.11: graphics reach a contrast of 3:1."""
    for kind, (colour, _, _) in {**theme.KINDS, "incident": (theme.INCIDENT, "", "")}.items():
        light, dark = sorted([luminance(colour), luminance(page)], reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 3, kind


def test_kinds_differ_by_symbol_not_only_by_colour():
    assert len({symbol for _, symbol, _ in theme.KINDS.values()}) == len(theme.KINDS)
