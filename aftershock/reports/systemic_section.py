"""Whether a row of outages is more than bad luck, in words that say no more than the numbers."""

from __future__ import annotations

import math

import pandas as pd

from aftershock.metrics import Comparison, Estimate, noticeable_change
from aftershock.metrics.poisson_tests import DAYS_PER_MONTH, LEAST, SURE, TESTS, Changepoint, smallest_p
from aftershock.metrics.systemic import Carried, OutageSeries
from aftershock.output.blocks import Prose, Stack
from aftershock.output.html_table import Table
from aftershock.output.phrases import (
    MISSING,
    capital,
    clock,
    day_name,
    interval_percent,
    number,
    p_words,
    percent,
    percent_range,
    plural,
    sentence,
    verb,
)
from aftershock.output.safe_html import join, sortable, strong

FEW = 20  # outages below which the page says that they are few: a judgement
COMPARABLE = 3  # outages on each side from which their shares are compared: a judgement
HOW_TESTED = (
    f"The {TESTS} tests look at one row, so the smallest p-value of an even row is below 0.05 more often than one time in twenty; "
    f"only one below {SURE / TESTS:g} is called more than bad luck. They look at one row in several ways and do not add up."
)
UNEVEN_IS_NOT_SYSTEMIC = (
    "Uneven is not yet systemic: a row also comes out of people who begin, or stop, to write outages down, and of a list that was "
    "begun because of the row."
)


def answer(series: OutageSeries, tests: pd.DataFrame, change: Changepoint, zone: str) -> list[object]:
    """The rate, and whether the row is more unevenly spread than bad luck explains; then where its rate changed."""
    count = len(series)
    if not count:
        return [f"No outage in {_days(series.length)}, so there is no row to ask about."]
    (value, low, high), unit = rate_in_words(series)
    head = f"{plural(count, 'outage')} in {_days(series.length)}: {value} ({low}–{high}) a {unit}."
    first = join(" ", [strong(head), _verdict(count, tests)])
    return [first, *([changed(series, change, zone)] if is_uneven(tests) else [])]


def rate_in_words(series: OutageSeries) -> tuple[tuple[str, str, str], str]:
    """(value, low, high) of the rate and its unit: a month, or a day where the row is shorter than a month."""
    rate, unit, per = series.rate, "month", 1.0
    if series.length < DAYS_PER_MONTH:
        unit, per = "day", DAYS_PER_MONTH
    return (number(rate.value / per), number(rate.low / per), number(rate.high / per)), unit


def _days(length: float) -> str:
    return plural(round(length), "day") if length >= 0.5 else "less than a day"


def is_uneven(tests: pd.DataFrame) -> bool:
    """Whether the row is more than bad luck, all tests paid for."""
    return smallest_p(tests) < SURE


def _verdict(count: int, tests: pd.DataFrame) -> str:
    """Whether bad luck explains how they are spread."""
    if count < LEAST:
        return "Too few to tell a row from bad luck."
    best = tests.loc[tests["p_value"].idxmin()]
    told = f"{best['test']}, {p_words(best['p_value'])}"
    if is_uneven(tests):
        return f"They are more unevenly spread than bad luck explains: {told}."
    if best["p_value"] < SURE:
        return (
            f"One test finds them unevenly spread ({told}), but with {TESTS} tests bad luck alone does as much in "
            f"{percent(smallest_p(tests))} of rows at most: not enough to call it more."
        )
    return f"They are no more unevenly spread than bad luck explains (strongest: {told}). {_missed(count)}"


def _missed(count: int) -> str:
    """How large a change could have gone unnoticed."""
    ratio = noticeable_change(count)
    if math.isinf(ratio):
        return "That says little: so few would not show even a rate that changed a thousandfold."
    times = f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.1f}"
    return (
        f"That is no proof of a steady rate: only a rise to {times} times the rate, or a fall to 1/{times} of it, in the middle "
        "would be noticed reliably (4 times in 5)."
    )


