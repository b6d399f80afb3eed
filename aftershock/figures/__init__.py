"""The figures: pure functions from frames to plotly figures; none shows itself.

==================  ==========================================================================
timeline            incidents and changes by service; for one incident the time before it
suspect_bars        probability of each suspect of one incident, “no recorded change” among them
explanation_paths   how the strongest suspects came by their probabilities
delay_curve         how long after a change its outage shows
delay_comparison    your delays against those of well-known outages
blast_radius        which services a change could reach, and which were affected
calendar            days with incidents
rates_forest        incidents per 1,000 changes by kind
funnel              incidents per 1,000 changes by service against their number, with limits
control_chart       incidents per month with control limits
cumulative_outages  outages counted up over time, against a steady rate
time_to             time to detect, mitigate and resolve
reliability_diagram probabilities given to suspects against how often they were right
rank_histogram      histogram of the true change's rank
chance_strip        incidents linked to a change, and how many chance alone would link
coverage_bars       rows of each log per week, and where there are too few
clock_heatmap       rows of a log by hour of the week
rhythm_heatmap      background outages by hour of the week
==================  ==========================================================================

Every figure's ``layout.meta`` holds ``finding`` (its headline), ``alt`` (sentences with its numbers), ``caption`` (how
to read it, its limits) and ``table`` (``columns``, ``rows``), as plain text; :mod:`aftershock.figures.theme` has the
rules of the family, ``frame``, ``drawing`` and ``plot_text`` what they share.
"""

from aftershock.figures.blast_radius import blast_radius
from aftershock.figures.calendar import calendar
from aftershock.figures.chance_strip import chance_strip
from aftershock.figures.clock_heatmap import clock_heatmap
from aftershock.figures.control_chart import control_chart
from aftershock.figures.coverage_bars import coverage_bars
from aftershock.figures.cumulative_outages import cumulative_outages
from aftershock.figures.delay_curves import delay_comparison, delay_curve
from aftershock.figures.explanation_paths import explanation_paths
from aftershock.figures.funnel import funnel
from aftershock.figures.rank_histogram import rank_histogram
from aftershock.figures.rates_forest import rates_forest
from aftershock.figures.reliability_diagram import reliability_diagram
from aftershock.figures.rhythm_heatmap import rhythm_heatmap
from aftershock.figures.suspect_bars import suspect_bars
from aftershock.figures.time_to import time_to
from aftershock.figures.timeline import timeline

__all__ = [
    "blast_radius",
    "calendar",
    "chance_strip",
    "clock_heatmap",
    "control_chart",
    "coverage_bars",
    "cumulative_outages",
    "delay_comparison",
    "delay_curve",
    "explanation_paths",
    "funnel",
    "rank_histogram",
    "rates_forest",
    "reliability_diagram",
    "rhythm_heatmap",
    "suspect_bars",
    "time_to",
    "timeline",
]
