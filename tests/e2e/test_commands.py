# SPDX-License-Identifier: AGPL-3.0-or-later
"""A member in the terminal, from an empty home to an answer from the real model."""

import json
import shutil
import subprocess
from pathlib import Path

from safespace.store.space import Space
from safespace.store.spaces import Spaces
from tests.e2e.conftest import PASSPHRASE, Home

QUESTION = "Why is the sky blue?"


def test_nothing_there_yet(home: Home) -> None:
    assert home.run("space", "list", "--json").json() == []
    ran = home.run("ask", "-", text=QUESTION)
    assert ran.code == 4
    assert "safespace space create" in ran.err


def test_create(home: Home) -> None:
    created = home.run("space", "create", "Ada", "--json").json()
    assert created["name"] == "Ada"
    assert len(created["recovery_code"].split()) == 12


def test_ask_the_real_model(home: Home) -> None:
    home.run("config", "assistant.answer_tokens", "24")
    answer = home.run("ask", "-", "--json", text=QUESTION).json()
    assert {
        "answer", "route", "reasons", "model", "tokens", "ttft_ms", "tokens_per_s"
    } <= set(answer)  # fmt: skip
    assert answer["route"] == "local"
    assert answer["model"] == "SmolLM2 135M"
    assert answer["tokens"] == 24
    assert answer["answer"].strip()
    assert answer["demonstration"]
    assert answer["recorded"]
    assert answer["partial"]  # it was cut at 24 tokens


def test_what_the_card_does_not_cover_is_handed_back(home: Home) -> None:
    ran = home.run("ask", "-", "--json", text="How many paracetamol can I take a day?")
    assert ran.code == 10
    outcome = ran.json()
    assert (outcome["route"], outcome["answer"], outcome["model"]) == ("human", "", None)
    assert outcome["reasons"]
    anyway = home.run(
        "ask", "--anyway", "-", "--json", text="How many paracetamol can I take a day?"
    ).json()
    assert anyway["route"] == "local"


def test_wrong_passphrase(home: Home) -> None:
    ran = home.run("ask", "-", text=QUESTION, passphrase="not this one")
    assert ran.code == 3
    assert len(ran.err.strip().splitlines()) == 1


def test_no_passphrase_on_the_command_line(home: Home) -> None:
    ran = home.run("ask", "--passphrase", "anything", "-", text=QUESTION)
    assert ran.code == 2


def test_levels_go_down_at_once_and_up_on_purpose(home: Home) -> None:
    assert home.run("level", "--json").json()["level"] == 1
    assert home.run("level", "0", "--json").json()["level"] == 0
    refused = home.run("level", "1")
    assert refused.code == 9
    assert "A model on this computer answers what you ask" in refused.err
    assert refused.err.strip().splitlines()[-1].startswith("Going up a level")
    ran = home.run("ask", "-", "--json", text=QUESTION)
    assert ran.code == 10
    assert ran.json()["route"] == "human"
    assert home.run("ask", "-", "--json", text="Who can read this?").json()["answer"]
    assert home.run("level", "1", "--confirm", "--json").json()["level"] == 1


def test_config(home: Home) -> None:
    assert home.run("config", "appearance.theme", "dark").out.strip() == "dark"
    assert home.run("config", "appearance.theme", "--json").json()["value"] == "dark"
    assert home.run("config", "appearance.theme", "pink").code == 2
    assert "appearance.theme" in home.run("config", "apearance.teme").err


def test_a_new_passphrase_and_a_new_key(home: Home) -> None:
    code = home.run("space", "recovery", "--json").json()["recovery_code"]
    both = f"{PASSPHRASE}\nseven more words for this one day"
    ran = home.run("space", "passphrase", passphrase=both)
    assert ran.code == 0
    assert "--somebody-knows-it" in ran.out
    assert home.run("space", "unlock-check").code == 3
    assert home.run("space", "passphrase", passphrase="only one line").code == 2

    back = f"{code}\n{PASSPHRASE}"
    renewed = home.run(
        "space", "passphrase", "--somebody-knows-it", "--recovery", "--json", passphrase=back
    ).json()
    assert (renewed["name"], renewed["guessable"], renewed["copies"]) == ("Ada", False, [])
    assert len(renewed["recovery_code"].split()) == 12
    assert renewed["unreached"]
    assert home.run("space", "unlock-check", "--recovery", passphrase=code).code == 3
    checked = home.run("space", "unlock-check", "--json").json()
    assert [opening["by"] for opening in checked["openings"][:3]] == [
        "recovery_code", "passphrase", "passphrase"
    ]  # fmt: skip
    assert "by the recovery code" in home.run("space", "unlock-check").out


