from __future__ import annotations

from pathlib import Path

import pytest
from small_pages import put_report as put


@pytest.fixture
def output(tmp_path) -> Path:
    """A folder with two months and two incidents of one dataset and a month of a simulated one."""
    real = {"dataset_name": "Real things", "simulated": False}
    put(tmp_path / "real/2025-01/index.json", title="January", kind="month", month="2025-01", **real)
    put(tmp_path / "real/2025-02/index.json", title="February", kind="month", month="2025-02", summary="Calm.", **real)
    incident = {"kind": "incident", "severity": "SEV1"}
    put(tmp_path / "real/incidents/b.json", title="Older", started_at="2025-01-02T00:00:00+00:00", **incident, **real)
    put(tmp_path / "real/incidents/a.1.json", title="Newer", started_at="2025-01-09T00:00:00+00:00", **incident, **real)
    put(tmp_path / "demo/2025-03/index.json", title="March", dataset_name="Demo", simulated=True, month="2025-03")
    return tmp_path
