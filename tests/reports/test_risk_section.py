"""Which services and hours carry risk, in words."""

from __future__ import annotations

import pandas as pd

from aftershock.reports.risk_section import NO_SERVICE, risk_tables


def test_where_no_change_names_a_service_nothing_is_said_of_how_they_differ():
    columns = ["group", "changes", "set_off", "per_1000", "per_1000_low", "per_1000_high", "chance_per_1000"]
    none = pd.DataFrame(columns=columns)
    said = repr(risk_tables(none, none))
    assert NO_SERVICE in said and "none is ranked" not in said
