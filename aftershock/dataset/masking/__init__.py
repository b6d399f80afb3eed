"""Names, addresses and secrets in texts: where they are, and what stands in their place."""

from aftershock.dataset.masking.columns import kind_of_cell
from aftershock.dataset.masking.mask import AS_IT_IS, KINDS, Mask
from aftershock.dataset.masking.people import MENTIONS, People, is_role, mentioned
from aftershock.sources.person_fields import names_people

__all__ = ["AS_IT_IS", "KINDS", "MENTIONS", "Mask", "People", "is_role", "kind_of_cell", "mentioned", "names_people"]
