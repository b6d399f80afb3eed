"""Atlassian documents as plain text."""

from __future__ import annotations

from aftershock.sources.vendors import jira_text


def test_text_of_atlassian_documents_is_bounded_and_takes_anything():
    deep: dict = {"type": "text", "text": "too deep"}
    for _ in range(50):
        deep = {"type": "paragraph", "content": [deep]}
    assert jira_text.plain(deep) == ""
    assert jira_text.plain({"type": "doc", "content": "no list"}) == ""
    assert jira_text.plain(None) == ""
