"""Where the real logs are."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REAL = Path(os.environ.get("AFTERSHOCK_BENCHMARK", ROOT.parent / "shared" / "benchmark"))
