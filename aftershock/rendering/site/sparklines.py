"""A small bar chart inside a line of the index: incidents per month, drawn without a script."""

from __future__ import annotations

from markupsafe import Markup

from aftershock.output.phrases import plural
from aftershock.rendering.site.catalogue import month_words

MOST = 36  # months: the three years that fit into a line of the index
BAR, GAP, HEIGHT = 7, 2, 30


def per_month(counts: dict[str, int]) -> Markup:
    """Bars of the last three years, with the same in words; nothing for a single month, which has no course."""
    shown = list(counts.items())[-MOST:]
    if len(shown) < 2:
        return Markup("")
    most = max(count for _, count in shown)
    bars = Markup("").join(_bar(n, count, most) for n, (_, count) in enumerate(shown))
    width = len(shown) * (BAR + GAP) - GAP
    first, last = month_words(shown[0][0]), month_words(shown[-1][0])
    peak = next(month for month, count in shown if count == most)
    said = (
        f"Incidents per month from {first} to {last}: {', '.join(str(count) for _, count in shown)}. "
        f"Most were {plural(most, 'incident')} in {month_words(peak)}."
    )
    return Markup(
        '<svg class="as-spark" role="img" aria-label="{}" width="{}" height="{}" viewBox="0 0 {} {}">{}</svg>'
        '<span class="as-quiet">incidents per month, {} to {}</span>'
    ).format(said, width, HEIGHT, width, HEIGHT, bars, first, last)


def _bar(place: int, count: int, most: int) -> Markup:
    """A bar; a month without incidents keeps a hairline, so that it is not taken for a gap."""
    height = max(round((HEIGHT - 2) * count / most, 1), 1) if most else 1
    return Markup('<rect x="{}" y="{:g}" width="{}" height="{:g}"/>').format(
        place * (BAR + GAP), HEIGHT - height, BAR, height
    )
