"""Names, addresses and secrets in texts: where they are, and what stands in their place.

What finds them is imported when it is first asked for: a log is read without it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aftershock.dataset.masking.columns import kind_of_cell
    from aftershock.dataset.masking.mask import AS_IT_IS, KINDS, Mask
    from aftershock.dataset.masking.people import MENTIONS, People, is_role, mentioned
    from aftershock.sources.person_fields import names_people

__all__ = ["AS_IT_IS", "KINDS", "MENTIONS", "Mask", "People", "is_role", "kind_of_cell", "mentioned", "names_people"]
_LATE = {
    **dict.fromkeys(("AS_IT_IS", "KINDS", "Mask"), "aftershock.dataset.masking.mask"),
    **dict.fromkeys(("MENTIONS", "People", "is_role", "mentioned"), "aftershock.dataset.masking.people"),
    "kind_of_cell": "aftershock.dataset.masking.columns",
    "names_people": "aftershock.sources.person_fields",
}


def __getattr__(name: str) -> object:
    if name in _LATE:
        return getattr(import_module(_LATE[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
