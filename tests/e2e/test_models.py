# SPDX-License-Identifier: AGPL-3.0-or-later
"""The model shelf in the terminal: cards, fetching from a place on this computer, taking away."""

import hashlib
import random
from collections.abc import Iterator

import pytest

from safespace import paths
from safespace.local_ai.shelf.catalogue import Catalogue
from tests.e2e.conftest import Home
from tests.heads import gguf
from tests.unit.door.far_side import FarSide, far_side
from tests.unit.session.fetching.far_shelf import FarShelf

CONTENT = gguf({"general.architecture": "llama"}) + random.Random(3).randbytes(  # noqa: S311
    100_000
)
STARTER = "SmolLM2-135M-Instruct.Q4_1.gguf"


def catalogue(side: FarSide, home: Home, content: bytes = CONTENT) -> None:
    """Has the program know a model that lies at `side`, besides its own."""
    own = (paths.assets() / "models" / "catalogue.toml").read_text("utf-8")
    more = f"""
[[model]]
name = "Far"
file = "far.gguf"
maker = "Somebody"
licence = "MIT"
languages = ["en"]
not_for = []
demonstration = false
parameters = 1
source = "https://models.example/far"
address = "http://127.0.0.1:{side.port}/far.gguf"
size = {len(content)}
sha256 = "{hashlib.sha256(content).hexdigest()}"
"""
    taken = home.folder / "state" / "catalogue" / "catalogue.toml"
    taken.parent.mkdir(parents=True, exist_ok=True)
    version = f"\nversion = {Catalogue.read().version}\n"
    taken.write_text(own.replace(version, "\nversion = 99\n") + more, "utf-8")


@pytest.fixture(scope="module")
def far() -> Iterator[tuple[FarSide, FarShelf]]:
    shelf = FarShelf(CONTENT, ("drops",))
    with far_side(shelf) as side:
        yield side, shelf


def test_cards_say_what_is_known_and_whether_it_fits(home: Home) -> None:
    rows = home.run("models", "list", "--all", "--json").json()
    assert len(rows) >= 15
    assert [row["name"] for row in rows if row["on_shelf"]] == ["SmolLM2 135M"]
    assert not any(row["fetchable"] for row in rows if not row["on_shelf"])
    shown = home.run("models", "show", "qwen3 14b", "--json").json()
    assert shown["free"]
    assert not shown["verified"]
    assert shown["fit"]["memory"] > 8_000_000_000
    said = home.run("models", "show", "gemma 3 4b").out
    for part in ("Google", "Restricted", "Languages", "Made of", "To be verified", "memory"):
        assert part in said
    assert home.run("models", "show", "nobody's").code == 8
    assert "Did you mean Qwen3 4B?" in home.run("models", "show", "Qwen4").err
    assert "There is: SmolLM2 135M." in home.run("models", "remove", "smol").err


def test_the_starter_is_verified_to_the_byte(home: Home) -> None:
    assert home.run("models", "verify", STARTER, "--json").json()["verified"]
    assert "to the byte" in home.run("models", "verify", "SmolLM2 135M").out


def test_what_nobody_verified_cannot_be_fetched(home: Home) -> None:
    home.run("space", "create", "Ada")
    ran = home.run("models", "get", "Qwen3 0.6B")
    assert ran.code == 2
    assert "nobody has verified" in ran.err


def test_a_model_is_fetched_once_that_is_switched_on(
    home: Home, far: tuple[FarSide, FarShelf]
) -> None:
    side, shelf = far
    catalogue(side, home)
    ran = home.run("models", "get", "far")
    assert ran.code == 11
    assert "switched off" in ran.err
    assert side.lines == 0
    assert "not being fetched" in home.run("models", "pause", "far").err
    home.run("config", "door.models", "on")
    got = home.run("models", "get", "far", "--json").json()
    assert got == {
        "file": "far.gguf",
        "done": len(CONTENT),
        "size": len(CONTENT),
        "stage": "done",
        "trouble": None,
    }
    assert len(shelf.asked) == 2  # it broke off once
    assert (home.folder / "models" / "far.gguf").read_bytes() == CONTENT
    left = home.run("activity", "--left").out
    assert "far.gguf" in left
    assert home.run("models", "verify", "far", "--json").json()["verified"]


def test_what_is_taken_away_says_what_that_frees(home: Home) -> None:
    ran = home.run("models", "remove", "far")
    assert ran.code == 9
    assert "100 kB" in ran.err
    freed = home.run("models", "remove", "far", "--confirm", "--json").json()
    assert freed == {"name": "far", "freed": len(CONTENT)}
    assert not (home.folder / "models" / "far.gguf").exists()


def test_a_file_that_is_another_one_is_refused_in_one_sentence(home: Home) -> None:
    with far_side(FarShelf(CONTENT, ("changes a byte",))) as side:
        catalogue(side, home)
        ran = home.run("models", "get", "far")
    assert ran.code == 11
    assert "not the file on its card" in ran.err
    assert not (home.folder / "models" / "far.gguf").exists()


def test_a_keeper_writes_down_what_a_file_tells(home: Home) -> None:
    ours = home.around / "catalogue.toml"
    own = (paths.assets() / "models" / "catalogue.toml").read_text("utf-8")
    ours.write_text(own, "utf-8")
    there, first = FarShelf(CONTENT), FarShelf(CONTENT, ("moved",) * 9)
    with far_side(there) as far, far_side(first) as side:
        first.elsewhere = f"http://127.0.0.1:{far.port}/signed?for=a-while"
        place = f"http://127.0.0.1:{side.port}/Qwen3-4B.gguf"
        asked = ("models", "refresh", "Qwen3 4B", place, "--catalogue", str(ours))
        assert home.run(*asked).code == 11  # sent on to a host that nobody named
        assert far.lines == 0
        assert ours.read_text("utf-8") == own
        facts = home.run(*asked, "--host", f"127.0.0.1:{far.port}", "--json").json()
    assert facts["sha256"] == hashlib.sha256(CONTENT).hexdigest()
    fresh = Catalogue.read(ours)
    card = fresh.called("Qwen3 4B")
    assert card
    assert card.fetchable
    assert card.address == place
    assert fresh.version == Catalogue.read().version + 1
    left = home.run("activity", "--left", "--json").json()["decided"]
    assert left[0]["destination"] == f"{place}, 127.0.0.1:{far.port}"


def test_how_fast_this_computer_is_can_be_measured(home: Home) -> None:
    assert not home.run("models", "show", "Qwen3 4B", "--json").json()["fit"]["measured"]
    measured = home.run("models", "calibrate", "--json").json()
    assert measured["file"] == STARTER
    assert measured["tokens_per_s"] > 0
    assert home.run("models", "show", "Qwen3 4B", "--json").json()["fit"]["measured"]
    home.run("level", "0")
    assert home.run("models", "calibrate").code == 2


def test_only_a_signed_catalogue_is_taken(home: Home) -> None:
    (home.folder / "state" / "catalogue" / "catalogue.toml").unlink()
    ours = paths.assets() / "models"
    taken = home.run("models", "catalogue", str(ours), "--json").json()
    assert taken["version"] == Catalogue.read().version
    strange = home.around / "strange"
    strange.mkdir()
    for file in ours.iterdir():
        strange.joinpath(file.name).write_bytes(file.read_bytes().replace(b"MIT", b"TIM"))
    ran = home.run("models", "catalogue", str(strange))
    assert ran.code == 8
    assert len(ran.err.strip().splitlines()) == 1