def changed(series: OutageSeries, change: Changepoint, zone: str) -> str:
    """Where one change of the rate fits best, with what lies on both sides of it."""
    if math.isnan(change.day) or len(series) < LEAST:
        return "There are too few outages to look for a change of the rate."
    moment, low, high = (series.at(day).tz_convert(zone) for day in (change.day, change.low, change.high))
    # Whole days, of which there are as many as the first sentence says.
    before = round(change.day) if change.day >= 0.5 else change.day
    after = round(change.length) - before
    ratio = change.ratio
    fits = "fits best" if change.p_value < SURE / TESTS else "would fit best, though bad luck explains it too,"
    return (
        f"One change of the rate {fits} after {moment.day} {moment:%B %Y} ({p_words(change.p_value)}): "
        f"{plural(change.after, 'outage')} in the {_days(before)} up to it, {change.later or 'none'} in the {_days(after)} "
        f"after it, {number(ratio.value)} times the rate ({number(ratio.low)} to {number(ratio.high)}). It may lie anywhere "
        f"from {low.day} {low:%B %Y} to {high.day} {high:%B %Y} (90 %)."
    )


def tests_table(tests: pd.DataFrame) -> Stack:
    """The five tests, each with its interval, with what chance gives, and with its p-value; none where the outages are too few
    for any."""
    if tests["n"].max() < LEAST:
        return Stack(Prose(f"A row of fewer than {LEAST} outages is too short for these tests."))
    rows = [
        {
            "Test": capital(row["test"]),
            "Found": _value(row["value"], row["unit"]),
            "90 % interval": _range(row["low"], row["high"], row["unit"]),
            "By chance": _range(row["chance_low"], row["chance_high"], row["unit"]),
            "p": sortable(p_words(row["p_value"]).removeprefix("p = ").removeprefix("p "), row["p_value"]),
            "What it is": capital(row["definition"]),
        }
        for row in tests.to_dict("records")
    ]
    table = Table(pd.DataFrame(rows), "How evenly the outages came", align={"By chance": "right", "p": "right"})
    return Stack(table, Prose(HOW_TESTED))


def _value(value: float, unit: str) -> str:
    if math.isnan(value):
        return MISSING
    return {"times": f"× {_ratio(value)}", "share": percent(value), "days": f"{number(value)} days"}[unit]


def _range(low: float, high: float, unit: str) -> str:
    if math.isnan(low):
        return MISSING
    if unit == "share":
        return percent_range(low, high)
    words = _ratio if unit == "times" else number
    ends = [words(low), words(high)]
    return ("–" if all(e[0].isdigit() for e in ends) else " to ").join(ends)


def _ratio(value: float) -> str:
    """Two decimals near 1, where two digits would hide a difference; the ends of what is not known are not spelled out."""
    if not 0.001 <= value <= 1000:
        return "< 0.001" if value < 0.001 else "> 1,000"
    return f"{value:.2f}" if 0.5 < value < 2 else number(value)


def against_baseline(found: Comparison | None, source: str, days: tuple[str, str], here: str) -> Prose:
    """The row's rate against an earlier period or an outside count of ``days``, its first and last; what to write where neither
    is given. ``here``: the days of this log that are compared, in words."""
    if found is None:
        return Prose(
            "Nothing to compare the rate with is given. [baseline] in dataset.toml names an earlier period (from, to), or an "
            "outside count (incidents, source)."
        )
    said = (
        f"{plural(found.this, 'outage')} {here} against {found.other or 'none'} from {day_name(days[0])} to "
        f"{day_name(days[1])}: {found.ratio_words}; {p_words(found.p_value)}."
    )
    if not source:
        return Prose(said, "Both are of this log.")
    return Prose(
        said, f"The other count: {sentence(source)}. Whoever counts elsewhere may call other things an outage."
    )