def test_a_passphrase_that_can_be_guessed_is_marked_where_spaces_are_named(home: Home) -> None:
    created = home.run("space", "create", "Bo", passphrase="bo1")
    assert "not sealed" in created.err
    marks = {row["name"]: row["guessable"] for row in home.run("space", "list", "--json").json()}
    assert marks == {"Ada": False, "Bo": True}
    assert "not sealed" in home.run("space", "list").out
    (folder,) = (
        home.folder / "spaces" / row["id"]
        for row in home.run("space", "list", "--json").json()
        if row["name"] == "Bo"
    )
    shutil.rmtree(folder)  # the story goes on with one space


def test_export(home: Home) -> None:
    folder = home.folder / "out"
    target = home.run("space", "export", str(folder), "--json").json()["folder"]
    everything = json.loads((folder / target / "space.json").read_text("utf-8"))
    texts = [m["text"] for c in everything["conversations"] for m in c["messages"]]
    assert QUESTION in texts


def test_doctor(home: Home) -> None:
    findings = {row["id"]: row for row in home.run("doctor", "--json").json()}
    assert all(row["well"] or not row["essential"] for row in findings.values()), findings
    assert {"isolated", "program files", "memory", "swap", "hibernation", "modes"} <= {*findings}
    assert findings["isolated"]["well"]
    assert findings["memory"]["well"]
    assert "SQLCipher" in findings["store"]["seen"]
    assert "SmolLM2" in findings["shelf"]["seen"]


def test_doctor_tries_the_walls(home: Home) -> None:
    reports = {row["process"]: row for row in home.run("doctor", "--walls", "--json").json()}
    assert {*reports} == {"worker", "reader"}
    for report in reports.values():
        assert len(report["tried"]) == 20
        assert report["held"], report


def test_ask_goes_through_the_process_that_holds_the_space(home: Home) -> None:
    with home.chat() as chat:
        assert chat.stdin
        assert chat.stdout
        answer = home.run("ask", "-", "--json", text=QUESTION).json()
        assert answer["route"] == "local"
        assert home.run("ask", "-", text=QUESTION, passphrase="not this one").code == 3
        assert home.run("level", "0", "--json", passphrase=None).json()["level"] == 0
        assert home.run("ask", "-", text=QUESTION).code == 10
        assert home.run("space", "lock", passphrase=None).code == 0
        assert chat.wait(20) == 0
    assert not home.run("space", "list", "--json").json()[0]["open"]


def test_two_questions_at_once_are_both_answered(home: Home) -> None:
    home.run("level", "1", "--confirm")
    with subprocess.Popen(
        home.command("ask", "--json", QUESTION), env=home.environment, stdout=subprocess.PIPE
    ) as first:
        assert home.run("ask", "-", "--json", text=QUESTION).json()["answer"]
        assert first.stdout
        assert json.loads(first.stdout.read())["answer"]


def test_search_finds_without_ai_what_was_asked(home: Home) -> None:
    home.run("level", "0")
    (title, *messages) = home.run("search", "-", "--json", text="BLUE sk").json()
    assert (title["title"], title["message"]) == (QUESTION, None)
    assert QUESTION in [hit["excerpt"] for hit in messages]
    ((start, end), *_rest) = title["marks"]
    assert title["excerpt"][start:end].casefold() in ("blue", "sk")
    assert "*sk*y" in home.run("search", "sk").out
    ran = home.run("search", "quokka")
    assert (ran.code, ran.out) == (0, "Nothing found.\n")
    assert home.run("search", 'NEAR("').code == 0


