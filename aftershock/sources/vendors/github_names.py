"""How GitHub's records name their repository: by addresses of the API or of pages, on github.com or a company's host."""

from __future__ import annotations

import re

from aftershock.sources.json_paths import text_at

_REPOSITORY = re.compile(r"https?://[^/]+/(?:api/v3/)?(?:repos/)?([^/]+/[^/?#]+)")
_PLACES = ("repository.nameWithOwner", "repository.full_name", "base.repo.full_name")
_ADDRESSES = ("repository_url", "html_url", "url")


def repository_of(value: dict) -> str:
    """``owner/name`` of the repository that a record belongs to, ``""`` when it does not say."""
    found = _REPOSITORY.match(text_at(value, *_ADDRESSES))
    return text_at(value, *_PLACES) or (found.group(1) if found else "")


def short(repository: str) -> str:
    """The name of a repository without its owner: what people call the service that lives in it."""
    return repository.rpartition("/")[2]


def numbered(repository: str, number: str) -> str:
    """``name#number``, since numbers repeat between repositories."""
    return f"{short(repository)}#{number}" if number and repository else number
