"""What a service lists can be read by a format."""

from __future__ import annotations

import pytest

from aftershock.sources import find
from aftershock.sources.fetching import github, pagerduty, statuspage


@pytest.mark.parametrize(
    "vendor",
    [
        pagerduty.vendor("", ()),
        github.vendor("shop/web", "", (), "incident"),
        statuspage.vendor("kctbh9vrtdwd", ""),
        statuspage.vendor("https://status.example.com", ""),
    ],
    ids=["pagerduty", "github", "own statuspage", "public statuspage"],
)
def test_every_page_has_a_format_that_reads_it(vendor):
    for resource in vendor.resources:
        assert resource.table in find(resource.format, resource.table).tables
