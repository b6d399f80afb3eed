"""``aftershock why`` says what chance reaches, and of which outage the incident is a part."""

from __future__ import annotations

from aftershock import attribute, load
from aftershock.reports.answer_section import chance_sentence
from aftershock.reports.why import why

ALERTS = 5


def burst(write):
    """Deploys of five services for a year, and 20 outages without a change: six alerts each within ten minutes."""
    services = ["checkout", "search", "mail", "login", "stock"]
    changes = [
        f"c{n},2024-{1 + n % 12:02d}-{1 + n % 28:02d}T{n % 24:02d}:07Z,deploy,{services[n % 5]}" for n in range(400)
    ]
    incidents = [
        f"i{n}-{alert},2024-{1 + n % 12:02d}-{2 + (7 * n) % 26:02d}T{(5 * n) % 24:02d}:{31 + 2 * alert}Z,{services[n % 5]},Alert {alert}"
        for n in range(20)
        for alert in range(ALERTS)
    ]
    return write(
        incidents="\n".join(["incident_id,started_at,services,title", *incidents]) + "\n",
        changes="\n".join(["change_id,started_at,kind,services", *changes]) + "\n",
    )


def test_the_alerts_of_one_outage_are_one_outage(write):
    found = attribute(load(burst(write)))
    outages = found.outages.set_index("incident_id")
    assert outages.loc["i3-4", "probability"] > 0.9 and outages.loc["i3-4", "earlier"].startswith("i3-")
    assert 18 < (1 - outages["probability"]).sum() < 25
    linked = found.draws["incident_linked"]
    assert linked.shape == found.draws["incident_changes"].shape and linked.mean() > 0.7
    said = why(found, "i3-4", "none")
    assert any(" it is part of the same outage as i3-" in line for line in said)
    assert not any("same outage as" in line and line.startswith("Probably") for line in why(found, "i3-0", "none"))


def test_it_counts_the_moved_copies_that_reach_as_much(twitter_found):
    shares = twitter_found.shares.set_index("incident_id")
    said = why(twitter_found, "tw-2023-03-06", "chg-2023-03-06-apicfg")
    assert chance_sentence(shares.loc["tw-2023-03-06"]) in said and "moved cop" in " ".join(said)
