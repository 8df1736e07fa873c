# SPDX-License-Identifier: AGPL-3.0-or-later
"""The activity record: facts, folded and removed; whatever else changes in it shows."""

import json
import random
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safespace import paths
from safespace.domain import Level, Reason, Route, TaskKind
from safespace.guard.detect.finding import Kind
from safespace.guard.detect.scan import Scanner
from safespace.store import acts
from safespace.store.connection import Database
from safespace.store.rooms import log
from safespace.store.rooms.activity import (
    KEPT,
    Activity,
    ActivityEntry,
    Day,
    Exit,
    Outcome,
    Removed,
    Seen,
    Way,
    lines,
)
from safespace.store.space import Space
from safespace.store.spaces import NewSpace, Spaces
from tests.unit.store.conftest import CHEAP, PASSPHRASE, Share
from tests.unit.store.formats import fill_record

NOW: Final = datetime.now(UTC).replace(hour=12)
HERE: Final = ActivityEntry(
    NOW,
    TaskKind.CHAT,
    Level.WHEN_I_ASK,
    Route.LOCAL,
    (Reason("level.here", (("level", "1"),)), Reason("cooperative.none")),
    "SmolLM2-135M",
    overridden=True,
    obligations=("demonstration",),
    size=1234,
)
SENT: Final = replace(
    HERE,
    route=Route.COOP_REDACTED,
    reasons=(Reason("sensitivity.redacted"),),
    topics=("work",),
    subject="own",
    destination="site of the North",
    sent=900,
)
NUMBER: Final = "+49 30 901820"
EDITS: Final = 1000


def decided(space: Space) -> list[ActivityEntry]:
    return [line for line in space.activity.lines() if isinstance(line, ActivityEntry)]


def whole(activity: Activity) -> bool:
    return not activity.verify().broken


def test_every_fact_comes_back_newest_first(space: Space) -> None:
    unknown = ActivityEntry(NOW, None, None, Route.HUMAN)
    ids = [space.activity.record(entry) for entry in (HERE, SENT, unknown)]
    space.activity.end(ids[0], Outcome.STOPPED)
    assert decided(space) == [
        replace(unknown, id=ids[2]),
        replace(SENT, id=ids[1]),
        replace(HERE, id=ids[0], outcome=Outcome.STOPPED),
    ]
    assert whole(space.activity)


def test_evidence_is_a_type_a_place_and_a_hash_of_this_space_alone(
    space: Space, spaces: Spaces
) -> None:
    bo = spaces.create("Bo", PASSPHRASE, CHEAP)
    other = Space(bo.info.folder, bo.key)
    for place in (space, space, other):
        place.activity.record(SENT, [Seen("PHONE", 7, NUMBER)])
    later, first = (entry.evidence[0] for entry in decided(space))
    (theirs,) = decided(other)[0].evidence
    other.close()
    assert (first.type, first.offset) == ("PHONE", 7)
    assert first.hash == later.hash != theirs.hash
    held = json.dumps(space.export()["activity"])
    assert first.hash in held
    assert NUMBER not in held


def test_what_stayed_here_becomes_a_count_of_its_day_and_what_left_stays(space: Space) -> None:
    zone = timezone(timedelta(hours=2))
    day = datetime(2030, 1, 1, 23, 30, tzinfo=zone)
    for at in (day - timedelta(hours=1), day, day + timedelta(hours=1)):
        space.activity.end(space.activity.record(replace(HERE, at=at)), Outcome.ANSWERED)
    space.activity.record(replace(HERE, at=day, route=Route.HUMAN))
    space.activity.record(replace(SENT, at=day))
    space.activity.record(replace(SENT, at=day, sent=0, destination=None))  # kept here when asked
    space.activity.fold(day + KEPT)
    assert len(decided(space)) == 6
    space.activity.fold(day + KEPT + timedelta(days=1))
    days = [line for line in space.activity.lines() if isinstance(line, Day)]
    assert [(one.day, dict(one.routes)) for one in days] == [
        (date(2030, 1, 1), {Route.LOCAL: 2, Route.HUMAN: 1})
    ]
    assert [entry.route for entry in decided(space)] == [Route.COOP_REDACTED, Route.LOCAL]
    assert whole(space.activity)
    assert texts(space).count("level.here") == 1


def test_a_day_has_one_fold_only(space: Space, monkeypatch: pytest.MonkeyPatch) -> None:
    space.activity.fold(NOW)
    monkeypatch.setattr(space._owner, "do", None)
    space.activity.fold(NOW)


