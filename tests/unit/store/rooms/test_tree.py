# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tree of messages against a model of it that fits on a page."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safespace.domain import Role
from safespace.store.space import Space

MOVES = st.lists(
    st.tuples(
        st.sampled_from(["begin", "say", "say", "say", "choose", "draft"]),
        st.integers(min_value=0, max_value=10_000),  # which message, and which conversation
        st.sampled_from(Role),
    ),
    min_size=15,
    max_size=40,
)


class Model:
    """What the store should say, worked out from a dictionary of parents."""

    def __init__(self, conversations: list[int]) -> None:
        self.places: dict[int, tuple[int, int | None]] = {}
        self.leaves: dict[int, int | None] = dict.fromkeys(conversations)
        self.drafts = dict.fromkeys(conversations, "")

    def children(self, conversation: int, parent: int | None) -> tuple[int, ...]:
        return tuple(id_ for id_, place in self.places.items() if place == (conversation, parent))

    def path(self, message: int | None) -> list[int]:
        return [] if message is None else [*self.path(self.places[message][1]), message]

    def newest_leaf(self, message: int) -> int:
        below = self.children(self.places[message][0], message)
        return max(map(self.newest_leaf, below), default=message)


@settings(
    max_examples=60,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(moves=MOVES)
def test_the_store_agrees_with_the_model(space: Space, moves: list[tuple[str, int, Role]]) -> None:
    conversations = [space.new_conversation(title).id for title in "ab"]
    model = Model(conversations)
    for move, number, role in moves:
        some = list(model.places)[number % len(model.places)] if model.places else None
        conversation = model.places[some][0] if some else conversations[number % 2]
        if move == "draft":
            space.save_draft(conversation, f"draft {number}")
            model.drafts[conversation] = f"draft {number}"
        elif move == "choose" and some:
            space.choose(some)
            model.leaves[conversation] = model.newest_leaf(some)
        else:
            if move == "begin":
                some, conversation = None, conversations[number % 2]
            said = space.add_message(conversation, some, role, f"message {number}").id
            model.places[said] = (conversation, some)
            model.leaves[conversation] = said
            if role is Role.MEMBER:
                model.drafts[conversation] = ""
        agree(space, model)


def agree(space: Space, model: Model) -> None:
    """Assert that the store shows what the model says."""
    for conversation, leaf in model.leaves.items():
        branch = space.branch(conversation)
        assert [message.id for message in branch] == model.path(leaf)
        for message in branch:
            assert message.siblings == model.children(conversation, message.parent)
        assert space.draft(conversation) == model.drafts[conversation]
    if model.places:
        newest = max(model.places)
        assert [message.id for message in space.path(newest)] == model.path(newest)
