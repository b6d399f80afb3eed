"""Times as numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd


def hours(times: pd.Series) -> np.ndarray:
    """UTC times as hours since 1970; NaN for NaT."""
    whole = times.to_numpy(dtype="datetime64[ns]").astype("int64") / 3.6e12
    return whole if times.notna().all() else np.where(times.isna(), np.nan, whole)
