# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was noticed about a space reaches its member in one sentence, with a way back."""

import time
from pathlib import Path

import pytest

from safespace.session import backing_up
from safespace.session.checks import truth
from safespace.session.entrance import Entrance
from safespace.session.session import Session
from safespace.store.connection import DATABASE
from safespace.store.truth.witness import Wrong

PASSPHRASE = "five quite ordinary little words"


@pytest.fixture(autouse=True)
def asked_for_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """No daily backup and no check of itself, unless a test wants one."""
    monkeypatch.setattr(backing_up, "FIRST_S", 3600.0)
    monkeypatch.setattr(truth, "FIRST_S", 3600.0)


def reopened(entrance: Entrance) -> Session:
    return entrance.unlock(entrance.find(None), PASSPHRASE, warm=False)


def put_back(entrance: Entrance, *, backup: bool = False) -> None:
    """A space whose database is that of the session before its last."""
    session, _code = entrance.create("Ada", PASSPHRASE)
    session.close()
    file = entrance.find(None).folder / DATABASE
    old = file.read_bytes()
    session = reopened(entrance)
    session.save_draft(None, "a thought about herons")
    if backup:
        session.backups.make()
    session.close()
    file.write_bytes(old)


def test_a_file_that_was_put_back_is_said_until_it_was_seen(entrance: Entrance) -> None:
    put_back(entrance)
    for _time in range(2):
        session = reopened(entrance)
        (noticed,) = session.truth.noticed()
        session.close()
        assert noticed.finding.kind is Wrong.LOST
        assert f"last {noticed.finding.changes} changes" in noticed.said.sentence
        assert "heron" not in str(noticed.said)
        assert "no backup" in noticed.said.way_on
    session = reopened(entrance)
    session.truth.tick_off()
    assert session.truth.noticed() == []
    session.close()
    session = reopened(entrance)
    assert session.truth.noticed() == []
    session.close()


def test_the_way_back_is_the_newest_backup(entrance: Entrance, home: Path) -> None:
    put_back(entrance, backup=True)
    session = reopened(entrance)
    (noticed,) = session.truth.noticed()
    (kept,) = session.backups.kept()
    session.close()
    assert f"safespace space restore {kept.file}" in noticed.said.way_on
    assert "no backup" not in noticed.said.way_on


def test_the_check_in_the_background_tells_what_it_finds(
    entrance: Entrance, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, _code = entrance.create("Ada", PASSPHRASE)
    session.close()
    monkeypatch.setattr(truth, "FIRST_S", 0.5)
    session = reopened(entrance)
    heard: list[str] = []
    session.truth.listen(lambda: heard.append("something"))
    gone = "DELETE FROM chain WHERE n = (SELECT max(n) - 2 FROM chain)"
    session._space._owner.do(lambda database: database.change(gone))
    until = time.monotonic() + 30
    while session.truth.last_check() is None:
        assert time.monotonic() < until
        time.sleep(0.01)
    assert [one.finding.kind for one in session.truth.noticed()] == [Wrong.GAP]
    while not heard:
        assert time.monotonic() < until
        time.sleep(0.01)
    session.close()


def test_nothing_is_said_of_a_whole_space(session: Session) -> None:
    assert session.truth.check() == []
    assert session.truth.last_check()