def test_the_bin_restores_and_erases(home: Home) -> None:
    assert home.run("space", "bin", "list", "--json").json() == []
    spaces = Spaces(home.folder / "spaces")
    info = spaces.find("Ada")
    space = Space(info.folder, spaces.unlock(info, PASSPHRASE))
    herons, storks = (space.new_conversation(title).id for title in ("Herons", "Storks"))
    for conversation in (herons, storks):  # which the window does
        space.delete_conversation(conversation)
    space.close()
    binned = home.run("space", "bin", "list", "--json").json()
    assert [row["title"] for row in binned] == ["Storks", "Herons"]
    assert home.run("search", "herons", "--json").json() == []
    assert home.run("space", "bin", "restore", "conversation", str(herons)).code == 0
    assert home.run("space", "bin", "restore", "conversation", str(herons)).code == 2
    assert home.run("search", "herons", "--json").json()[0]["id"] == herons
    assert home.run("space", "bin", "empty").code == 9
    erased = home.run("space", "bin", "empty", "--confirm").out
    assert erased.startswith("1 thing was erased.\n")
    assert home.run("space", "bin", "list").out == "The bin is empty.\n"


def test_talking_in_the_terminal(home: Home) -> None:
    home.run("level", "1", "--confirm")
    ran = home.run("chat", text=f"{QUESTION}\n/levle 0\n/level 0\nAnd why?\n/quit\n")
    assert ran.code == 0
    assert "/levle is no command" in ran.err
    assert ran.err.count("Here, by SmolLM2 135M") == 1
    assert "SmolLM2 135M" in ran.err
    assert "No AI" in ran.err


def test_a_talk_that_is_pinned_goes_no_further(home: Home) -> None:
    home.run("level", "1", "--confirm")
    ran = home.run("chat", text=f"/pin no-ai\n{QUESTION}\n/new\n{QUESTION}\n/quit\n")
    assert ran.code == 0
    assert ran.err.count("Here, by SmolLM2 135M") == 1
    assert ran.err.count("You keep this conversation without AI.") == 1


def test_a_damaged_model_is_named(home: Home) -> None:
    (model,) = (home.folder / "models").glob("*.gguf")
    whole = model.read_bytes()
    model.unlink()  # the file is linked elsewhere
    model.write_bytes(whole[: len(whole) // 2])
    home.run("level", "1", "--confirm")
    ran = home.run("ask", "-", text=QUESTION)
    assert ran.code == 8
    assert model.name in ran.err


def test_backup_and_move_to_an_empty_home(home: Home) -> None:
    created = home.run("space", "create", "Ben", "--json").json()
    made = home.run("space", "backup", "--space", "Ben", "--json").json()
    assert made["verified"]
    whole = home.run("space", "verify", "--space", "Ben", "--json").json()
    assert [row["whole"] for row in whole["backups"]] == [True]
    assert home.run("space", "restore", made["file"], "--drill", "--json").json()["whole"]
    assert home.run("space", "restore", made["file"], passphrase="not this one").code == 3

    elsewhere = Home(home.around / "new computer")
    ran = elsewhere.run(
        "space",
        "restore",
        made["file"],
        "--recovery",
        "--json",
        passphrase=created["recovery_code"],
    )
    assert ran.json()["name"] == "Ben"
    assert elsewhere.run("space", "verify", "--json").json()["backups"] == []

    data = bytearray(Path(made["file"]).read_bytes())
    data[-1] ^= 1
    Path(made["file"]).write_bytes(data)
    ran = home.run("space", "verify", made["file"])
    assert ran.code == 5
    assert len(ran.err.strip().splitlines()) == 1
    ran = home.run("space", "verify", "--space", "Ben", "--json")
    assert ran.code == 5
    assert not json.loads(ran.out)["backups"][0]["whole"]


def test_erase_destroys_the_space_and_says_what(home: Home) -> None:
    info = Spaces(home.folder / "spaces").find("Ada")
    backup = Path(home.run("space", "backup", "--space", "Ada", "--json").json()["file"])
    assert home.run("space", "erase", "--space", "Ada", text="Eve\n").code == 2
    assert (
        home.run("space", "erase", "--space", "Ada", "--yes", passphrase="not this one").code == 3
    )
    assert info.folder.exists()
    destroyed = home.run("space", "erase", "--space", "Ada", "--yes", "--json").json()["destroyed"]
    assert {str(info.folder / "space.json"), str(backup)} <= set(destroyed)
    assert not info.folder.exists()
    assert not backup.exists()
    assert [row["name"] for row in home.run("space", "list", "--json").json()] == ["Ben"]
