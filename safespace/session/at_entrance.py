# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a space shows of itself while it is locked: a name and a picture, a name, or nothing."""

from dataclasses import dataclass
from typing import Final

from safespace.errors import Usage
from safespace.i18n import _
from safespace.session.limits import papers
from safespace.store.keys import header, header_copies
from safespace.store.space import Space
from safespace.store.spaces import SpaceInfo, Spaces

_KEPT: Final = "entrance.name"
"""Inside the space: the name that its header does not tell."""


@dataclass(frozen=True, slots=True)
class Showing:
    """What is shown now. `picture` is a small PNG, or nothing."""

    name: bool
    picture: bytes


class AtEntrance:
    """The choice of one open space. Blocks briefly; any thread. Raises StorageError, Damaged."""

    def __init__(self, info: SpaceInfo, space: Space, spaces: Spaces) -> None:
        self._info = info
        self._space = space
        self._spaces = spaces

    def now(self) -> Showing:
        """What others see."""
        kept = header_copies.read(self._info.folder).header
        return Showing(kept.veil is None, kept.picture)

    def hide(self) -> None:
        """Show nothing: whoever wants to open the space types its name."""
        self._space.keep_setting(_KEPT, self._info.name)
        kept = header_copies.read(self._info.folder).header
        header_copies.put(self._info.folder, header.veiled(kept, self._info.name))
        papers.withhold(self._info.folder)

    def show(self, picture: bytes = b"") -> None:
        """Show the name, and a picture if there is one. Raises Usage if others show that name."""
        name = self._spaces.fit_name(self._info.name, but_for=self._info.id)
        kept = header_copies.read(self._info.folder).header
        try:
            shown = header.shown(kept, name, picture)
        except header.Unreadable:
            raise Usage(_("That is no picture that can be shown here.")) from None
        header_copies.put(self._info.folder, shown)


def name_of(info: SpaceInfo, space: Space) -> str:
    """The name of an open space, which only it knows if it is hidden."""
    kept = space.setting(_KEPT) if info.hidden else None
    return kept if isinstance(kept, str) and kept else info.name
