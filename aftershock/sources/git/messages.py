"""What the message of a commit, a merge or a pull request says: its title, its numbers, and what it reverts.

``git revert`` writes "This reverts commit <hash>"; the button of GitHub "Reverts owner/repository#number", on a branch
``revert-<number>-…`` (https://docs.github.com/pull-requests/collaborating-with-pull-requests/incorporating-changes-from-a-pull-request/reverting-a-pull-request);
that of GitLab "This reverts merge request !number" (https://docs.gitlab.com/user/project/merge_requests/revert_changes/).
"""

from __future__ import annotations

import re

from aftershock.sources.pseudonyms import without_addresses, without_mentions

LONGEST_DESCRIPTION = 4_000  # characters: a judgement, longer ones are templates and generated changelogs

_MERGE = re.compile(r"Merge (?:pull request #\d+|branch|remote-tracking branch|tag|commit) ")
_FORK = re.compile(r"^(Merge pull request #\d+ from )[^/\s]+/")
_NUMBER = re.compile(  # in a first line, and where GitLab signs its merges
    r"\AMerge pull request #(\d+)|\A[^\n]*\((?:pull request )?#(\d+)\)$|\AMerged PR (\d+): |^See merge request \S*!(\d+)$",
    re.MULTILINE,
)
_REVERTED = re.compile(
    r"^This reverts commit ([0-9a-f]{7,64})"
    r"|^Reverts (?:[\w.-]+/[\w.-]+)?#(\d+)|^This reverts merge request !(\d+)"
    r"|^Merge pull request #\d+ from [^/\s]+/revert-(\d+)-",
    re.MULTILINE,
)


def title_and_description(message: str) -> tuple[str, str]:
    """Of a merge the title that its message quotes, else the first line; and the rest, people left out."""
    lines = "\n".join(line.rstrip() for line in message.strip().splitlines())
    subject, _, rest = _FORK.sub(r"\1", without_addresses(lines)).partition("\n")
    rest = rest.strip()
    if _MERGE.match(subject) and rest and rest[0] not in "#*":
        title, _, others = rest.partition("\n")
        subject, rest = title, f"{subject}\n{others.strip()}".strip()
    return subject.strip(), without_mentions(rest)[:LONGEST_DESCRIPTION]


def numbers(message: str) -> set[str]:
    """The numbers of the pull or merge requests that a commit brought to the branch."""
    return {number for found in _NUMBER.findall(message) for number in found if number}


def reverted(message: str) -> list[tuple[str, str]]:
    """(hash, ``""``) or (``""``, number of the request) of each change that a message says it reverts."""
    return [(hash, "".join(number)) for hash, *number in _REVERTED.findall(message)]