def independent_sentence(incidents: int, outages: Estimate, counted: int) -> str:
    """How many outages the incidents come to, and how many of these the row has where it has not one for each. ``outages``: of
    ``metrics.outage_count``."""
    if incidents == 1:
        return f"The one incident is one outage.{'' if counted else ' It began outside the days covered.'}"
    rest = incidents - counted
    inside = (
        f" {counted or 'None'} of them {verb(counted, 'is', 'are')} counted above; the other{verb(rest, ' one', 's')} began "
        f"outside the days covered or {verb(rest, 'is', 'are')} part of an earlier outage."
        if counted != incidents
        else ""
    )
    low, high = f"{outages.low:.0f}", f"{outages.high:.0f}"
    if low == high == str(incidents):
        every = "Both" if incidents == 2 else f"All {incidents:,}"
        return f"{every} incidents are outages of their own: none looks like an alert of an earlier one.{inside}"
    span = low if low == high else f"{low}–{high}"
    counted_as = f"about {outages.value:.0f} outages ({span})"
    return f"{incidents:,} incidents come to {counted_as}: several alerts of one outage are one.{inside}"


def carried_by_changes(carried: Carried, moment: pd.Timestamp, zone: str, *, is_uneven: bool) -> Prose:
    """Whether changes set off another share of the outages after the rate changed; after the middle where it did not."""
    before, after, gap = carried.before, carried.after, carried.difference
    parts = [_share(before, "up to"), _share(after, "after")]
    local = moment.tz_convert(zone)
    what = "One change of the rate fits best after" if is_uneven else "The middle of the period is"
    said = f"{what} {local.day} {local:%B %Y}. {' '.join(parts)}"
    if min(before.n or 0, after.n or 0) < COMPARABLE or not gap.known:
        return Prose(said, "Too few on one side to say whether changes carry the row more, or less, than before.")
    differs = "The shares differ" if gap.low > 0 or gap.high < 0 else "The shares are not known to differ"
    value, low, high = (round(100 * share) for share in (gap.value, gap.low, gap.high))
    points = plural(abs(value), "percentage point")
    return Prose(
        said,
        f"{differs}: {points} {_more(value)} after it (90 %: {abs(low)} {_more(low)} to {abs(high)} {_more(high)}).",
    )


def _more(difference: int) -> str:
    return "more" if difference >= 0 else "fewer"


def _share(share: Estimate, side: str) -> str:
    if not share.known:
        return f"No outage {side} it."
    chance = ""
    if share.chance is not None and not math.isnan(share.chance):
        chance = f"; chance alone would explain {percent(share.chance)}"
        if not share.above_chance:
            clearly = "no" if share.value <= share.chance else "not clearly"
            chance = f", {clearly} more than chance alone would explain ({percent(share.chance)})"
    explained = interval_percent(share.value, share.low, share.high)
    if share.n == 1:
        return f"Changes explain the one outage {side} it with {explained}{chance.replace('explain', 'give')}."
    return f"Changes explain {explained} of the {plural(int(share.n or 0), 'outage')} {side} it{chance}."


def caveats(series: OutageSeries, collected: str, *, uneven: bool) -> Stack:
    """How few they are, how they were collected, and what was not counted."""
    said = []
    count, joined, outside = len(series), series.joined, series.outside
    if count == 1:
        said.append("One outage is no row.")
    elif 0 < count < FEW:
        said.append(f"{plural(count, 'outage')} are few: one more or one fewer moves every number here.")
    if collected:
        said.append(f"How they were collected: {sentence(collected)}.")
    if joined:
        is_, its = ("is", "its") if joined == 1 else ("are", "their")
        said.append(
            f"{plural(joined, 'incident')} {is_} more likely than not part of an earlier outage and not counted as one of "
            f"{its} own."
        )
    if outside:
        is_ = "is" if outside == 1 else "are"
        said.append(f"{plural(outside, 'incident')} outside the days that both logs cover {is_} left out.")
    if uneven:
        said.append(UNEVEN_IS_NOT_SYSTEMIC)
    return Stack(*([Prose(" ".join(said), kind="notice")] if said else []))


def period(series: OutageSeries, zone: str) -> str:
    """``1 Dec 2022, 00:00 UTC to 1 Aug 2023, 00:00 UTC``."""
    return f"{clock(series.first, zone)} to {clock(series.at(series.length), zone)}"
