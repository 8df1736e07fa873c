# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tasks beside talking: what a member chose to have done with a text, put into words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from safespace.domain import TaskKind
from safespace.i18n import N_, _


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done; `detail` is what its form asks for, and may be empty."""

    kind: TaskKind
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A task as a face offers it: its name, what its detail is, and an example of that.

    `words` go before the text; `detailed` do where there is a detail.
    """

    name: str
    detail: str
    example: str
    words: str
    detailed: str


FORMS: Final[Mapping[TaskKind, Form]] = {
    TaskKind.SUMMARY: Form(
        N_("Summarise"),
        N_("What matters"),
        N_("dates and costs"),
        N_("Summarise this text:"),
        N_("Summarise this text. What matters: {detail}."),
    ),
    TaskKind.REWRITE: Form(
        N_("Rewrite"),
        N_("How"),
        N_("shorter, friendlier"),
        N_("Rewrite this text; what it means stays:"),
        N_("Rewrite this text; what it means stays. How: {detail}."),
    ),
    TaskKind.TRANSLATION: Form(
        N_("Translate"),
        N_("Into which language"),
        N_("French"),
        N_("Translate this text into English:"),
        N_("Translate this text. Language: {detail}."),
    ),
    TaskKind.EXPLANATION: Form(
        N_("Explain"),
        N_("For whom"),
        N_("a child of ten"),
        N_("Explain this in simple words:"),
        N_("Explain this in simple words. For whom: {detail}."),
    ),
    TaskKind.LETTER: Form(
        N_("Draft a letter"),
        N_("To whom"),
        N_("my landlord"),
        N_("Write a letter that says this:"),
        N_("Write a letter that says this. To whom: {detail}."),
    ),
}


def words(task: Task, text: str) -> str:
    """What is asked: the task in words, and the text below them."""
    form = FORMS[task.kind]
    detail = " ".join(task.detail.split()).rstrip(".")
    asked = _(form.detailed).format(detail=detail) if detail else _(form.words)
    return f"{asked}\n\n{text.strip()}"


def subject(kind: TaskKind | None, text: str) -> str:
    """What a conversation that begins with `text` is about: what is done with it stands first."""
    form = FORMS.get(kind) if kind else None
    return f"{_(form.name)}: {text.strip()}" if form else text
