# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fetching a file from a place that drops, stalls, lies, sends elsewhere or changes a byte."""

import hashlib
import random
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path
from socket import socket

import pytest

from safespace.domain import ModelCard
from safespace.door import transport
from safespace.door.line import Line
from safespace.session.fetching.fetch import TRIES, Carry, Failed, Paused, fetch
from safespace.session.fetching.order import Notes, Order, Progress, Stage, Trouble
from safespace.session.fetching.steward import Steward
from tests.conftest import Share
from tests.heads import gguf
from tests.unit.door.far_side import FarSide, far_side
from tests.unit.session.conftest import CARD
from tests.unit.session.fetching.far_shelf import FarShelf

CONTENT = gguf({"general.architecture": "llama"}) + random.Random(5).randbytes(  # noqa: S311
    300_000
)
IMPATIENT = partial(transport.carry, quiet_s=1.0)


def order_for(side: FarSide, **changes: object) -> Order:
    values: dict[str, object] = {
        "name": "Far",
        "file": "far.gguf",
        "url": f"{side.scheme}://127.0.0.1:{side.port}/far.gguf",
        "hosts": (),
        "size": len(CONTENT),
        "sha256": hashlib.sha256(CONTENT).hexdigest(),
    }
    return Order(**{**values, **changes})  # type: ignore[arg-type]


def steward(order: Order, folder: Path, carry: Carry = transport.carry) -> Progress:
    """What a steward makes of it, without waiting between its tries."""
    folder.mkdir(exist_ok=True)
    one = Steward(order, folder, carry, sleep=lambda _seconds: None)
    assert one.run() == 0
    told = Notes(folder, order.file).read()
    assert told is not None
    return told


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "shelf"


def whole(folder: Path) -> bool:
    file = folder / "far.gguf"
    return file.is_file() and file.read_bytes() == CONTENT


def test_an_honest_place_gives_the_file(folder: Path) -> None:
    shelf = FarShelf(CONTENT)
    with far_side(shelf) as side:
        told = steward(order_for(side), folder)
    assert told == Progress("Far", "far.gguf", len(CONTENT), len(CONTENT), Stage.DONE)
    assert whole(folder)
    assert shelf.asked == [0]
    assert not list(folder.glob("*.part"))


@pytest.mark.parametrize("acts", [("drops",), ("drops", "drops", "error", "drops")])
def test_it_goes_on_where_it_broke_off(folder: Path, acts: tuple[str, ...]) -> None:
    shelf = FarShelf(CONTENT, acts)
    with far_side(shelf) as side:
        told = steward(order_for(side), folder)
    assert told.stage is Stage.DONE
    assert whole(folder)
    assert sorted(shelf.asked) == shelf.asked
    assert shelf.asked[0] == 0 < shelf.asked[1]


def test_who_falls_silent_is_asked_again(folder: Path) -> None:
    shelf = FarShelf(CONTENT, ("stalls",))
    with far_side(shelf) as side:
        assert steward(order_for(side), folder, IMPATIENT).stage is Stage.DONE
    assert whole(folder)
    assert len(shelf.asked) >= 2


@pytest.mark.parametrize("act", ["only whole", "other part", "no such part"])
def test_where_it_cannot_go_on_it_begins_anew(folder: Path, act: str) -> None:
    shelf = FarShelf(CONTENT, ("drops", act))
    with far_side(shelf) as side:
        assert steward(order_for(side), folder).stage is Stage.DONE
    assert whole(folder)
    assert shelf.asked[1] > 0
    assert shelf.asked[2] == 0


@pytest.mark.parametrize(
    ("act", "trouble"),
    [
        ("sends more", Trouble.TOO_LONG),
        ("says more", Trouble.TOO_LONG),
        ("changes a byte", Trouble.OTHER_FILE),
    ],
)
def test_a_lie_ends_it_and_nothing_gets_the_name(folder: Path, act: str, trouble: Trouble) -> None:
    with far_side(FarShelf(CONTENT, (act,))) as side:
        told = steward(order_for(side), folder)
    assert (told.stage, told.trouble) == (Stage.FAILED, trouble)
    assert not (folder / "far.gguf").exists()


def test_one_that_says_less_than_it_has_is_asked_for_the_rest(folder: Path) -> None:
    with far_side(FarShelf(CONTENT, ("says less",))) as side:
        assert steward(order_for(side), folder).stage is Stage.DONE
    assert whole(folder)


