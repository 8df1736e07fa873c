# SPDX-License-Identifier: AGPL-3.0-or-later
"""Instructions and saved prompts: kept whole or refused, gone with their place."""

import pytest

from safespace.domain import Kind
from safespace.errors import Usage
from safespace.store.rooms.own_words import LONGEST
from safespace.store.space import Space


def test_instructions_belong_to_the_space_or_to_one_conversation(space: Space) -> None:
    herons = space.new_conversation("Herons").id
    storks = space.new_conversation("Storks").id
    space.words.instruct(None, "Be brief.")
    space.words.instruct(herons, "Be long.")
    space.words.instruct(herons, "  Be longer. ")
    assert space.words.instructions(None) == "Be brief."
    assert space.words.instructions(herons) == "Be longer."
    assert space.words.instructions(storks) == ""
    space.words.instruct(herons, "")
    assert space.words.instructions(herons) == ""


def test_they_go_with_their_conversation(space: Space) -> None:
    herons = space.new_conversation("Herons").id
    space.words.instruct(herons, "Be long.")
    space.bin.put(Kind.CONVERSATION, herons)
    with pytest.raises(Usage):
        space.words.instruct(herons, "Be longer.")
    space.bin.erase(Kind.CONVERSATION, herons)
    assert space.words.instructions(herons) == ""


def test_instructions_that_are_too_long_are_refused_whole(space: Space) -> None:
    space.words.instruct(None, "x" * LONGEST)
    with pytest.raises(Usage, match=str(LONGEST + 1)):
        space.words.instruct(None, "y" * (LONGEST + 1))
    assert space.words.instructions(None) == "x" * LONGEST


def test_prompts_are_saved_changed_and_deleted(space: Space) -> None:
    words = space.words
    plan = words.keep_prompt(None, "", "Plan my week.\nMondays are free.")
    again = words.keep_prompt(None, "Again ", "Say it again.")
    assert [prompt.title for prompt in words.prompts()] == ["Again", "Plan my week."]
    assert words.keep_prompt(plan, "Week", "Plan it.") == plan
    assert (words.prompt(plan).title, words.prompt(plan).text) == ("Week", "Plan it.")
    words.delete_prompt(plan)
    assert [prompt.id for prompt in words.prompts()] == [again]
    for act in (words.delete_prompt, words.prompt, lambda id_: words.keep_prompt(id_, "a", "b")):
        with pytest.raises(Usage):
            act(plan)
    with pytest.raises(Usage):
        words.keep_prompt(None, "A title alone", " ")