def test_opening_folds(new: NewSpace) -> None:
    space = Space(new.info.folder, new.key)
    for days in (60, 3):
        space.activity.record(replace(HERE, at=NOW - timedelta(days)))
    space.close()
    space = Space(new.info.folder, new.key)
    assert len(decided(space)) == 1
    assert whole(space.activity)
    space.close()


def test_what_is_removed_is_gone_and_that_it_was_stays(space: Space) -> None:
    for at in (NOW - timedelta(60), NOW - timedelta(60), NOW):
        space.activity.record(replace(HERE, at=at))
    kept = space.activity.record(HERE)
    space.activity.left(Way.LINK, NOW)
    space.activity.fold(NOW + timedelta(days=2))
    gone = [line.id for line in space.activity.lines() if line.id not in (None, kept)]
    space.activity.remove([one for one in gone if one], date(2031, 2, 3))
    (entry, removed) = sorted(space.activity.lines(), key=lambda line: isinstance(line, Removed))
    assert entry.id == kept
    assert isinstance(removed, Removed)
    assert (removed.on, removed.count) == (date(2031, 2, 3), 4)
    assert b"link" not in texts(space).encode()
    space.activity.remove([removed.id, 9999], date(2031, 2, 4))
    assert len(space.activity.lines()) == 2
    assert whole(space.activity)


def test_an_ending_that_comes_too_late_belongs_to_nothing(space: Space) -> None:
    n = space.activity.record(HERE)
    space.activity.remove([n], NOW.date())
    space.activity.end(n, Outcome.ANSWERED)
    assert [type(line) for line in space.activity.lines()] == [Removed]
    assert whole(space.activity)


def texts(space: Space) -> str:
    """All that stands in the rows of the record."""
    rows = space._owner.do(Database.rows, "SELECT body FROM record WHERE body IS NOT NULL")
    return b"\n".join(body for (body,) in rows).decode()


def test_p10_the_record_only_grows_verifies_and_holds_nothing_that_was_found(
    space: Space,
) -> None:
    """The guard's properties, one by one: tests/unit/guard/test_properties.py."""
    scanner = Scanner(paths.assets() / "guard")
    heads = []
    for number in range(20):
        place = f"{number}, call {NUMBER}, IBAN GB29 NWBK 6016 1331 9268 19"
        found = [
            Seen(one.kind, one.start, place[one.start : one.end]) for one in scanner.scan(place).all
        ]
        assert {one.type for one in found} >= {"PHONE", "IBAN"}
        space.activity.record(replace(SENT, size=number), found)
        assert whole(space.activity)
        heads.append([one.size for one in reversed(decided(space))])
    assert heads == [list(range(number + 1)) for number in range(20)]
    written = texts(space)
    assert '"IBAN"' in written  # the control: what was found is named
    assert NUMBER not in written
    facts = re.sub(r'"[0-9a-f]{32,}"|"\d{4}-\d\d-\d\dT[\d:+.]+"', '""', written)
    assert facts.count('""') == 3 * 20  # two hashes and a moment of each
    told = {one.kind for one in scanner.scan(facts).all}
    assert not told & {Kind.PHONE, Kind.IBAN, Kind.EMAIL, Kind.PERSON, Kind.SECRET}


@pytest.mark.torture("guard.record_edits")
def test_of_a_thousand_edits_of_a_single_byte_each_one_shows(space: Space, share: Share) -> None:
    fill_record(space, NOW)
    edits = share(20 * EDITS)
    chance = random.Random(7)  # noqa: S311
    cells = space._owner.do(_cells)
    assert len(cells) > 40

    def edited(database: Database) -> int:
        assert not log.verify(database).broken
        seen = 0
        for _edit in range(edits):
            table, column, rowid = chance.choice(cells)
            database.change("SAVEPOINT edit")
            at = f'FROM "{table}" WHERE rowid = {rowid}'
            ((value,),) = database.rows(f'SELECT "{column}" {at}')
            change = f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = {rowid}'  # noqa: S608
            database.change(change, _other(value, chance))
            seen += bool(log.verify(database).broken)
            list(log.entries(database))
            lines(database)  # whatever was done to it, it can be read
            database.change("ROLLBACK TO edit")
            database.change("RELEASE edit")
        assert not log.verify(database).broken
        return seen

    assert space._owner.do(edited) == edits >= EDITS


def _cells(database: Database) -> list[tuple[str, str, int]]:
    """Every value that the record is made of."""
    columns = ("n", "of", "body", "salt", "digest", "link")
    rows = [n for (n,) in database.rows("SELECT n FROM record")]
    places = [("record", column, n) for n in rows for column in columns]
    ((sequence,),) = database.rows("SELECT rowid FROM sqlite_sequence WHERE name = 'record'")
    return [*places, ("record_key", "key", 1), ("sqlite_sequence", "seq", sequence)]


