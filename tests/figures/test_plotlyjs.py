"""The scripts that draw figures: the smallest that can, and the package's own where it is another version."""

from __future__ import annotations

import base64
import gzip
import hashlib

import pytest

from aftershock.figures import plotlyjs


@pytest.mark.parametrize(
    ("traces", "name"),
    [
        ({"bar", "scatter"}, "plotly-basic.min.js"),
        ({"bar", "heatmap"}, "plotly-cartesian.min.js"),
        ({"bar", "sankey"}, "plotly.min.js"),
        ({"no such trace"}, "plotly.min.js"),
    ],
)
def test_the_smallest_bundle_that_draws_the_figures_is_taken(traces, name):
    assert plotlyjs.bundle(traces).name == name


def test_bundles_hold_what_their_manifest_says_and_fit_the_package():
    for traces in ({"bar"}, {"heatmap"}, {"sankey"}):
        bundle = plotlyjs.bundle(traces)
        script = gzip.decompress(base64.b64decode(bundle.packed))
        assert hashlib.sha256(script).hexdigest() == bundle.sha256
        assert f"v{plotlyjs.get_plotlyjs_version()}".encode() in script[:200]
        told = plotlyjs.manifest().get(bundle.name, {"traces": ["sankey"]})["traces"]
        assert all(f'moduleType:"trace",name:"{trace}"'.encode() in script for trace in told), bundle.name


def test_another_version_of_the_package_brings_its_own_full_bundle(monkeypatch):
    monkeypatch.setattr(plotlyjs, "get_plotlyjs_version", lambda: "99.0.0")
    assert plotlyjs.bundle({"bar"}).name == "plotly.min.js"


def test_a_script_says_which_traces_it_draws():
    script, draws = plotlyjs.script({"bar"})
    assert b"plotly.js" in script[:200] and "scatter" in draws
    whole, everything = plotlyjs.script({"sankey"})
    assert len(whole) > len(script) and everything == []
