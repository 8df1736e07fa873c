# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tree of messages against a model of it that fits on a page."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
)

from safespace.domain import Role
from safespace.store.space import Space
from safespace.store.spaces import Spaces

from .conftest import CHEAP, PASSPHRASE


class Tree(RuleBasedStateMachine):
    """Two conversations grow, branch and are browsed, in the store and in two dictionaries."""

    messages = Bundle("messages")

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        new = Spaces(Path(self.folder.name)).create("Ada", PASSPHRASE, CHEAP)
        self.new = new
        self.space = Space(new.info.folder, new.key)
        self.parents: dict[int, tuple[int, int | None]] = {}
        self.leaves: dict[int, int | None] = {}
        self.drafts: dict[int | None, str] = {None: ""}

    def teardown(self) -> None:
        self.space.close()
        self.folder.cleanup()

    def children(self, conversation: int, parent: int | None) -> list[int]:
        return [id_ for id_, place in self.parents.items() if place == (conversation, parent)]

    def up(self, message: int | None) -> list[int]:
        return [] if message is None else [*self.up(self.parents[message][1]), message]

    def leaves_below(self, message: int) -> list[int]:
        children = self.children(self.parents[message][0], message)
        return [leaf for child in children for leaf in self.leaves_below(child)] or [message]

    @initialize(target=messages)
    def begin(self) -> object:
        self.leaves = {self.space.new_conversation(title).id: None for title in "ab"}
        self.drafts |= dict.fromkeys(self.leaves, "")
        return multiple()

    @rule(target=messages, first=st.booleans(), role=st.sampled_from(Role), text=st.text())
    def say_first(self, first: bool, role: Role, text: str) -> int:
        return self.added(sorted(self.leaves)[first], None, role, text)

    @rule(target=messages, parent=messages, role=st.sampled_from(Role), text=st.text())
    def say(self, parent: int, role: Role, text: str) -> int:
        return self.added(self.parents[parent][0], parent, role, text)

    def added(self, conversation: int, parent: int | None, role: Role, text: str) -> int:
        id_ = self.space.add_message(conversation, parent, role, text).id
        self.parents[id_] = (conversation, parent)
        self.leaves[conversation] = id_
        if role is Role.MEMBER:
            self.drafts[conversation] = ""
        return id_

    @rule(message=messages)
    def choose(self, message: int) -> None:
        self.space.choose(message)
        self.leaves[self.parents[message][0]] = max(self.leaves_below(message))

    @rule(message=messages)
    def path(self, message: int) -> None:
        assert [step.id for step in self.space.path(message)] == self.up(message)

    @rule(which=st.sampled_from([None, 1, 2]), text=st.text())
    def type(self, which: int | None, text: str) -> None:
        self.space.save_draft(which, text)
        self.drafts[which] = text

    @rule()
    def close_and_open(self) -> None:
        self.space.close()
        self.space = Space(self.new.info.folder, self.new.key)

    @invariant()
    def both_agree(self) -> None:
        for conversation, leaf in self.leaves.items():
            branch = self.space.branch(conversation)
            assert [message.id for message in branch] == self.up(leaf)
            for message in branch:
                siblings = self.children(conversation, message.parent)
                assert message.siblings == tuple(siblings)
        assert {which: self.space.draft(which) for which in self.drafts} == self.drafts


TestTree = Tree.TestCase
TestTree.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, derandomize=True
)
