# SPDX-License-Identifier: AGPL-3.0-or-later
"""A permission is for these bytes to this place, once, soon, and of this level: or it is none."""

from collections.abc import Callable
from dataclasses import fields, replace
from functools import partial
from typing import Any

import pytest

from safespace import paths
from safespace.domain import (
    Clearance,
    Destination,
    Errand,
    Level,
    Purpose,
    Reason,
    Route,
    Sensitivity,
    Topic,
)
from safespace.errors import NotCleared
from safespace.guard import wording
from safespace.guard.deciding.facts import Facts
from safespace.guard.detect.scan import Scanner
from safespace.guard.leaving.body import canonical
from safespace.guard.leaving.clearance import LASTS_S, Clearances, Judge
from safespace.guard.proving.abstract import FACTS, facts_at
from safespace.guard.reading.reader import Reader
from safespace.guard.weighing.givenaway import left_in

LAX = replace(facts_at([len(fact.values) - 1 for fact in FACTS]), model="m")
THERE = Destination("https://site.example/v1/chat/completions", "key", "relay", "tier")
READER = Reader(paths.assets() / "guard")
SCANNER = Scanner(paths.assets() / "guard")


def errand_of(words: str = "Why is the sky blue?", **changes: Any) -> Errand:
    body = canonical("m", [("user", words)], ())
    return replace(Errand(THERE, body, "m"), **changes)


def said(facts: Facts) -> Judge:
    """Whatever leaves, these are its facts."""

    def judge(words: str) -> Facts:
        del words
        return facts

    return judge


