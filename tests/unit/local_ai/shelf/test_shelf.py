# SPDX-License-Identifier: AGPL-3.0-or-later
"""The shelf: what it takes, what it refuses, and what it notices later."""

import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from safespace.domain import Topic
from safespace.errors import ModelDamaged, ModelTooBig, NoModel, StorageError, Usage
from safespace.local_ai.machine import Machine
from safespace.local_ai.shelf.catalogue import Catalogue
from safespace.local_ai.shelf.shelf import Shelf
from tests.heads import gguf, write_model

KNOWN = gguf({"general.architecture": "llama"}) + b"weights"
CARD = replace(
    Catalogue.read().cards[0],
    name="Known",
    file="known.gguf",
    size=len(KNOWN),
    sha256=hashlib.sha256(KNOWN).hexdigest(),
)
ROOMY = Machine(10**12, 10**12, 8)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "shelf", Catalogue((CARD,)), lambda: ROOMY)


@pytest.fixture
def known(tmp_path: Path) -> Path:
    file = tmp_path / "known.gguf"
    file.write_bytes(KNOWN)
    return file


def test_a_known_file_gets_its_card(shelf: Shelf, known: Path) -> None:
    seen: list[tuple[int, int]] = []
    added = shelf.add(known, lambda done, whole: seen.append((done, whole)))
    assert added.card == CARD
    assert added.name == "Known"
    assert added.path.read_bytes() == KNOWN
    assert seen[-1] == (len(KNOWN), len(KNOWN))
    assert shelf.models() == [added]
    for name in ("", "Known", "known.gguf"):
        assert shelf.choose(name) == added


def test_a_known_file_under_another_name_is_recognised(shelf: Shelf, known: Path) -> None:
    assert shelf.add(known.rename(known.with_name("renamed.gguf"))).path.name == "known.gguf"


def test_an_unknown_file_of_the_same_size_stays_unknown(shelf: Shelf, known: Path) -> None:
    other = known.with_name("other.gguf")
    other.write_bytes(KNOWN[:-1] + b"S")
    added = shelf.add(other)
    assert added.card is None
    assert added.name == "other"
    assert shelf.choose("other") == added


@pytest.mark.parametrize("change", [KNOWN[:-1] + b"S", KNOWN[:-1], KNOWN + b"more"])
def test_a_known_name_with_other_content_is_refused(
    shelf: Shelf, known: Path, change: bytes
) -> None:
    known.write_bytes(change)
    with pytest.raises(ModelDamaged, match=r"known\.gguf"):
        shelf.add(known)
    assert shelf.models() == []
    assert not list(known.parent.glob("shelf/*"))


def test_what_is_brought_leaves_what_is_being_fetched_alone(shelf: Shelf, known: Path) -> None:
    shelf.folder.mkdir()
    part = shelf.folder / "known.gguf.part"
    part.write_bytes(KNOWN[:3])

    def fetched_meanwhile(_done: int, _size: int) -> None:
        with part.open("ab") as out:
            out.write(b"from elsewhere")

    assert shelf.add(known, fetched_meanwhile).path.read_bytes() == KNOWN
    assert part.read_bytes() == KNOWN[:3] + b"from elsewhere"


def test_two_who_bring_files_of_one_name_at_once_mix_nothing(shelf: Shelf, tmp_path: Path) -> None:
    bodies = [gguf({"general.architecture": "llama"}) + body for body in (b"one" * 9, b"two")]
    files = [tmp_path / f"from-{number}" / "mine.gguf" for number in range(2)]
    for file, body in zip(files, bodies, strict=True):
        file.parent.mkdir()
        file.write_bytes(body)

    def meanwhile(_done: int, _size: int) -> None:
        shelf.add(files[1])

    place = shelf.add(files[0], meanwhile).path
    assert place.read_bytes() == bodies[0]  # who is ready last


