"""Incidents that set off incidents: links and roots by hand, a planted burst, and what a verdict on its first says of the rest."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
import toy

from aftershock import attribute, load
from aftershock.model.aftershocks import HORIZON_HOURS, MOST_PARENTS, ParentFinder, Roots
from aftershock.model.candidates import Pairs
from aftershock.model.service_graph import SAME, UNRELATED, ServiceGraph
from aftershock.model.times import hours
from aftershock.schema.tables import NONE

NO_GRAPH = ServiceGraph(pd.DataFrame(columns=["service", "depends_on"]))


def links_of(*times: str, services: list[str] | None = None) -> Pairs:
    """Links of incidents at these times, in the order of the table."""
    names = services or ["api"] * len(times)
    table = toy.incidents(
        *({"incident_id": f"i{n}", "started_at": t, "services": [s]} for n, (t, s) in enumerate(zip(times, names, strict=True)))
    )  # fmt: skip
    first = hours(table["started_at"])
    return ParentFinder(table, NO_GRAPH).pairs(first, first, [(s,) for s in names], np.arange(len(times)))


def edges(links: Pairs) -> list[tuple[int, int]]:
    return list(zip(links.incident.tolist(), links.change.tolist(), strict=True))


def test_parents_came_earlier_within_the_horizon_and_of_one_moment_the_one_above():
    """i0 and i1 at once, i2 ten minutes later; i3 a day and a minute after i2; the table is not in order of time."""
    links = links_of("2024-01-01 12:00", "2024-01-01 12:00", "2024-01-01 12:10", "2024-01-02 12:11")
    assert HORIZON_HOURS == 24
    assert edges(links) == [(1, 0), (2, 0), (2, 1)]
    assert edges(links_of("2024-01-01 12:10", "2024-01-01 12:00")) == [(0, 1)]
    assert links.starts.tolist() == [0, 0, 1, 3, 3]


def test_links_say_where_the_later_incident_showed():
    links = links_of("2024-01-01 12:00", "2024-01-01 12:10", "2024-01-01 12:20", services=["api", "api", "web"])
    assert dict(zip(edges(links), links.relation.tolist(), strict=True)) == {
        (1, 0): SAME,
        (2, 0): UNRELATED,
        (2, 1): UNRELATED,
    }


def test_only_the_nearest_parents_compete():
    times = [f"2024-01-01 12:{m:02d}" for m in range(MOST_PARENTS + 3)]
    last = [parent for child, parent in edges(links_of(*times)) if child == len(times) - 1]
    assert last == list(range(2, MOST_PARENTS + 2))


def graph(pairs: list[tuple[int, int]], links: list[tuple[int, int]], incidents: int) -> Roots:
    """Roots of incidents an hour apart, with pairs (incident, change) and links (child, parent)."""

    def made(rows: list[tuple[int, int]]) -> Pairs:
        incident, other = (np.array([r[k] for r in rows], dtype=np.int64) for k in (0, 1))
        blank, size = np.zeros(len(rows)), len(rows)
        starts = np.searchsorted(incident, np.arange(incidents + 1))
        return Pairs(incident, other, blank, blank, blank, blank, blank, blank, sp.csr_matrix((size, 1)), starts)

    return Roots(made(pairs), made(links), np.arange(float(incidents)))


# change 7 may have set off incidents 0, 1 and 2; change 8 incident 2; each incident may come of the one before
THREE = graph([(0, 7), (1, 7), (2, 7), (2, 8)], [(1, 0), (2, 1)], 3)
DIRECT, NONE_DIRECT, LINKED = np.array([0.9, 0.1, 0.0, 0.2]), np.array([0.1, 0.3, 0.3]), np.array([0.6, 0.5])


def test_roots_by_hand():
    """i0: 0.9 by 7. i1: 0.1 + 0.6 · 0.9 = 0.64 by 7, none 0.3 + 0.6 · 0.1 = 0.36. i2: through i1 0.5 · 0.64 = 0.32 by 7,
    0.2 by 8, none 0.3 + 0.5 · 0.36 = 0.48."""
    root, none = THREE.of(DIRECT, NONE_DIRECT, LINKED)
    assert root == pytest.approx([0.9, 0.64, 0.32, 0.2])
    assert none == pytest.approx([0.1, 0.36, 0.48])
    assert THREE.rootless(NONE_DIRECT, LINKED) == pytest.approx(none)
    assert DIRECT.tolist() == [0.9, 0.1, 0.0, 0.2], "what was given is left alone"


def test_roots_carry_a_trailing_axis_of_draws():
    """The second draw has no links: roots are the direct origins."""
    both = [np.stack([one, one], axis=1) for one in (DIRECT, NONE_DIRECT, LINKED)]
    both[2][:, 1] = 0.0
    root, none = THREE.of(*both)
    alone = THREE.of(DIRECT, NONE_DIRECT, LINKED)
    assert root[:, 0] == pytest.approx(alone[0]) and none[:, 0] == pytest.approx(alone[1])
    assert root[:, 1] == pytest.approx(DIRECT) and none[:, 1] == pytest.approx(NONE_DIRECT)


def test_descendants_by_hand():
    """Two per link, -1 per incident. i2 says -1; i1 -1 + 0.5 (2 - 1) = -0.5; i0 -1 + 0.6 (2 - 0.5) = -0.1."""
    assert THREE.descendants(LINKED, 2.0, -1.0) == pytest.approx([-0.1, -0.5, -1.0])


def test_a_root_that_is_no_candidate_of_a_later_incident_is_not_followed_there():
    root, none = graph([(0, 7), (1, 8)], [(1, 0)], 2).of(np.array([1.0, 0.2]), np.array([0.0, 0.3]), np.array([0.5]))
    assert root.tolist() == [1.0, 0.2] and none.tolist() == [0.0, 0.3]


DAY = pd.Timestamp("2024-01-08", tz="UTC")


def burst_log(write, burst: int, **files: str):
    """A year with an ordinary deploy a day, twenty incidents without a cause, and a burst of alerts a few minutes apart, which
    began ten minutes after the deploy of 1 June."""
    rng = np.random.default_rng(3)
    changes = [f"c{n},{(DAY + pd.Timedelta(days=n, hours=9)).isoformat()},deploy,{'ab'[n % 2]}" for n in range(300)]
    start = DAY + pd.Timedelta(days=144, hours=9)
    incidents = [(DAY + pd.Timedelta(hours=int(h)), "abcd"[n % 4]) for n, h in enumerate(rng.integers(0, 7000, 20))]
    incidents += [(start + pd.Timedelta(minutes=10 + 4 * n), "a") for n in range(burst)]
    rows = [f"i{n},{at.isoformat()},{s}" for n, (at, s) in enumerate(incidents)]
    return load(
        write(
            incidents="\n".join(["incident_id,started_at,services", *rows]),
            changes="\n".join(["change_id,started_at,kind,services", *changes]),
            **files,
        )
    )


@pytest.fixture(scope="module")
def burst(tmp_path_factory):
    """What was found of a log with a burst of eight alerts, i20 to i27, without a verdict and with one on the first."""
    from conftest import TOML

    def write(**files: str):
        folder = tmp_path_factory.mktemp("burst")
        for name, text in {"dataset__toml": TOML, **files}.items():
            path = name.replace("__", ".") if "__" in name else f"{name}.csv"
            (folder / path).write_text(text)
        return folder

    plain = burst_log(write, 8)
    decided = burst_log(write, 8, verdicts__csv="incident_id,change_id\ni20,c144\n")
    refused = burst_log(write, 8, verdicts__csv="incident_id,change_id\ni20,none\n")
    return attribute(plain), attribute(decided), attribute(refused)


def test_a_planted_burst_is_one_outage(burst):
    outages = burst[0].outages.set_index("incident_id")
    alerts = [f"i{n}" for n in range(20, 28)]
    assert outages.loc["i20", "probability"] < 0.1
    assert (outages.loc[alerts[1:], "probability"] > 0.7).all()
    assert outages.loc[alerts[1:], "earlier"].isin(alerts).all()
    assert (1 - outages.loc[alerts, "probability"]).sum() < 2.5, "eight alerts, about one outage"
    assert outages.drop(alerts)["probability"].max() < 0.5
    assert burst[0].rates["set_off"].sum() < 12, "each outage counts once"


def test_a_verdict_on_the_first_informs_its_aftershocks(burst):
    def culprit(found, incident: str) -> float:
        return found.suspects(incident).set_index("change_id").loc["c144", "probability"]

    plain, decided, refused = burst
    for incident in ("i21", "i27"):
        assert culprit(decided, incident) > max(culprit(plain, incident), 0.7)
        assert culprit(refused, incident) < culprit(plain, incident)
    sums = decided.suspects().groupby("incident_id")["probability"].sum()
    assert sums.to_numpy() == pytest.approx(1)
    assert decided.suspects("i20").iloc[0][["change_id", "probability"]].tolist() == ["c144", 1.0]
    assert refused.suspects("i20").iloc[0][["change_id", "probability"]].tolist() == [NONE, 1.0]
