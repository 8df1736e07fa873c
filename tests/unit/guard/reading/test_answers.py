# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a model writes in a space with limits is judged as what is asked there."""

from pathlib import Path

import pytest

from safespace import paths
from safespace.domain import NO_LIMITS, Limits, Reason, Topic
from safespace.guard import wording
from safespace.guard.detect.scan import Scanner
from safespace.guard.reading.answers import Judge, judge_of
from safespace.guard.reading.distress import Distress
from safespace.guard.reading.reader import Reader

LIMITS = Limits(topics=frozenset({Topic.HEALTH}))
ASKED = "Who repairs bicycles? I wrote to shop@wheels.example."


def judge(limits: Limits | None = LIMITS, folder: Path | None = None) -> Judge | None:
    assets = folder or paths.assets()
    reader, scanner = Reader(assets / "guard"), Scanner(assets / "guard")
    return judge_of(limits, ASKED, reader, Distress(assets / "help" / "lines.toml"), scanner)


def code(text: str, limits: Limits | None = LIMITS) -> str | None:
    found = judge(limits)
    assert found
    reason = found(text)
    if reason:
        assert wording.sentence(reason).endswith(".")
        assert wording.way_on(reason)
    return reason.code if reason else None


def test_a_space_without_limits_is_not_judged() -> None:
    assert judge(NO_LIMITS) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A workshop near you can true the wheel.", None),
        ("That sounds like a heart attack.", "answer.topic"),
        ("Call +49 30 901820 and ask for Jim.", "answer.contact"),
        ("Write to jim@else.example.", "answer.contact"),
        ("See https://else.example/game for more.", "answer.contact"),
        ("You wrote to shop@wheels.example already.", None),
        ("You could kill yourself.", "answer.distress"),
        ("Ich weiß nicht, was ein Fahrrad ist, aber es rollt.", None),
        ("Я не знаю, что такое велосипед.", "answer.unread"),
        ("x" * 1_000_001, "answer.unread"),
    ],
)
def test_what_is_left_out(text: str, expected: str | None) -> None:
    assert code(text) == expected


def test_a_topic_that_the_limits_do_not_name_passes() -> None:
    assert code("That sounds like a heart attack.", Limits(minutes=30)) is None


def test_limits_that_cannot_be_read_let_nothing_pass() -> None:
    assert code("A workshop.", None) == "limits.unknown"


def test_lists_that_are_gone_let_nothing_pass(tmp_path: Path) -> None:
    found = judge(LIMITS, tmp_path)
    assert found
    assert found("A workshop.") == Reason("answer.unread")