def test_what_gives_nothing_is_given_up(folder: Path) -> None:
    shelf = FarShelf(CONTENT, ("error",) * 50)
    with far_side(shelf) as side:
        told = steward(order_for(side), folder)
    assert (told.stage, told.trouble) == (Stage.FAILED, Trouble.UNREACHABLE)
    assert len(shelf.asked) == TRIES


def test_a_host_on_the_list_may_pass_it_on_and_no_other(folder: Path) -> None:
    other, first = FarShelf(CONTENT), FarShelf(CONTENT, ("moved",) * 9)
    with far_side(other) as far, far_side(first) as side:
        first.elsewhere = f"http://127.0.0.1:{far.port}/signed?for=a-while"
        told = steward(order_for(side), folder)
        assert (told.stage, told.trouble) == (Stage.FAILED, Trouble.ELSEWHERE)
        assert far.lines == 0  # nothing was even asked there
        told = steward(order_for(side, hosts=(f"127.0.0.1:{far.port}",)), folder)
        assert told.stage is Stage.DONE
        assert far.lines == 1
    assert whole(folder)


def test_going_round_in_circles_ends(folder: Path) -> None:
    shelf = FarShelf(CONTENT, ("moved",) * 99)
    with far_side(shelf) as side:
        shelf.elsewhere = f"http://127.0.0.1:{side.port}/again"
        assert steward(order_for(side), folder).trouble is Trouble.ELSEWHERE
    assert len(shelf.asked) < 10


def test_a_part_of_another_file_is_found_out_and_thrown_away(folder: Path) -> None:
    folder.mkdir()
    part = folder / "far.gguf.part"
    part.write_bytes(b"x" * 1000)
    with far_side(FarShelf(CONTENT)) as side:
        assert steward(order_for(side), folder).trouble is Trouble.OTHER_FILE
        assert not part.exists()
        part.write_bytes(b"x" * (len(CONTENT) + 1))
        assert steward(order_for(side), folder).stage is Stage.DONE


def test_what_is_whole_and_no_model_is_refused(folder: Path) -> None:
    page = b"<html>" * 1000
    with far_side(FarShelf(page)) as side:
        order = order_for(side, size=len(page), sha256=hashlib.sha256(page).hexdigest())
        assert steward(order, folder).trouble is Trouble.OTHER_FILE
    assert not list(folder.glob("*.gguf"))


class Idle:
    """A host that only looks on. `stops`: as soon as something came."""

    def __init__(self, free: int = 10**12, *, stops: bool = False) -> None:
        self._free = free
        self._stops = stops

    def begins(self, line: Line) -> None:
        assert not line.is_cut

    def came(self, done: int) -> None:
        assert done > 0
        if self._stops:
            raise Paused

    def wait(self, seconds: float) -> None:
        assert seconds > 0

    def free(self) -> int:
        return self._free


def test_without_room_nothing_is_asked(folder: Path) -> None:
    folder.mkdir()
    with far_side(FarShelf(CONTENT)) as side:
        with pytest.raises(Failed, match="no_room"):
            fetch(order_for(side), folder / "p", transport.carry, Idle(len(CONTENT)))
        assert side.lines == 0


