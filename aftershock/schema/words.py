"""How a text is taken apart into words, the same for masking, the model's evidence and the tables of repeats."""

from __future__ import annotations

import re

WORD = re.compile(r"[^\W_]+")
"""A run of letters and digits of any script."""

PART = r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+"
"""Pattern of a part of an identifier: ``HTTPServer2`` holds HTTP, Server and 2. Letters beyond ASCII are in none."""
