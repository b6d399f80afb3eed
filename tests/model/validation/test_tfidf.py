"""Cosines of words by rarity."""

from __future__ import annotations

import math

import numpy as np
import pytest

from aftershock.model.validation.tfidf import cosines


def test_cosines_of_words_by_rarity():
    first = ["Checkout fails: timeout", "nothing alike", ""]
    second = ["checkout timeout", "checkout", "search"]
    rare, common = (len(second) + 1) / 2, (len(second) + 1) / 3  # one of three texts has "timeout", two "checkout"
    long = math.hypot(math.log(rare), math.log(common))
    found = cosines(first, second, np.array([0, 0, 0, 1, 2]), np.array([0, 1, 2, 0, 0]))
    assert found.tolist() == pytest.approx([1, math.log(common) / long, 0, 0, 0])
