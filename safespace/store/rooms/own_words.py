# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the member tells the assistant: instructions, of the space and of a conversation, and
prompts that are saved to be asked again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from safespace.errors import Usage
from safespace.i18n import _
from safespace.store.connection import Database
from safespace.store.owner import OwnerThread
from safespace.store.rooms import bookmarks, codec, conversations

LONGEST: Final = 1500
"""Characters of instructions. A model reads them with every question."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """Words that the member asks often."""

    id: int
    title: str
    text: str
    changed: datetime


class OwnWords:
    """Those of an open space. As with the space, any thread."""

    def __init__(self, owner: OwnerThread) -> None:
        self._owner = owner

    def instructions(self, conversation: int | None) -> str:
        """Those of a conversation, or, with None, those of the space; empty if there are none."""
        return self._owner.do(instructions, conversation)

    def instruct(self, conversation: int | None, text: str) -> None:
        """Put others in their place; empty: none. Raises Usage if they are too long."""
        self._owner.do(instruct, conversation, text)

    def prompts(self) -> list[Prompt]:
        """All that are saved, by title."""
        return self._owner.do(prompts)

    def prompt(self, prompt: int) -> Prompt:
        """One of them. Raises Usage if it is gone."""
        return self._owner.do(one_prompt, prompt)

    def keep_prompt(self, prompt: int | None, title: str, text: str) -> int:
        """Keep what a prompt says; None saves another one. Its id. Raises Usage."""
        return self._owner.do(keep_prompt, prompt, title, text)

    def delete_prompt(self, prompt: int) -> None:
        """Overwrite a prompt. Raises Usage if it is gone."""
        self._owner.do(delete_prompt, prompt)


def instructions(database: Database, conversation: int | None) -> str:
    """Those of a conversation, or of the space; empty if there are none."""
    row = database.row("SELECT text FROM instructions WHERE conversation IS ?", conversation)
    return "" if row is None else str(row[0])


def instruct(database: Database, conversation: int | None, text: str) -> None:
    """Put others in their place. Raises Usage if they are too long, or the conversation gone."""
    text = text.strip()
    if len(text) > LONGEST:
        raise Usage(
            _("Instructions may have {most} characters; these have {count}.").format(
                most=LONGEST, count=len(text)
            ),
            _("Shorten them: the model reads them with every question."),
        )
    if conversation is not None:
        conversations.conversation(database, conversation)
    bookmarks.forget(database)  # models read the old ones
    database.change("DELETE FROM instructions WHERE conversation IS ?", conversation)
    if text:
        database.change("INSERT INTO instructions VALUES (?, ?)", conversation, text)


def prompts(database: Database) -> list[Prompt]:
    """All that are saved, by title."""
    found = database.rows("SELECT id, title, text, changed FROM prompt ORDER BY title, id")
    return [Prompt(id_, title, text, codec.moment(at)) for id_, title, text, at in found]


def one_prompt(database: Database, id_: int) -> Prompt:
    """One of them. Raises Usage if it is gone."""
    for prompt in prompts(database):
        if prompt.id == id_:
            return prompt
    raise Usage(_("That prompt is no longer there."))


def keep_prompt(database: Database, id_: int | None, title: str, text: str) -> int:
    """Keep what a prompt says; None saves another one. Its id. Raises Usage."""
    title, text = " ".join(title.split()), text.strip()
    if not text:
        raise Usage(_("There is nothing to save yet."), _("Write the prompt first."))
    title = title or text.partition("\n")[0][:60]
    at = codec.moment_to_column(codec.now())
    if id_ is None:
        return database.change(
            "INSERT INTO prompt (title, text, changed) VALUES (?, ?, ?)", title, text, at
        )
    one_prompt(database, id_)
    database.change(
        "UPDATE prompt SET title = ?, text = ?, changed = ? WHERE id = ?", title, text, at, id_
    )
    return id_


def delete_prompt(database: Database, id_: int) -> None:
    """Overwrite a prompt. Raises Usage if it is gone."""
    one_prompt(database, id_)
    database.change("DELETE FROM prompt WHERE id = ?", id_)


def whole(database: Database) -> list[dict[str, object]]:
    """Every prompt as JSON values."""
    found = database.rows("SELECT id, title, text, changed FROM prompt ORDER BY id")
    return [dict(zip(("id", "title", "text", "changed"), row, strict=True)) for row in found]