def _other(value: object, chance: random.Random) -> object:
    """The value with one byte changed; one byte, where there was none."""
    if isinstance(value, int):
        return value ^ 1 << chance.randrange(8, 40)  # else another row may have it
    if isinstance(value, bytes):
        changed = bytearray(value)
        changed[chance.randrange(len(changed))] ^= chance.randrange(1, 256)
        return bytes(changed)
    assert value is None
    return chance.randbytes(1)


@pytest.mark.parametrize(
    "act",
    [
        "DELETE FROM record WHERE n = 2",
        "DELETE FROM record WHERE n = (SELECT max(n) FROM record)",
        "DELETE FROM record",
        "UPDATE record SET n = n + 1000 WHERE n = (SELECT max(n) FROM record)",
        "UPDATE record SET of = NULL, body = NULL, salt = NULL WHERE n = 9",
        "UPDATE record SET body = (SELECT body FROM record WHERE n = 9) WHERE n = 10",
        "DELETE FROM record_key",
    ],
)
def test_what_is_missing_or_exchanged_shows(space: Space, act: str) -> None:
    fill_record(space, NOW)
    assert whole(space.activity)
    space._owner.do(Database.change, act)
    assert not whole(space.activity)


def test_an_entry_put_back_from_another_course_of_things_shows(space: Space) -> None:
    def forked(database: Database) -> tuple[int, tuple[object, ...]]:
        """An entry that would be right in its place, had nothing followed it."""
        database.change("SAVEPOINT fork")
        n = log.append(database, {"what": "left", "at": "2030-01-01T00:00:00+00:00", "way": "link"})
        row = database.row("SELECT of, body, salt, digest, link FROM record WHERE n = ?", n)
        assert not log.verify(database).broken
        database.change("ROLLBACK TO fork")
        assert row
        return n, row

    space.activity.record(HERE)
    n, other = space._owner.do(forked)
    for _again in range(2):
        space.activity.record(HERE)
    to = "UPDATE record SET of = ?, body = ?, salt = ?, digest = ?, link = ? WHERE n = ?"
    space._owner.do(Database.change, to, *other, n)
    assert space.activity.verify().broken == (n + 1,)


@given(
    st.lists(
        st.one_of(
            st.just("here"),
            st.just("sent"),
            st.just("left"),
            st.tuples(st.just("end"), st.integers(0, 30)),
            st.tuples(st.just("remove"), st.integers(0, 30)),
            st.tuples(st.just("fold"), st.integers(0, 90)),
        ),
        max_size=25,
    )
)
@settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_is_done_it_stays_whole_and_nothing_sent_is_lost(
    space: Space, script: list[str | tuple[str, int]]
) -> None:
    activity = space.activity
    lost, sent = 0, len(list(filter(_left, decided(space))))
    for act in script:
        match act:
            case "here":
                activity.record(HERE)
            case "sent":
                activity.record(SENT)
                sent += 1
            case "left":
                activity.left(Way.DOCUMENT)
            case ("end", int(n)):
                activity.end(n, Outcome.ANSWERED)
            case ("remove", int(n)):
                lost += sum(_left(entry) for entry in decided(space) if entry.id == n)
                activity.remove([n], NOW.date())
            case ("fold", int(days)):
                activity._folded = date.min
                activity.fold(NOW + timedelta(days=days))
    assert len(list(filter(_left, decided(space)))) == sent - lost
    assert whole(activity)


def _left(entry: ActivityEntry) -> bool:
    return entry.route > Route.LOCAL


def test_a_new_key_of_the_space_leaves_the_record_whole(
    space: Space, spaces: Spaces, new: NewSpace
) -> None:
    fill_record(space, NOW)
    before = space.activity.lines()
    space.close()
    acts.new_key(new.info.folder, new.key, PASSPHRASE, CHEAP, guessable=False)
    again = Space(new.info.folder, spaces.unlock(spaces.find("Ada"), PASSPHRASE))
    assert again.activity.lines() == before
    assert whole(again.activity)
    again.close()


def test_exits_name_the_way_alone(space: Space) -> None:
    space.activity.left(Way.LINK, NOW)
    (line,) = space.activity.lines()
    assert isinstance(line, Exit)
    assert (line.at, line.way) == (NOW, Way.LINK)
    assert set(json.loads(texts(space))) == {"what", "at", "way"}
