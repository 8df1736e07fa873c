# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a model is and would be like here, in words: its card, and whether it fits."""

from collections.abc import Iterator
from dataclasses import replace

from safespace import paths
from safespace.domain import ModelCard
from safespace.guard import wording
from safespace.i18n import _
from safespace.local_ai.client.calibration import Calibration
from safespace.local_ai.machine import Card, Machine, this_machine
from safespace.local_ai.shelf import outlook
from safespace.local_ai.shelf.fit import READING_PACE, expected_size, show_bytes
from safespace.local_ai.shelf.outlook import Outlook
from safespace.local_ai.shelf.shelf import Shelf, ShelfModel


def machine_with(cards: tuple[Card, ...]) -> Machine:
    """This computer, now, and the graphics cards that were found on it."""
    return replace(this_machine(), cards=cards)


def of_card(card: ModelCard, shelf: Shelf, machine: Machine) -> Outlook:
    """What it would be like, were it fetched. Raises StorageError."""
    pace = outlook.pace_of(shelf.models(), Calibration(paths.calibration_file()), machine)
    return outlook.of_card(card, machine, pace, shelf.free())


def of_model(model: ShelfModel, shelf: Shelf, machine: Machine) -> Outlook:
    """What it is like. Raises ModelDamaged, StorageError."""
    known = Calibration(paths.calibration_file())
    pace = outlook.pace_of(shelf.models(), known, machine, model)
    return outlook.of_model(model, machine, pace, shelf.free())


def told(card: ModelCard) -> Iterator[str]:
    """Its card, sentence by sentence."""
    whole, tenth = f"{card.parameters / 1e9:.1f}".split(".")
    yield _("By {maker}; {whole}.{tenth} billion parameters.").format(
        maker=card.maker or _("somebody unknown"), whole=whole, tenth=tenth
    )
    if card.terms:
        yield _("Licence: {licence}.").format(licence=card.licence) + " " + _(card.terms)
    else:
        yield _("Licence: {licence}, a free one.").format(licence=card.licence or "?")
    yield _("Languages: {languages}.").format(languages=", ".join(sorted(card.languages)))
    if card.not_for:
        yield _("Not asked about: {topics}.").format(
            topics=wording.topics_named(tuple(sorted(topic.value for topic in card.not_for)))
        )
    if card.data:
        yield _("Made of: {data}").format(data=_(card.data))
    if card.limits:
        yield _("Limits: {limits}").format(limits=_(card.limits))
    if card.finds:
        yield finding()
    elif card.context:
        yield _("It keeps about {count} tokens of a conversation in view.").format(
            count=card.context
        )
    if card.source:
        yield _("Its maker's page: {address}").format(address=card.source)
    if not card.verified:
        yield _("To be verified: nobody has fetched and checked its file yet.")


def finding() -> str:
    """What a model is for that answers nothing."""
    return _("It finds passages of documents by what they mean, and holds no conversation.")


def fit(seen: Outlook, *, finds: bool = False) -> Iterator[str]:
    """Whether it fits this computer, and how fast it would answer if it answers, sentence by
    sentence.
    """
    needs = _("It needs {need} of memory, of {there} that are free now.").format(
        need=show_bytes(seen.memory), there=show_bytes(seen.available)
    )
    if seen.fits:
        yield needs
    elif seen.ever_fits:
        yield needs + " " + _("Close other programs first.")
    else:
        yield _("It needs {need} of memory: this computer has {there}.").format(
            need=show_bytes(seen.memory), there=show_bytes(seen.installed)
        )
    if seen.cards:
        yield _on_cards(seen)
    if seen.disk and not seen.has_room:
        yield _("It takes {need} of disk, and {there} are free.").format(
            need=show_bytes(seen.disk), there=show_bytes(seen.free)
        )
    elif seen.disk:
        yield _("It takes {need} of disk.").format(need=show_bytes(seen.disk))
    if finds:
        return
    if not seen.tokens_per_second:
        yield _("How fast it answers with the graphics card, its first answer shows.")
        return
    pace_said = (
        _("About {speed:.0f} tokens a second, as reckoned from what was measured here.")
        if seen.measured
        else _("About {speed:.0f} tokens a second, by a rule of thumb.")
    ).format(speed=seen.tokens_per_second)
    slow = seen.tokens_per_second < READING_PACE
    yield pace_said + (" " + _("That is slower than people read.") if slow else "")


def crowded(on_card: int, layers: int) -> str:
    """That a graphics card had less room for a model than it said, when it was loaded."""
    if not on_card:
        return _("The graphics card did not take the model; the processor does it all for now.")
    return _(
        "The graphics card has room for {on_card} of the model's {layers} layers now; the"
        " processor does the rest."
    ).format(on_card=on_card, layers=layers)


def _on_cards(seen: Outlook) -> str:
    said = {
        "card": " + ".join(card.name for card in seen.cards),
        "there": show_bytes(sum(card.total for card in seen.cards)),
        "free": show_bytes(sum(card.free for card in seen.cards)),
    }
    if seen.on_card == 1:
        return _("All of it goes on the graphics card ({card}, {there}, {free} free now).").format(
            **said
        )
    if not seen.on_card:
        return _(
            "Nothing of it fits on the graphics card ({card}, {there}, {free} free now)."
        ).format(**said)
    return _(
        "{part:.0f} % of it fit on the graphics card ({card}, {there}, {free} free now); the"
        " processor does the rest."
    ).format(part=seen.on_card * 100, **said)


def size_said(card: ModelCard) -> str:
    """The size of its file; "about" where nobody fetched it."""
    size = show_bytes(expected_size(card))
    return size if card.size else _("about {size}").format(size=size)