class Guard:
    """The permissions of a space whose level and clock a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.versions: tuple[int, int] | None = (7, 3)
        self.open = Clearances(READER, SCANNER, lambda: self.versions, lambda: self.now)

    def mint(self, errand: Errand | None = None, facts: Facts = LAX) -> Clearance:
        return self.open.mint(errand or errand_of(), said(facts))


@pytest.fixture
def guard() -> Guard:
    return Guard()


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(NotCleared) as problem:
        act()
    assert problem.value.way_on
    return problem.value.sentence


def test_it_binds_everything_and_is_redeemed_once(guard: Guard) -> None:
    errand = errand_of(price=5, headers=(("accept", "text/event-stream"),))
    clearance = guard.mint(errand)
    assert clearance.errand == errand
    assert (clearance.level_version, clearance.limits_version) == (7, 3)
    assert clearance.route is Route.COOP
    assert guard.open.redeem(clearance.number, clearance.digest) is clearance
    used = refused(lambda: guard.open.redeem(clearance.number, clearance.digest))
    assert "no permission" in used


def test_every_field_changes_the_digest() -> None:
    errand = errand_of()
    other: dict[str, Any] = {
        "destination": replace(THERE, site="another"),
        "body": b"{}",
        "model": "n",
        "parameters": (("seed", 1),),
        "headers": (("accept", "*/*"),),
        "price": 1,
        "purpose": Purpose.HUB,
        "largest": 1,
    }
    assert set(other) == {field.name for field in fields(Errand)}
    for name, value in other.items():
        assert replace(errand, **{name: value}).digest != errand.digest
    for field in fields(Destination):
        elsewhere = replace(errand, destination=replace(THERE, **{field.name: "x"}))
        assert elsewhere.digest != errand.digest
    clearance = Clearance("n", errand, Route.COOP, frozenset(), 1, 1)
    changed: dict[str, Any] = {
        "number": "o",
        "errand": replace(errand, price=1),
        "route": Route.COOP_REDACTED,
        "obligations": frozenset({"ask"}),
        "level_version": 2,
        "limits_version": 2,
    }
    assert set(changed) == {field.name for field in fields(Clearance)}
    for name, value in changed.items():
        assert replace(clearance, **{name: value}).digest != clearance.digest


def test_one_made_by_hand_is_refused(guard: Guard) -> None:
    own = Clearance("1" * 32, errand_of(), Route.COOP, frozenset(), 7, 3)
    assert "no permission" in refused(lambda: guard.open.redeem(own.number, own.digest))


def test_an_altered_one_is_refused_and_used_up(guard: Guard) -> None:
    clearance = guard.mint()
    elsewhere = replace(THERE, url="https://other.example/v1/chat/completions")
    altered = replace(clearance, errand=replace(clearance.errand, destination=elsewhere))
    assert "not what was judged" in refused(
        lambda: guard.open.redeem(altered.number, altered.digest)
    )
    refused(lambda: guard.open.redeem(clearance.number, clearance.digest))


def test_one_that_was_altered_in_place_is_refused(guard: Guard) -> None:
    clearance = guard.mint()
    object.__setattr__(clearance.errand, "body", b"something else")
    assert "not what was judged" in refused(
        lambda: guard.open.redeem(clearance.number, clearance.digest)
    )


@pytest.mark.parametrize(("later", "good"), [(LASTS_S, True), (LASTS_S + 0.1, False), (-1, False)])
def test_it_lasts_for_seconds_and_no_clock_gives_more(
    guard: Guard, later: float, good: bool
) -> None:
    clearance = guard.mint()
    guard.now += later
    if good:
        assert guard.open.redeem(clearance.number, clearance.digest) is clearance
    else:
        assert "in time" in refused(lambda: guard.open.redeem(clearance.number, clearance.digest))


def test_what_nobody_used_is_forgotten(guard: Guard) -> None:
    old = guard.mint()
    guard.now += LASTS_S / 2
    fresh = guard.mint()
    guard.now += LASTS_S / 2 + 1
    guard.mint()
    assert "no permission" in refused(lambda: guard.open.redeem(old.number, old.digest))
    assert guard.open.redeem(fresh.number, fresh.digest) is fresh


@pytest.mark.parametrize("versions", [(8, 3), (7, 4), None])
def test_it_ends_with_the_level_and_the_limits(
    guard: Guard, versions: tuple[int, int] | None
) -> None:
    clearance = guard.mint()
    guard.versions = versions
    assert "changed" in refused(lambda: guard.open.redeem(clearance.number, clearance.digest))


def test_going_down_ends_what_is_open_and_what_was_shown(guard: Guard) -> None:
    clearance = guard.mint()
    errand = errand_of()
    shown = guard.open.show(errand)
    guard.open.revoke()
    refused(lambda: guard.open.redeem(clearance.number, clearance.digest))
    asking = replace(LAX, level=Level.ASK_EACH_TIME)
    assert "seen" in refused(lambda: guard.open.mint(errand, said(asking), shown))


def test_going_down_while_it_is_judged_ends_it(guard: Guard) -> None:
    def judge(words: str) -> Facts:
        guard.open.revoke()
        return LAX

    assert "changed" in refused(lambda: guard.open.mint(errand_of(), judge))
    assert guard.mint()


def test_a_change_while_it_is_judged_is_noticed_when_it_is_used(guard: Guard) -> None:
    def judge(words: str) -> Facts:
        guard.versions = (8, 3)
        return LAX

    clearance = guard.open.mint(errand_of(), judge)
    assert "changed" in refused(lambda: guard.open.redeem(clearance.number, clearance.digest))


def test_without_versions_there_is_none(guard: Guard) -> None:
    guard.versions = None
    assert "cannot be read" in refused(guard.mint)


@pytest.mark.parametrize("level", [None, *Level])
def test_it_is_judged_again(guard: Guard, level: Level | None) -> None:
    facts = replace(LAX, level=level)
    if level is Level.COOPERATIVE:
        assert guard.mint(facts=facts)
    else:
        refused(lambda: guard.mint(facts=facts))


def test_the_judge_hears_every_word_that_leaves(guard: Guard) -> None:
    heard: list[str] = []

    def judge(words: str) -> Facts:
        heard.append(words)
        return LAX

    turns = [("system", "Be kind."), ("user", "Why?"), ("assistant", "So."), ("user", "And?")]
    guard.open.mint(Errand(THERE, canonical("m", turns, ()), "m"), judge)
    assert heard == ["Be kind.\nWhy?\nSo.\nAnd?"]


@pytest.mark.parametrize(
    "words",
    [
        "Write to ada.lovelace@example.org for me.",
        "My key is AKIAIOSFODNN7EXAMPLE, keep it.",
        "My daughter is 9 years old and cannot sleep.",
        "x" * 1_000_001,
    ],
)
def test_what_stands_in_the_bytes_counts_whatever_was_said_of_them(
    guard: Guard, words: str
) -> None:
    refused(lambda: guard.mint(errand_of(words)))


def test_a_topic_in_the_bytes_counts_too(guard: Guard) -> None:
    words = "I was diagnosed with diabetes, what does my doctor's prescription mean?"
    assert READER.read(words).topics == frozenset({Topic.HEALTH})
    refused(lambda: guard.mint(errand_of(words)))
    refused(lambda: guard.mint(facts=replace(LAX, topics=None)))


def test_placeholders_may_leave_but_only_shown(guard: Guard) -> None:
    errand = errand_of("Write to [Email 1] for me.")
    facts = replace(LAX, before=Sensitivity.IDENTIFYING)
    assert "seen" in refused(lambda: guard.mint(errand, facts))
    shown = guard.open.show(errand)
    clearance = guard.open.mint(errand, said(facts), shown)
    assert clearance.route is Route.COOP_REDACTED
    assert clearance.obligations == {"redact", "preview"}


def test_unknown_stays_unknown(guard: Guard) -> None:
    refused(lambda: guard.mint(facts=replace(LAX, before=None)))


def test_word_lists_that_cannot_be_read_close(tmp_path: Any) -> None:
    for reader, scanner in (
        (Reader(tmp_path), SCANNER),
        (READER, Scanner(tmp_path)),
    ):
        unread = Clearances(reader, scanner, lambda: (1, 1))
        refused(partial(unread.mint, errand_of(), said(LAX)))


def test_a_yes_is_to_exactly_this_and_once(guard: Guard) -> None:
    asking = replace(LAX, level=Level.ASK_EACH_TIME)
    errand = errand_of()
    shown = guard.open.show(errand)
    assert shown.errand.body == errand.body
    first = guard.open.mint(errand, said(asking), shown)
    assert first.obligations == {"ask", "preview"}
    again = refused(lambda: guard.open.mint(errand, said(asking), shown))
    assert "seen" in again  # a retry is a new yes
    shown = guard.open.show(errand)
    other = replace(errand, destination=replace(THERE, site="another"))
    refused(lambda: guard.open.mint(other, said(asking), shown))  # so is another site
    guard.open.show(other)
    refused(lambda: guard.open.mint(errand, said(asking), shown))  # or what came between


@pytest.mark.parametrize(
    "url",
    [
        "http://site.example/",
        "https://ada:secret@site.example/",
        "https://site.example/?q=words",
        "https://site.example/#part",
        "https://SITE.example/",
        "https://site.example/%0d%0aHost:other",
        "https://site.example\\@other/",
        "https://127.0.0.1@other/",
        "http://127.0.0.1.example/",
        "ftp://site.example/",
        "",
    ],
)
def test_a_place_is_a_name_and_a_path(guard: Guard, url: str) -> None:
    refused(lambda: guard.mint(errand_of(destination=Destination(url))))
    fetch = Errand(Destination(url), purpose=Purpose.MODELS)
    refused(lambda: guard.open.permit(fetch, switched_on=True))


def test_unsealed_only_to_this_computer(guard: Guard) -> None:
    for url in ("http://127.0.0.1:8000/v1", "http://[::1]/v1", "https://site.example:8443"):
        assert guard.mint(errand_of(destination=Destination(url)))


def test_another_model_or_other_bytes_than_were_judged(guard: Guard) -> None:
    refused(lambda: guard.mint(facts=replace(LAX, model="n")))
    refused(lambda: guard.mint(errand_of(body=b'{"messages":[],"model":"m"}')))
    refused(lambda: guard.mint(errand_of(purpose=Purpose.HUB)))


def test_a_purpose_has_its_switch_and_none_of_our_words(guard: Guard) -> None:
    fetch = Errand(Destination("https://models.example/m.gguf"), purpose=Purpose.MODELS)
    clearance = guard.open.permit(fetch, switched_on=True)
    guard.versions = (9, 9)  # levels are about tasks
    assert guard.open.redeem(clearance.number, clearance.digest) is clearance
    assert "switched off" in refused(lambda: guard.open.permit(fetch, switched_on=False))
    refused(lambda: guard.open.permit(replace(fetch, body=b"x"), switched_on=True))
    refused(lambda: guard.open.permit(replace(fetch, purpose=None), switched_on=True))


def test_every_number_is_long_and_another(guard: Guard) -> None:
    fetch = Errand(Destination("https://models.example/m.gguf"), purpose=Purpose.MODELS)
    numbers = [guard.open.show(errand_of()).number, guard.open.show(errand_of()).number]
    numbers += [guard.mint().number, guard.mint().number]
    numbers += [guard.open.permit(fetch, switched_on=True).number for _time in range(2)]
    assert len(set(numbers)) == 6
    assert all(len(bytes.fromhex(number)) == 16 for number in numbers)


def test_a_refusal_says_why_and_what_now(guard: Guard) -> None:
    protected = replace(LAX, topics=frozenset({Topic.HEALTH}))
    with pytest.raises(NotCleared) as problem:
        guard.mint(facts=protected)
    why = Reason("topic.protected", (("topics", "health"),))
    assert (problem.value.sentence, problem.value.way_on) == (
        wording.sentence(why),
        wording.way_on(why) or "Nothing was sent.",
    )
    with pytest.raises(NotCleared) as problem:
        guard.mint(facts=replace(LAX, model="n"))
    assert problem.value.way_on == "Nothing was sent. Ask again, and it is judged anew."


def test_going_down_again_while_it_is_judged_ends_it_too(guard: Guard) -> None:
    guard.open.revoke()

    def judge(words: str) -> Facts:
        guard.open.revoke()
        return LAX

    assert "changed" in refused(lambda: guard.open.mint(errand_of(), judge))


def test_one_that_is_still_good_is_not_forgotten(guard: Guard) -> None:
    old = guard.mint()
    guard.now += LASTS_S
    guard.mint()
    assert guard.open.redeem(old.number, old.digest) is old


def test_a_possible_name_in_the_bytes_is_asked_about(guard: Guard) -> None:
    errand = errand_of("What would you answer Ольге today?")
    assert left_in("What would you answer Ольге today?", SCANNER).names_possible
    assert "seen" in refused(lambda: guard.mint(errand))
    assert guard.open.mint(errand, said(LAX), guard.open.show(errand)).obligations == {"ask"}
    plain = errand_of()
    assert "seen" in refused(lambda: guard.mint(plain, replace(LAX, names_possible=True)))


def test_what_placeholders_left_over_stays_here_though_it_was_seen(guard: Guard) -> None:
    errand = errand_of("Write to ada.lovelace@example.org for me.")
    facts = replace(LAX, before=Sensitivity.IDENTIFYING, after=Sensitivity.NEUTRAL)
    shown = guard.open.show(errand)
    assert "seen" not in refused(lambda: guard.open.mint(errand, said(facts), shown))
