"""What the message of a commit says."""

from __future__ import annotations

import pytest
from git_author import changes_of

from aftershock.sources.git import messages


@pytest.mark.parametrize(
    ("message", "numbers", "title"),
    [
        ("Merge pull request #12 from ada/fix\n\nMend it", {"12"}, "Mend it"),
        ("Merge branch 'fix' into 'main'\n\nMend it\n\nSee merge request shop/web!12", {"12"}, "Mend it"),
        ("Merged PR 12: Mend it", {"12"}, "Merged PR 12: Mend it"),
        ("Mend it (#12)\n\n* first (#3)\n", {"12"}, "Mend it (#12)"),
        ("Merged in fix (pull request #12)", {"12"}, "Merged in fix (pull request #12)"),
        ("Merge branch 'fix'\n\n# Conflicts:\n#\ta.py", set(), "Merge branch 'fix'"),
        ("Merge branch 'main' of host:shop", set(), "Merge branch 'main' of host:shop"),
        ("", set(), ""),
    ],
)
def test_what_a_message_says(message, numbers, title):
    assert messages.numbers(message) == numbers
    assert messages.title_and_description(message)[0] == title


def test_the_revert_of_a_merge_request_and_of_a_revert_branch(shop):
    one = shop.commit("Merge branch 'a' into 'main'\n\nOne\n\nSee merge request shop/web!4", {"a": "1"})
    two = shop.commit("Two (#5)", {"a": "2"})
    shop.commit("Revert it\n\nThis reverts merge request !4", {"a": "3"})
    shop.commit('Merge pull request #6 from ada/revert-5-two\n\nRevert "Two"', {"a": "4"})
    assert list(changes_of(shop.folder).frame["reverts"]) == [[two], [one], [], []]
