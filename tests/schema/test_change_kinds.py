"""Kinds of change by Arrow's expressions and by Python's."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftershock.schema import change_kinds


@settings(max_examples=200)
@given(st.lists(st.text(st.sampled_from("abc ; .sqltfyaml-_/\tdéns١\x0b1\n"), max_size=20), max_size=4))
def test_kinds_do_not_depend_on_the_engine(titles):
    frame = pd.DataFrame(
        {"title": pd.Series(titles, dtype="str"), "paths": [["a/b.tf"], [], ["x.é"], []][: len(titles)]}
    )
    texts = change_kinds.rule_texts(frame).tolist()
    expected = [next((k for k, pattern in change_kinds.RULES if re.search(pattern, t)), "other") for t in texts]
    assert change_kinds.infer_kinds(frame).tolist() == expected


@pytest.mark.parametrize(
    ("kind", "title", "paths"),
    [
        ("deploy", "Bump jenkins helm chart to 4.2.1", ["charts/jenkins/values.yaml"]),
        ("deploy", "chore(deps): update datadog docker tag", ["clusters/prod.yaml"]),
        ("deploy", "Bump nginx image", ["values.yaml"]),
        ("deploy", "Bump lodash from 4.17.20 to 4.17.21", ["package.json"]),
        ("deploy", "Update app version to 7", ["env.yaml"]),
        ("deploy", "Upgrade cart to v2.0.1-rc1", ["config/cart.toml"]),
        ("deploy", "Release 2025-11", ["version.json"]),
        ("deploy", "image: checkout 1 -> 2; tag v1 → v2", ["values.yaml"]),
        ("config", "Bump memory limit from 512Mi to 1Gi", ["values.yaml"]),
        ("config", "Update chart values for cart", ["values.yaml"]),
        ("config", "Update the upstream to 10.0.0.1", ["nginx.conf"]),
        ("config", "Migrate this domain", ["sites.yaml"]),
        ("infrastructure", "DNS migration of acme.org", ["zone.tf"]),
        ("infrastructure", "Move DNS to the new host", []),
        ("other", "Migrate this domain", []),
        ("other", "migration", []),
        ("other", "Put the bumper image in place", []),
        ("database", "Migrate the orders table", []),
        ("database", "Schema migration of orders", []),
        ("database", "Add a column to orders", ["app/models/order.rb"]),
        ("database", "Orders", ["db/migrate/20250101_orders.rb"]),
        ("database", "Orders", ["shop/migrations/0042_orders.py"]),
        ("database", "Orders", ["orders.sql", "x.yaml"]),
        ("database", "Run migrations", []),
        ("feature_flag", "Toggle the new cart", ["flags.yaml"]),
        ("deploy", "Deploy the cart", ["cart.py"]),
    ],
)
def test_what_was_done_comes_before_where(kind, title, paths):
    assert change_kinds.infer_kinds(pd.DataFrame({"title": [title], "paths": [paths]})).tolist() == [kind]
    accented = pd.DataFrame({"title": [f"{title} é"], "paths": [paths]})
    assert change_kinds.infer_kinds(accented).tolist() == [kind], "another engine, the same kind"