def test_a_full_disk_and_one_that_is_gone_are_told_apart(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with far_side(FarShelf(CONTENT)) as side:
        for number, trouble in ((28, Trouble.NO_ROOM), (5, Trouble.NO_DISK)):

            def fails(*_given: object, number: int = number) -> None:
                raise OSError(number, "of the disk")

            monkeypatch.setattr("safespace.session.fetching.fetch.os.fsync", fails)
            (folder / "far.gguf.part").unlink(missing_ok=True) if folder.exists() else None
            assert steward(order_for(side), folder).trouble is trouble


def test_a_shelf_that_is_gone_ends_the_steward_quietly(folder: Path) -> None:
    with far_side(FarShelf(CONTENT)) as side:
        assert Steward(order_for(side), folder / "gone", transport.carry).run() == 1
        assert side.lines == 0


def test_a_pause_keeps_what_came_and_the_next_goes_on(folder: Path) -> None:
    folder.mkdir()
    notes = Notes(folder, "far.gguf")
    shelf = FarShelf(CONTENT, ("drops",))
    with far_side(shelf) as side:
        order = order_for(side)

        def pause_meanwhile(_seconds: float) -> None:
            notes.ask_to_pause()

        assert Steward(order, folder, transport.carry, sleep=pause_meanwhile).run() == 0
        told = notes.read()
        assert told is not None
        assert told.stage is Stage.PAUSED
        assert 0 < told.done < len(CONTENT)
        notes.go_on()
        assert steward(order, folder).stage is Stage.DONE
    assert shelf.asked == [0, told.done]


def test_whoever_hears_what_came_can_stop_it(folder: Path) -> None:
    folder.mkdir()
    with far_side(FarShelf(CONTENT)) as side, pytest.raises(Paused):
        fetch(order_for(side), folder / "p", transport.carry, Idle(stops=True))
    assert 0 < (folder / "p").stat().st_size < len(CONTENT)


def test_a_pause_ends_it_however_silent_the_other_side_is(folder: Path) -> None:
    folder.mkdir()
    notes = Notes(folder, "far.gguf")

    class Silent(FarShelf):
        def __call__(self, side: FarSide, line: socket) -> None:
            notes.ask_to_pause()
            ends.append(line.recv(1))  # raises where nobody cuts the line

    ends: list[bytes] = []
    with far_side(Silent(CONTENT)) as side:
        assert steward(order_for(side), folder).stage is Stage.PAUSED
    assert ends == [b""]


def test_a_note_that_makes_no_sense_says_nothing(folder: Path) -> None:
    folder.mkdir()
    notes = Notes(folder, "far.gguf")
    notes.tell(Progress("Far", "far.gguf", 1, 2, Stage.RUNNING))
    (note,) = folder.iterdir()
    whole = note.read_text()
    assert notes.read()
    for nonsense in ("", "7", "[" * 100_000, whole.replace("1", "Infinity"), whole[:-1]):
        note.write_text(nonsense)
        assert notes.read() is None


BAD = ("drops", "drops", "only whole", "other part", "no such part", "error", "says less")
FATAL = ("sends more", "says more", "changes a byte")


@pytest.mark.torture("shelf.downloads")
def test_whatever_the_other_side_does_no_other_file_gets_the_name(
    tmp_path: Path, share: Share
) -> None:
    ended = Counter[str]()
    for seed in range(share(300)):
        chance = random.Random(seed)  # noqa: S311
        acts = [chance.choice(BAD) for _act in range(chance.randrange(5))]
        if fatal := chance.random() < 0.4:
            acts.append(chance.choice(FATAL))
        folder = tmp_path / str(seed)
        with far_side(FarShelf(CONTENT, acts)) as side:
            told = steward(order_for(side), folder)
        named = [file.name for file in folder.glob("*.gguf")]
        if told.stage is Stage.DONE:
            assert whole(folder), (seed, acts)
        else:
            assert fatal, (seed, acts)
            assert told.trouble in (Trouble.TOO_LONG, Trouble.OTHER_FILE), (seed, acts)
            assert named == [], (seed, acts)
        ended[told.stage] += 1
    assert ended[Stage.DONE] > 0


# Orders


def card(**changes: object) -> ModelCard:
    return replace(CARD, address="https://models.example/echo.gguf", **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [
        {"sha256": None},
        {"size": None},
        {"file": ""},
        {"file": "../../spaces/space.db"},
        {"file": "echo.txt"},
    ],
)
def test_nothing_is_ordered_that_was_not_verified_or_has_a_strange_name(
    changes: dict[str, object],
) -> None:
    assert Order.of(card()).file == "echo.gguf"
    with pytest.raises(ValueError, match="Echo"):
        Order.of(card(**changes))


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://models.example/other?signed=1", True),
        ("https://cdn.example/x", True),
        ("https://cdn.example:444/x", False),
        ("http://models.example/echo.gguf", False),
        ("http://127.0.0.1:80/echo.gguf", False),
        ("https://models.example@evil.example/x", False),
        ("https://evil.example/models.example", False),
        ("https://models.example.evil.example/", False),
        ("ftp://models.example/x", False),
        ("", False),
    ],
)
def test_only_hosts_on_the_card_are_allowed(url: str, allowed: bool) -> None:
    assert Order.of(card(hosts=("cdn.example",))).allows(url) is allowed


def test_an_order_reads_as_it_was_written() -> None:
    order = Order.of(card(hosts=("cdn.example",)))
    assert Order.parse(order.line()) == order