def test_what_a_kill_left_of_a_copy_is_cleared_away(shelf: Shelf, known: Path) -> None:
    shelf.folder.mkdir()
    old, young = (shelf.folder / f"{name}.gguf.0000.copying" for name in ("old", "young"))
    for left in (old, young):
        left.touch()
    os.utime(old, (0, 0))
    shelf.add(known)
    assert not old.exists()
    assert young.exists()


@pytest.mark.parametrize("content", [b"", b"GGUF", b"<html>not found</html>" * 10])
def test_what_is_no_model_never_reaches_the_shelf(
    shelf: Shelf, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "page.gguf"
    file.write_bytes(content)
    with pytest.raises(ModelDamaged):
        shelf.add(file)
    assert shelf.models() == []


@pytest.mark.parametrize("change", [KNOWN[:-1] + b"S", KNOWN[:-1], KNOWN[:3]])
def test_a_file_that_changed_on_the_shelf_is_noticed(
    shelf: Shelf, known: Path, change: bytes
) -> None:
    place = shelf.add(known).path
    shelf.choose()
    times = place.stat()
    place.write_bytes(change)
    os.utime(place, ns=(times.st_atime_ns, times.st_mtime_ns))  # as a careful forger would
    with pytest.raises(ModelDamaged):
        shelf.choose()


def test_a_file_put_there_by_hand_is_checked_too(shelf: Shelf, known: Path) -> None:
    folder = known.parent / "shelf"
    folder.mkdir()
    (folder / "known.gguf").write_bytes(KNOWN)
    assert shelf.choose().card == CARD
    (folder / "known.gguf").write_bytes(KNOWN[:-1] + b"S")
    with pytest.raises(ModelDamaged):
        shelf.choose()


def test_a_checked_file_is_not_read_whole_again(
    shelf: Shelf, known: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = shelf.add(known).path
    read: list[Path] = []
    real = hashlib.file_digest

    def counting(content: object, name: str) -> object:
        read.append(place)
        return real(content, name)  # type: ignore[arg-type]

    monkeypatch.setattr(hashlib, "file_digest", counting)
    shelf.choose()
    assert read == []
    place.touch()
    shelf.choose()
    assert read == [place]
    shelf.choose()
    assert read == [place]


@pytest.mark.parametrize("notes", ["", "no json", "[]", '{"known.gguf": 1}'])
def test_spoilt_notes_only_cost_a_check(shelf: Shelf, known: Path, notes: str) -> None:
    place = shelf.add(known).path
    place.with_name("verified.json").write_text(notes)
    assert shelf.choose().card == CARD


def test_an_empty_shelf_says_how_to_fill_it(shelf: Shelf) -> None:
    assert shelf.models() == []
    with pytest.raises(NoModel) as refusal:
        shelf.choose()
    assert refusal.value.way_on


def test_an_unknown_name_is_named(shelf: Shelf, known: Path) -> None:
    shelf.add(known)
    with pytest.raises(NoModel, match="Gone"):
        shelf.choose("Gone")


def test_the_largest_that_fits_is_chosen(tmp_path: Path) -> None:
    folder = tmp_path / "shelf"
    folder.mkdir()
    for name, size in (("small", 10), ("middle", 10**6), ("large", 10**7)):
        write_model(folder / f"{name}.gguf", padding=size)

    def shelf(available: int) -> Shelf:
        return Shelf(folder, Catalogue(()), lambda: Machine(10**12, available, 8))

    assert shelf(120_000_000).choose().name == "large"
    assert shelf(108_000_000).choose().name == "middle"
    with pytest.raises(ModelTooBig):
        shelf(1).choose()
    assert shelf(1).choose("large").name == "large"  # asked for by name: the engine will say


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path, known: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    shelf = Shelf(tmp_path / "file" / "shelf", Catalogue((CARD,)))
    with pytest.raises(StorageError, match="shelf"):
        shelf.add(known)
    assert shelf.models() == []


def test_a_person_may_tell_what_an_unknown_model_speaks(shelf: Shelf, known: Path) -> None:
    unknown = known.with_name("mine.gguf")
    unknown.write_bytes(known.read_bytes() + bytes(10**6))
    assert shelf.add(unknown).card is None
    card = shelf.add(unknown, languages=frozenset({"de", "en"})).card
    assert card is not None
    assert (card.languages, card.not_for) == (frozenset({"de", "en"}), frozenset(Topic))
    assert shelf.choose("mine").card == card


def test_by_itself_it_takes_a_model_of_which_something_is_known(shelf: Shelf, known: Path) -> None:
    shelf.add(known)
    unknown = known.with_name("mine.gguf")
    unknown.write_bytes(known.read_bytes() + bytes(10**6))
    shelf.add(unknown)
    assert shelf.choose().card is not None
    assert shelf.choose("mine").card is None


@pytest.mark.parametrize("told", ["", "[]", "{}", '{"languages": 3}', "\xff", "[" * 100_000])
def test_spoilt_words_about_a_model_count_as_none(shelf: Shelf, known: Path, told: str) -> None:
    unknown = known.with_name("mine.gguf")
    unknown.write_bytes(known.read_bytes() + bytes(8))
    place = shelf.add(unknown, languages=frozenset({"de"})).path
    place.with_name("mine.gguf.card.json").write_text(told, "utf-8")
    assert shelf.choose("mine").card is None


@pytest.mark.parametrize("name", ["mine.bin", "mine", "mine.GGUF", "mine-1.5b"])
def test_what_is_on_the_shelf_is_listed_whatever_its_file_was_called(
    shelf: Shelf, known: Path, name: str
) -> None:
    unknown = known.with_name(name)
    unknown.write_bytes(known.read_bytes() + bytes(8))
    added = shelf.add(unknown)
    assert shelf.models() == [added]
    assert shelf.choose() == added


def test_another_file_of_the_same_name_does_not_inherit_what_was_told(
    shelf: Shelf, known: Path
) -> None:
    unknown = known.with_name("mine.gguf")
    unknown.write_bytes(known.read_bytes() + bytes(8))
    shelf.add(unknown, languages=frozenset({"de"}))
    assert shelf.add(unknown).card is None


def test_what_is_no_language_is_not_told(shelf: Shelf, known: Path) -> None:
    for strange in ("english", "EN", "", "e1"):
        with pytest.raises(Usage):
            shelf.add(known, languages=frozenset({strange, "de"}))
    assert shelf.models() == []


def test_a_check_that_cannot_be_noted_is_a_check_all_the_same(shelf: Shelf, known: Path) -> None:
    added = shelf.add(known)
    (added.path.parent / "verified.json").unlink()
    (added.path.parent / "verified.json.new").mkdir()  # nothing can be written there
    assert shelf.choose() == added


def test_a_model_is_removed_with_what_was_told_of_it(shelf: Shelf, known: Path) -> None:
    other = known.with_name("other.gguf")
    other.write_bytes(KNOWN[:-1] + b"S")
    kept = shelf.add(known)
    told = shelf.add(other, languages=frozenset({"de"}))
    shelf.remove("other.gguf")
    assert shelf.models() == [kept]
    assert not list(told.path.parent.glob("other*"))
    for name in ("other.gguf", "../known.gguf", ""):
        with pytest.raises(NoModel):
            shelf.remove(name)
    assert known.exists()


def test_a_link_out_of_the_shelf_is_called_one(shelf: Shelf, known: Path) -> None:
    inside = shelf.add(known)
    outside = known.with_name("outside.gguf")
    outside.write_bytes(KNOWN[:-1] + b"S")
    link = inside.path.with_name("link.gguf")
    link.symlink_to(outside)
    with pytest.raises(ModelDamaged, match=r"link\.gguf is only a link") as problem:
        shelf.choose("link.gguf")
    assert "models import" in problem.value.way_on
    shelf.add(outside.rename(outside.with_name("link.gguf")))
    assert shelf.choose("link.gguf").path.read_bytes().endswith(b"S")
    within = inside.path.with_name("within.gguf")
    within.symlink_to(inside.path.name)
    assert shelf.choose("within.gguf").path == within


def test_what_stands_on_the_shelf_of_every_account_is_there_too(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    admin = Shelf(tmp_path / "admin", Catalogue((CARD,)), lambda: ROOMY, shared=shared)
    file = tmp_path / "known.gguf"
    file.write_bytes(KNOWN)
    added = admin.add(file, for_all=True)
    assert added.path.parent == shared
    assert added.path.stat().st_mode & 0o444 == 0o444
    member = Shelf(tmp_path / "member", Catalogue((CARD,)), lambda: ROOMY, shared=shared)
    assert member.models() == [added]
    assert member.choose("") == added
    assert member.verify("Known") == added
    own = member.add(file)
    assert member.models() == [own]  # their own file of that name is the one they meant
    assert member.remove("Known") == len(KNOWN)
    assert member.models() == [added]
    shared.joinpath("known.gguf").write_bytes(KNOWN[:-1] + b"S")
    with pytest.raises(ModelDamaged):
        member.choose("Known")


def test_verifying_reads_a_file_whole_whatever_was_noted(shelf: Shelf, known: Path) -> None:
    added = shelf.add(known)
    file = added.path
    before = file.stat()
    assert shelf.verify("Known") == added
    file.write_bytes(KNOWN[:-1] + b"S")
    notes = file.parent / "verified.json"
    changed = file.stat()
    facts = [changed.st_size, changed.st_mtime_ns, changed.st_ctime_ns]
    notes.write_text(json.dumps({file.name: facts}), "utf-8")  # as if it had been read so
    assert shelf.choose("Known").path == file
    with pytest.raises(ModelDamaged):
        shelf.verify("Known")
    assert before.st_size == changed.st_size


def test_a_file_that_has_another_name_too_frees_nothing(shelf: Shelf, known: Path) -> None:
    added = shelf.add(known)
    os.link(added.path, known.with_name("kept.gguf"))
    assert shelf.remove("Known") == 0
    assert shelf.models() == []


def test_what_finds_is_never_offered_for_chatting(shelf: Shelf, tmp_path: Path) -> None:
    """Known by how it is built, or by what it says of its vectors; what ranks texts is neither."""
    heads: dict[str, dict[str, int | str]] = {
        "bert": {"general.architecture": "bert"},
        "pooled": {"general.architecture": "qwen3", "qwen3.pooling_type": 3},
        "ranks": {"general.architecture": "bert", "bert.pooling_type": 4},
        "chats": {"general.architecture": "qwen3"},
    }
    assert shelf.finder() is None
    for padding, (name, values) in enumerate(heads.items()):
        shelf.add(write_model(tmp_path / f"{name}.gguf", padding, **values))
    finds = {model.name for model in shelf.models() if model.finds}
    assert finds == {"bert", "pooled"}
    finder = shelf.finder()
    assert finder
    assert finder.name == "pooled"  # the largest
    assert shelf.choose("").name not in finds
    with pytest.raises(NoModel, match="holds no conversation"):
        shelf.choose("bert")
    for name in ("ranks", "chats"):
        shelf.remove(name)
    with pytest.raises(NoModel):
        shelf.choose("")


def test_what_finds_stays_the_same_whatever_memory_is_free(tmp_path: Path) -> None:
    free = [10**12, 0]
    shelf = Shelf(tmp_path / "shelf", Catalogue(()), lambda: Machine(10**12, free[0], 8))
    for padding, name in enumerate(("small", "large")):
        made = tmp_path / f"{name}.gguf"
        shelf.add(write_model(made, padding, **{"general.architecture": "bert"}))
    before = shelf.finder()
    free.pop(0)
    assert before
    assert before == shelf.finder()


def test_the_card_of_a_known_file_says_what_it_is_for(tmp_path: Path, known: Path) -> None:
    shelf = Shelf(tmp_path / "shelf", Catalogue((replace(CARD, finds=True),)), lambda: ROOMY)
    shelf.add(known)
    assert shelf.finder()
    with pytest.raises(NoModel):
        shelf.choose("")
