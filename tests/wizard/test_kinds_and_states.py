"""A log's own name says what kind its changes are where no column does."""

from __future__ import annotations

import pytest

from aftershock.wizard import kinds_and_states


@pytest.mark.parametrize(
    ("file", "id", "kind"),
    [
        ("deployments.csv", "id", "deploy"),
        ("log.csv", "DeploymentId", "deploy"),
        ("config_changes.json", "change_id", "config"),
        ("feature-flags.csv", "id", "feature_flag"),
        ("changes.csv", "release_id", "deploy"),
        ("maintenance-2024.csv", "id", "infrastructure"),
        ("wartungen.csv", "Nr", "infrastructure"),
    ],
)
def test_a_list_of_deployments_holds_deployments(file, id, kind):
    assert kinds_and_states.of_file(file, id).value == kind


@pytest.mark.parametrize("file", ["changes.csv", "commits.csv", "flagship.csv", "configuration_items.csv"])
def test_other_names_say_nothing(file):
    assert kinds_and_states.of_file(file, "id") is None
