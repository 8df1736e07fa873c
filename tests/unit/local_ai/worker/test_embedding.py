# SPDX-License-Identifier: AGPL-3.0-or-later
"""Numbers of a model become a vector, whatever they are."""

from math import inf, nan
from types import SimpleNamespace

import pytest

from safespace.local_ai.worker.embedding import Embedding


def vector(*values: float) -> bytes:
    made = Embedding.__new__(Embedding)
    made._c = SimpleNamespace(llama_get_embeddings_seq=lambda _handle, _number: [*values, 9.0])
    made._handle, made.width = None, len(values)
    return made._vector(0)


def test_only_the_direction_counts() -> None:
    assert vector(0.5, -1.0, 0.0) == vector(5, -10, 0) == bytes((64, 129, 0))


@pytest.mark.parametrize("odd", [nan, inf, -inf])
def test_what_is_no_number_has_no_direction(odd: float) -> None:
    """The first of them and any other: the worker would end at it."""
    for values in ((odd, 1.0), (1.0, odd), (0.0, 0.0)):
        assert vector(*values) == bytes(2)
