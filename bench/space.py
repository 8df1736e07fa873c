# SPDX-License-Identifier: AGPL-3.0-or-later
"""A space of 100,000 messages: how long it takes to open, to save in, and to search.

    python -m bench.space [--messages 100000]

The same search, over the same rows and indexes in a plain file of Python's own SQLite, is what
the cost of encryption is measured against; queries alternate between the two.
"""

import argparse
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

from mnemonic import Mnemonic

from bench.measured import Measured
from safespace.domain import Role
from safespace.store.connection import Database
from safespace.store.keys.price import price
from safespace.store.keys.wraps import Cost, derive
from safespace.store.rooms import conversations, search
from safespace.store.space import Space
from safespace.store.spaces import NewSpace, Spaces

MESSAGES: Final = 100_000
_IN_ONE: Final = 100
_WORDS: Final = 32
"""Of some seven letters each: the mean length of a message in the chats the goals stem from."""
_QUERIES: Final = 200
_COMMITS: Final = 500
_OPENINGS: Final = 7
_SEED: Final = 20


class Speech:
    """Words as often as in speech (Zipf's law), the same at every run."""

    def __init__(self) -> None:
        self._chance = random.Random(_SEED)  # noqa: S311 - a repeatable text
        self._words = list(Mnemonic("english").wordlist)
        self._weights = list(accumulate(1 / rank for rank in range(1, len(self._words) + 1)))

    def words(self, count: int) -> str:
        return " ".join(self._chance.choices(self._words, cum_weights=self._weights, k=count))

    def query(self) -> str:
        """One or two words, the last one perhaps unfinished."""
        found = self.words(self._chance.choice((1, 1, 2)))
        return found[: len(found) - self._chance.choice((0, 0, 1))]


class Plain:
    """What a search needs of a database, over a plain file."""

    def __init__(self, file: Path) -> None:
        self.connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self.connection.execute("PRAGMA cache_size = -65536")

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        return self.connection.execute(sql, values).fetchone()  # type: ignore[no-any-return]


def fill(new: NewSpace, state: Path, messages: int) -> None:
    """Conversations of 100 messages each, through the store, many to a transaction."""
    speech = Speech()
    space = Space(new.info.folder, new.key, state)

    def one(database: Database) -> None:
        begun = conversations.begin(database, speech.words(4)).id
        parent = None
        for number in range(_IN_ONE):
            role = Role.MODEL if number % 2 else Role.MEMBER
            text = speech.words(_WORDS)
            added = conversations.add(database, begun, parent, role, text, partial=False, mark=None)
            parent = added.id

    for _conversation in range(messages // _IN_ONE):
        space._owner.do(one)
    space.close()


def copied_plain(space: Space, file: Path) -> Plain:
    """The same rows and indexes in a plain file. What this SQLite does not know is left out."""
    plain = Plain(file)

    def copy(database: Database) -> None:
        for kind in ("table", "view", "trigger"):
            for (sql,) in database.rows(
                "SELECT sql FROM sqlite_schema WHERE type = ? AND sql IS NOT NULL"
                " AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')"
                " AND name NOT LIKE 'sqlite_%'",
                kind,
            ):
                plain.connection.execute(sql)
        plain.connection.execute("BEGIN")
        for table in ("conversation", "message"):
            for row in database.each(f"SELECT * FROM {table}"):  # noqa: S608 - as written above
                marks = ", ".join("?" * len(row))
                plain.connection.execute(f"INSERT INTO {table} VALUES ({marks})", row)  # noqa: S608
        plain.connection.execute("COMMIT")

    space._owner.alone(copy)
    return plain


def figures(messages: int = MESSAGES) -> Mapping[str, Measured]:
    """Every figure of a big space."""
    with tempfile.TemporaryDirectory(dir=".") as folder:
        root = Path(folder)
        spaces = Spaces(root / "spaces", state=root / "state")
        new = spaces.create("Bench", "measured beside the harbour", Cost(64, 1, 1))
        fill(new, root / "state", messages)
        opened = [_opening(new, root / "state") for _time in range(_OPENINGS)]
        space = Space(new.info.folder, new.key, root / "state")
        try:
            plain = copied_plain(space, root / "plain.db")
            ours, theirs, alike = _searches(space, plain)
            commits = _commits(space)
        finally:
            space.close()
        size = (new.info.folder / "space.db").stat().st_size >> 20
        at = f"{messages} messages, {size} MiB"
        ratio = statistics.median(ours) / statistics.median(theirs)
        both = f"{_of(ours)} over {_of(theirs)}"
        return {
            "space.unlock_ms": Measured(
                round(statistics.median(opened), 1), f"{at}; {min(opened):.0f} to {max(opened):.0f}"
            ),
            "space.commit_p95_ms": Measured(round(_p95(commits), 2), f"{at}; {_of(commits)}"),
            "space.search_median_ms": Measured(round(statistics.median(ours), 2), at),
            "space.search_p95_ms": Measured(round(_p95(ours), 2), f"{at}; worst {max(ours):.0f}"),
            "space.search_ratio": Measured(
                round(ratio, 2), f"{both}; {'same' if alike else 'NOT the same'} hits"
            ),
            **_guess(),
        }


def _opening(new: NewSpace, state: Path) -> float:
    begun = time.perf_counter()
    space = Space(new.info.folder, new.key, state)
    space.conversations()
    took = time.perf_counter() - begun
    space.close()
    return took * 1000


def _searches(space: Space, plain: Plain) -> tuple[list[float], list[float], bool]:
    speech, ours, theirs, alike = Speech(), list[float](), list[float](), True
    searches: Sequence[tuple[list[float], Callable[[str], list[Any]]]] = (
        (ours, lambda text: space.search(text, 50)),
        (theirs, lambda text: search.search(plain, text, 50)),  # type: ignore[arg-type]
    )
    for number in range(_QUERIES):
        query, found = speech.query(), list[list[Any]]()
        for times, look in searches[:: 1 if number % 2 else -1]:
            begun = time.perf_counter()
            found.append(look(query))
            times.append((time.perf_counter() - begun) * 1000)
        alike = alike and found[0] == found[1]
    return ours, theirs, alike


def _commits(space: Space) -> list[float]:
    begun, speech = space.new_conversation("commits").id, Speech()

    def each() -> Iterator[float]:
        for _commit in range(_COMMITS):
            text, start = speech.words(_WORDS), time.perf_counter()
            space.add_message(begun, None, Role.MEMBER, text)
            yield (time.perf_counter() - start) * 1000

    return list(each())


def _guess() -> Mapping[str, Measured]:
    """What one guess of a passphrase costs, at the cost that a new space gets here."""
    cost = price()
    times = []
    for _guess in range(3):
        begun = time.perf_counter()
        derive("a guess", b"sixteen bytes ..", cost)
        times.append(time.perf_counter() - begun)
    beside = f"{cost.memory_kib >> 10} MiB, {cost.passes} passes, {cost.lanes} lanes"
    return {
        "space.guess_s": Measured(round(statistics.median(times), 2), beside),
        "space.guess_mib": Measured(cost.memory_kib >> 10, beside),
    }


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _of(times: Sequence[float]) -> str:
    return f"median {statistics.median(times):.2f} ms, p95 {_p95(times):.2f} ms"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=MESSAGES)
    for name, measured in figures(parser.parse_args().messages).items():
        print(f"{name:<26}{measured.value:>10}  {measured.beside}")
