# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rooms of an open space that have to do with limits, each with what it needs."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from safespace.errors import SafeSpaceError
from safespace.session.limits.bound import Bound
from safespace.session.limits.heirs import Heirs
from safespace.session.limits.household import Household
from safespace.session.limits.own import OwnLimits
from safespace.session.limits.papers import Papers
from safespace.session.limits.signer import Signer
from safespace.session.limits.wards import Wards
from safespace.store.space import Space
from safespace.store.spaces import SpaceInfo, Spaces


@dataclass(frozen=True, slots=True)
class Agreements:
    """`own` are the limits of this space; the others are what its member does as a guardian."""

    own: OwnLimits
    wards: Wards
    household: Household
    heirs: Heirs

    @classmethod
    def of(
        cls,
        space: Space,
        info: SpaceInfo,
        spaces: Spaces,
        signs_with: Callable[[SpaceInfo, str], bytes],
    ) -> "Agreements":
        """Those of a space that was just opened, with the newest papers taken in.

        `signs_with` is the public key of another space, whose passphrase was typed.
        """
        signer = Signer(space.limits, space.household)
        papers = Papers(spaces.state, spaces.root)
        bound = Bound(space.household, papers, info)
        own = OwnLimits(space.limits, bound, signer, info.id, spaces.state)
        own.take_in(space.remembered_limits())
        household = Household(space.household, space.limits, signer, papers, own, info, spaces)
        wards = Wards(space.limits, signer, household, info, spaces)
        heirs = Heirs(space.household, signer, wards, household, papers, info, spaces, signs_with)
        return cls(own, wards, household, heirs)

    def news(self) -> str:
        """What the member should know at once: usually nothing."""
        said = [self.own.news]
        for room in (self.wards, self.household):
            with suppress(SafeSpaceError):  # whoever opens a space is not kept out by papers
                said.append(room.news())
        return " ".join(filter(None, said))
