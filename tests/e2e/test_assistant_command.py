# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a member tells the assistant, in the terminal, with the real model."""

import pytest

from tests.e2e.conftest import Home
from tests.lora import write_adapter


@pytest.fixture(scope="module", autouse=True)
def space(home: Home) -> None:
    home.run("space", "create", "Ada", "--json")


def test_instructions_and_prompts(home: Home) -> None:
    told = home.run("assistant", "instructions", "-", "--json", text="Answer briefly.\n").json()
    assert told == {"conversation": None, "instructions": "Answer briefly."}
    assert home.run("assistant", "instructions").out == "Answer briefly.\n"
    assert home.run("assistant", "instructions", "--conversation", "9", "x").code == 2
    saved = home.run("assistant", "save", "-", "--title", "Week", "--json", text="Plan it.").json()
    (listed,) = home.run("assistant", "prompts", "--json").json()
    assert (listed["id"], listed["title"], listed["text"]) == (saved["id"], "Week", "Plan it.")
    assert home.run("assistant", "prompt", str(saved["id"])).out == "Plan it.\n"
    assert home.run("assistant", "delete", str(saved["id"])).code == 0
    assert home.run("assistant", "prompts", "--json").json() == []


def test_a_task_is_asked_and_its_answer_says_what_wrote_it(home: Home) -> None:
    home.run("config", "assistant.answer_tokens", "16")
    ran = home.run("ask", "--task", "summary", "--marked", "-", text="The tree had much fruit.")
    assert ran.code == 0, ran.err
    assert ran.out.startswith("---\ndigital_source_type:")
    assert "trainedAlgorithmicMedia" in ran.out
    assert "— Written by AI: SmolLM2" in ran.out
    (decided,) = home.run("activity", "--json").json()["decided"]
    assert decided["kind"] == "summary"
    assert home.run("ask", "--detail", "French", "x").code == 2


def test_an_adapter(home: Home) -> None:
    file = write_adapter(home.around / "odd.gguf")
    assert home.run("assistant", "adapters", "add", str(file), "--json").json()["kind"] == "llama"
    home.run("config", "assistant.adapter", "odd.gguf")
    answer = home.run("ask", "-", "--json", text="Count from one to five.").json()
    assert answer["model"].endswith(" + odd")
    assert home.run("assistant", "adapters", "remove", "odd.gguf").code == 0
    gone = home.run("ask", "-", "--json", text="Count from one to five.")
    assert gone.code == 2
    assert "no adapter called" in gone.err


def test_a_task_while_talking(home: Home) -> None:
    home.run("config", "assistant.adapter", "")
    with home.chat() as chat:
        chat.communicate("/task explanation a child\nA plum is a drupe.\n/quit\n", timeout=120)
    decided = home.run("activity", "--json").json()["decided"]
    assert [entry["kind"] for entry in decided].count("explanation") == 1
