"""Fleets with known causes: a simulated company's incidents, changes and service graph, and the truth next to them.

For the demo data, for tests of the model, and for anyone who wants to see how far an answer can be trusted. The
process is the one the model assumes: a background, plus changes that trigger with a log-normal delay; the version for
earthquakes is Ogata 1988, doi:10.1080/01621459.1988.10478560. To it comes the dirt of real logs: changes that nobody
recorded, staging, reverts, duplicates, imprecise times, services left blank.
"""

from aftershock.simulation.dataset_files import write
from aftershock.simulation.plan import DEFAULT_KINDS, KINDS, Fleet, KindPlan, planted
from aftershock.simulation.simulated import Simulated, simulate

__all__ = ["DEFAULT_KINDS", "KINDS", "Fleet", "KindPlan", "Simulated", "planted", "simulate", "write"]
