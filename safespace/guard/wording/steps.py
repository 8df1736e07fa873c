# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a step from one level to another changes, in sentences."""

from collections.abc import Iterator

from safespace.domain import Level, Topic
from safespace.guard import wording
from safespace.guard.deciding.facts import PROTECTED
from safespace.guard.wording.missed import Missed
from safespace.i18n import _, decimal


def gains(now: Level, to: Level, missed: Missed | None, *, joined: bool) -> tuple[str, ...]:
    """What may happen at `to` that may not at `now`, one sentence after the other.

    `joined`: the member belongs to a cooperative.
    """
    return tuple(_gains(now, to, missed, joined))


def stops() -> tuple[str, ...]:
    """What ends at level 0, and what goes on."""
    return (
        _("An answer that is being written stops; what came until then is kept."),
        _("The model is put out of memory, and its process is ended."),
        _("No button asks a model, and settings that are about one are not shown."),
        _("What you write is kept as a note; going up later, no model reads it."),
        _("Notes, documents, memory, search, backups and export go on as before."),
    )


def _gains(now: Level, to: Level, missed: Missed | None, joined: bool) -> Iterator[str]:
    for level in Level:
        if now < level <= to and (level is to or level <= Level.WHEN_I_ASK):
            yield wording.level_meaning(level)
    if to is Level.AT_MY_SIDE:
        yield _(
            "A model on this computer may then read lines of your memory and passages of your"
            " documents with your questions, each once you turn it on. So far one thing is done in"
            " the background: a model that you bring for it has documents found by what they mean."
        )
    if to >= Level.ASK_EACH_TIME:
        yield _("Never, where the guard recognises it: passwords and keys, {topics}.").format(
            topics=", ".join(wording.topic_name(topic) for topic in Topic if topic in PROTECTED)
        )
        yield _missed(missed)
        if not joined:
            yield _(
                "You have joined no cooperative. Until you do, nothing is sent at this level"
                " either."
            )
    yield _("You can go down again at any time, in one action, and it acts at once.")


def _missed(missed: Missed | None) -> str:
    if missed is None:
        return _("How much this guard does not recognise was not measured.")
    return _(
        "It does not recognise everything: of {texts} test texts with somebody's name, address or"
        " number, it would have let {missed} pass unasked ({percent} %)."
    ).format(texts=missed.texts, missed=missed.missed, percent=decimal(missed.percent))
