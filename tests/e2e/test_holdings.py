# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notes, documents, memory and folders in the terminal, at level 0, and out of it for ever."""

import shutil
import stat

import pytest

from tests import illustrated
from tests.e2e.conftest import Home


@pytest.fixture(scope="module", autouse=True)
def space(home: Home) -> None:
    home.run("space", "create", "Ada", "--json")
    home.run("level", "0")


def test_notes(home: Home) -> None:
    cake = home.run("notes", "add", "-", "--title", "Cake", "--json", text="500 g plums").json()
    assert home.run("notes", "show", str(cake["id"])).out == "Cake\n\n500 g plums\n"
    home.run("notes", "edit", str(cake["id"]), "-", text="600 g plums\nand sugar")
    shown = home.run("notes", "show", str(cake["id"]), "--json").json()
    assert (shown["title"], shown["text"]) == ("Cake", "600 g plums\nand sugar")
    (hit,) = home.run("notes", "search", "-", "--json", text="plums sug").json()
    assert (hit["kind"], hit["id"]) == ("note", cake["id"])
    assert home.run("notes", "delete", str(cake["id"])).code == 0
    assert home.run("notes", "delete", str(cake["id"])).code == 2
    assert home.run("notes", "list", "--json").json() == []
    assert home.run("space", "bin", "restore", "note", str(cake["id"]), "--json").json() == {
        "kind": "note", "id": cake["id"],
    }  # fmt: skip
    (listed,) = home.run("notes", "list", "--json").json()
    assert listed["title"] == "Cake"


def test_documents(home: Home) -> None:
    file = home.around / "recipe.txt"
    file.write_text("A quokka bakes.")
    added = home.run("documents", "add", str(file), "--json").json()
    assert (added["title"], added["type"], added["searchable"]) == (
        "recipe.txt", "text/plain", True,
    )  # fmt: skip
    assert "*quokka*" in home.run("documents", "search", "quokka").out
    copy = home.around / "copy.txt"
    assert "not encrypted" in home.run("documents", "export", str(added["id"]), str(copy)).out
    assert copy.read_bytes() == file.read_bytes()
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert home.run("documents", "export", str(added["id"]), str(copy)).code == 2
    again = home.run("documents", "add", str(file), "--json").json()
    assert (again["id"], again["already"], added["already"]) == (added["id"], True, False)
    assert "It is here already" in home.run("documents", "add", str(file)).out
    assert home.run("documents", "remove", str(added["id"])).code == 0
    assert home.run("search", "quokka", "--json").json() == []
    ran = home.run(
        "space", "bin", "erase", "document", str(added["id"]), "--confirm", "--renew-backups"
    )
    assert ran.out.startswith("It was erased.\nThe only backup there is now:")
    assert len(list((home.folder / "backups").glob("*.safespace"))) == 1
    assert home.run("space", "bin", "list", "--json").json() == []
    target = home.run("space", "export", str(home.around / "out"), "--json").json()["folder"]
    assert "quokka" not in (home.around / target / "space.json").read_text("utf-8")
    shutil.rmtree(home.around / "out")


def test_memory_and_folders(home: Home) -> None:
    line = home.run("memory", "add", "-", "--json", text="Ada likes pears").json()["id"]
    home.run("memory", "edit", str(line), "Ada likes plums")
    assert home.run("memory", "list").out == f"{line}  Ada likes plums\n"
    assert home.run("search", "plums", "--in", "memory", "--json").json()[0]["id"] == line
    assert home.run("memory", "delete", "99").code == 2
    assert home.run("memory", "delete", str(line)).code == 0
    (note, *_rest) = home.run("notes", "list", "--json").json()
    assert home.run("folders", "add", "Recipes").code == 0
    assert home.run("folders", "put", "recipes", "note", str(note["id"])).code == 0
    assert "Cake" in home.run("folders", "show", "Recipes").out
    assert len(home.run("notes", "list", "--folder", "Recipes", "--json").json()) == 1
    assert "30 days" in home.run("folders", "keep", "Recipes", "90").out
    assert home.run("folders", "list", "--json").json()[0]["days"] == 90
    assert home.run("folders", "keep", "Recipes", "0").code == 0
    assert home.run("folders", "remove", "Nowhere").code == 2
    said = home.run("space", "bin", "erase", "memory", str(line), "--confirm").out
    assert "1 backup may still hold it" in said
    assert "backup --only" in said
    home.run("memory", "add", "Ada likes figs")
    (fig,) = home.run("memory", "list", "--json").json()
    home.run("memory", "delete", str(fig["id"]))
    erased = home.run("space", "bin", "empty", "--confirm", "--json").json()
    assert erased["erased"] == 1
    assert len(erased["backups"]) == 1
    assert (erased["backups_renewed"], erased["held_until"] is None) == (False, False)
    home.run("memory", "add", "Ada likes nuts")
    (nut,) = home.run("memory", "list", "--json").json()
    home.run("memory", "delete", str(nut["id"]))
    number = str(nut["id"])
    renewed = home.run(
        "space", "bin", "erase", "memory", number, "--confirm", "--renew-backups", "--json"
    ).json()
    assert (renewed["erased"], len(renewed["backups"])) == (1, 1)
    assert renewed["backups"] != erased["backups"]
    assert (renewed["backups_renewed"], renewed["held_until"]) == (True, None)


def test_pictures_in_documents(home: Home) -> None:
    file = home.around / "birds.docx"
    file.write_bytes(illustrated.docx(illustrated.picture()))
    number = str(home.run("documents", "add", str(file), "--json").json()["id"])
    (one,) = home.run("documents", "pictures", number, "--json").json()
    assert (one["says"], one["width"], one["height"]) == (illustrated.SAYS, 120, 80)
    assert illustrated.SAYS in home.run("documents", "pictures", number).out
    named = f"Before.\n— picture {one['id']}: {illustrated.SAYS} —\nAfter 0.\n"
    assert home.run("documents", "read", number).out == named
    ran = home.run("documents", "pictures", number, "--to", str(home.around))
    assert "not encrypted" in ran.out
    assert len(list(home.around.glob("document-*-picture-*.png"))) == 1
    assert home.run("documents", "pictures", number, "--to", str(home.around)).code == 2
    assert home.run("documents", "remove", number).code == 0
    assert home.run("documents", "pictures", number).code == 2
