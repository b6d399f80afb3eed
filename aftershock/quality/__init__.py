"""What is wrong with a log, row by row, and what each flaw does to the attribution.

>>> quality = examine(load("data/mine"))                 # doctest: +SKIP
>>> quality.findings[0].title                            # doctest: +SKIP
"""

from aftershock.quality.examination import CHECKS, Quality, examine
from aftershock.quality.finding import Finding
from aftershock.quality.impact import Impact

__all__ = ["CHECKS", "Finding", "Impact", "Quality", "examine"]
