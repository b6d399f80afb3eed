"""Kinds of change by Arrow's expressions and by Python's."""

from __future__ import annotations

import re

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from aftershock.schema import change_kinds


@settings(max_examples=200)
@given(st.lists(st.text(st.sampled_from("abc ; .sqltfyaml-_/\tdéns١\x0b"), max_size=20), max_size=4))
def test_kinds_do_not_depend_on_the_engine(titles):
    frame = pd.DataFrame(
        {"title": pd.Series(titles, dtype="str"), "paths": [["a/b.tf"], [], ["x.é"], []][: len(titles)]}
    )
    texts = [f"{title} {' '.join(paths)}".lower() for title, paths in zip(titles, frame["paths"], strict=True)]
    expected = [next((k for k, pattern in change_kinds.RULES if re.search(pattern, t)), "other") for t in texts]
    assert change_kinds.infer_kinds(frame).tolist() == expected
