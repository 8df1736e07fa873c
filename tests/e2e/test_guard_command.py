# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace guard` as a program: lines in, lines out, whatever the lines are."""

import json

from tests.e2e.conftest import Home


def test_check_answers_each_line(home: Home) -> None:
    lines = [
        json.dumps({"id": 1, "text": "Write to ada@example.org, please."}),
        "no JSON",
        "[1, 2]",
        json.dumps({"id": 2, "text": 7}),
        json.dumps({"id": 3, "text": "half a character: \ud800"}),
        "",
        json.dumps({"id": 4, "text": "How do cats purr?"}),
    ]
    ran = home.run(
        "guard", "check", "--level", "4", "--jsonl", "--no-model", text="\n".join(lines) + "\n"
    )
    assert ran.code == 0
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert [answer["id"] for answer in answers] == [1, None, None, 2, 3, 4]
    assert answers[0]["route"] == "coop_redacted"
    assert [answer["route"] for answer in answers[1:4]] == ["human"] * 3
    assert answers[4]["route"] != "coop"
    assert answers[5]["route"] == "coop"


def test_a_model_that_reads_too_badly_is_not_asked(home: Home) -> None:
    line = '{"text": "How do cats purr?"}\n'
    heard = home.run("guard", "check", "--level", "4", "--jsonl", text=line)
    alone = home.run("guard", "check", "--level", "4", "--jsonl", "--no-model", text=line)
    assert heard.code == 0
    assert json.loads(heard.out)["route"] == json.loads(alone.out)["route"] == "coop"


def test_explain_says_why(home: Home) -> None:
    ran = home.run(
        "guard", "explain", "--level", "4", "--no-model", text="my password is Tr0ub4dor&3"
    )
    assert ran.code == 0
    assert "never leave this computer" in ran.out
    assert "Tr0ub4dor" not in ran.out


def test_prove(home: Home) -> None:
    proof = home.run("guard", "prove", "--json").json()
    assert proof["violations"] == 0
    assert proof["edges"] > proof["states"] > 34_560
