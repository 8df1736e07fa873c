# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every setting, page by page."""

import difflib
from typing import Final

from safespace.domain import TaskKind, Topic
from safespace.errors import Usage
from safespace.i18n import N_, _
from safespace.settings.hours import is_window
from safespace.settings.setting import Scope, Setting

TABLE: Final = (
    Setting(
        "appearance.theme",
        Scope.COMPUTER,
        "system",
        N_("Colours"),
        N_("Light or dark, or as the system has it."),
        choices=("system", "light", "dark"),
    ),
    Setting(
        "appearance.text_size",
        Scope.COMPUTER,
        100,
        N_("Text size"),
        N_("In percent of the usual size."),
        low=75,
        high=200,
    ),
    Setting(
        "appearance.language",
        Scope.COMPUTER,
        "system",
        N_("Language"),
        N_("The language of the screens. It takes effect at the next start."),
        choices=("system", "en", "de"),
    ),
    Setting(
        "assistant.model",
        Scope.SPACE,
        "",
        N_("Model"),
        N_("The file on the model shelf that answers you. Empty: the largest one that fits."),
    ),
    Setting(
        "assistant.answer_tokens",
        Scope.SPACE,
        512,
        N_("Longest answer"),
        N_("In tokens; a token is about three quarters of an English word."),
        low=16,
        high=8192,
    ),
    Setting(
        "assistant.temperature",
        Scope.SPACE,
        0.2,
        N_("Variety"),
        N_("0 always takes the likeliest word; higher values vary more and err more."),
        low=0.0,
        high=1.5,
    ),
    Setting(
        "assistant.breadth",
        Scope.SPACE,
        0.95,
        N_("Choice of words"),
        N_("How rare a word may be. Lower stays with common words; 1 leaves out none."),
        low=0.3,
        high=1.0,
    ),
    Setting(
        "assistant.repetition",
        Scope.SPACE,
        1.1,
        N_("Against repeating itself"),
        N_("1 does nothing; higher avoids what was just said, and too high sounds odd."),
        low=1.0,
        high=1.3,
    ),
    Setting(
        "assistant.adapter",
        Scope.SPACE,
        "",
        N_("Adapter"),
        N_("A small file (LoRA) that changes how the model speaks. Empty: none."),
    ),
    Setting(
        "assistant.adapter_strength",
        Scope.SPACE,
        1.0,
        N_("Strength of the adapter"),
        N_("1 is as it was made, 0 is without it; above 1 it may stop making sense."),
        low=0.0,
        high=1.5,
    ),
    Setting(
        "assistant.memory",
        Scope.SPACE,
        "off",
        N_("Memory goes along"),
        N_(
            "Let a model on this computer read lines of your memory with a question, from level"
            " 2 up. They are never sent."
        ),
        choices=("off", "on"),
    ),
    Setting(
        "assistant.marks",
        Scope.SPACE,
        "on",
        N_("Mark of AI text"),
        N_(
            "What you copy of an answer, all or some words, or save of it says that AI wrote it, by"
            " which model, where and when."
        ),
        choices=("off", "on"),
    ),
    Setting(
        "assistant.documents",
        Scope.SPACE,
        "off",
        N_("Documents go along"),
        N_(
            "Let a model on this computer read passages of your documents that fit a question,"
            " from level 2 up. They are never sent, and neither is a conversation that quotes them."
        ),
        choices=("off", "on"),
    ),
    Setting(
        "assistant.meaning",
        Scope.SPACE,
        "on",
        N_("Find by what is meant"),
        N_(
            "Where documents go along and a model that finds lies on this computer: find their"
            " passages by what they mean too, not by their words alone. Off, what was made for that"
            " is erased."
        ),
        choices=("off", "on"),
    ),
    Setting(
        "assistant.threads",
        Scope.COMPUTER,
        0,
        N_("Processor threads"),
        N_(
            "How many the model uses. 0: as many as turn out fastest for it on this computer,"
            " tried while it answers, and again when other programs come or go. It takes effect"
            " at the next start."
        ),
        low=0,
        high=256,
    ),
    Setting(
        "assistant.graphics_card",
        Scope.COMPUTER,
        "on",
        N_("Use the graphics card"),
        N_(
            "Where there is one that this installation can use, as much of the model as fits lies"
            " on it. It takes effect at the next start."
        ),
        choices=("off", "on"),
    ),
    Setting(
        "assistant.bookmarks",
        Scope.SPACE,
        256,
        N_("Bookmarks in long conversations"),
        N_(
            "Megabytes beside the space, encrypted, for what the model made of long conversations:"
            " they go on at once after a restart. Those used longest ago make way. 0: none."
        ),
        low=0,
        high=65536,
    ),
    Setting(
        "guard.reserved_tasks",
        Scope.SPACE,
        (),
        N_("I do these myself"),
        N_("Kinds of task that no AI does for you."),
        choices=tuple(kind.value for kind in TaskKind if kind is not TaskKind.CHAT),
    ),
    Setting(
        "guard.topics_without_ai",
        Scope.SPACE,
        (),
        N_("Topics without AI"),
        N_("Topics that you want to keep from every AI, the local model included."),
        choices=tuple(topic.value for topic in Topic),
    ),
    Setting(
        "guard.topics_here",
        Scope.SPACE,
        (),
        N_("Topics that stay here"),
        N_("Topics that never leave this computer, at whatever level."),
        choices=tuple(topic.value for topic in Topic),
    ),
    Setting(
        "guard.hours_without_ai",
        Scope.SPACE,
        (),
        N_("Hours without AI"),
        N_("Times of the day at which no model is asked, such as 22:00-07:00."),
        shape=is_window,
        allowed_shape=N_("times such as 22:00-07:00"),
    ),
    Setting(
        "door.models",
        Scope.SPACE,
        "off",
        N_("Fetch models"),
        N_(
            "Let Safe Space fetch the file of a model when you ask for it, from the address on the"
            " model's card. It goes on while the space is locked; off stops it."
        ),
        choices=("off", "on"),
    ),
    Setting(
        "door.updates",
        Scope.SPACE,
        "off",
        N_("Look for new versions"),
        N_("Let Safe Space ask whether there is one. This version has nothing yet that asks."),
        choices=("off", "on"),
    ),
    Setting(
        "door.hub",
        Scope.SPACE,
        "off",
        N_("Speak with the hub"),
        N_(
            "Let Safe Space speak with the server of your cooperative. This version has nothing"
            " yet that does."
        ),
        choices=("off", "on"),
    ),
    Setting(
        "lock.idle_minutes",
        Scope.SPACE,
        0,
        N_("Lock by itself"),
        N_(
            "After so many minutes with nothing typed or moved. 0: after 5 where others use this"
            " computer account, after 15 where you alone do."
        ),
        low=0,
        high=240,
    ),
    Setting(
        "lock.account",
        Scope.COMPUTER,
        "unknown",
        N_("This computer account"),
        N_("Whether others use it too. Not said: shared, if there is more than one space."),
        choices=("unknown", "shared", "alone"),
    ),
    Setting(
        "backup.folder",
        Scope.COMPUTER,
        "",
        N_("Backup folder"),
        N_(
            "Where a backup of every space is made once a day. Empty: beside the spaces, which"
            " does not help when this disk dies or the computer is gone; a stick or another disk"
            " does."
        ),
    ),
)

_BY_KEY: Final = {setting.key: setting for setting in TABLE}


def find(key: str) -> Setting:
    """The row named `key`. Raises Usage that suggests the nearest key."""
    if setting := _BY_KEY.get(key):
        return setting
    near = difflib.get_close_matches(key, _BY_KEY, n=1, cutoff=0.4)
    raise Usage(
        _("There is no setting “{key}”.").format(key=key),
        _("Did you mean {near}?").format(near=near[0])
        if near
        else _("“safespace config” lists them."),
    )
