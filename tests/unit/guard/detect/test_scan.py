# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every kind is found where it stands, however it is written, and ordinary text is left alone."""

import random
import re
import socket
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safespace import paths
from safespace.guard.detect.finding import Finding, Kind
from safespace.guard.detect.scan import LONGEST, Scanner

SCANNER = Scanner(paths.assets() / "guard")

SAMPLES = {
    Kind.EMAIL: (
        "ada.lovelace@example.org",
        "kontakt@müller.example.de",
        "a+b_c@sub.example.co.uk",
    ),
    Kind.PHONE: ("+49 30 901820", "(212) 555-0147", "030 12345678", "01 42 68 53 00"),
    Kind.CARD: ("4111111111111111", "5500 0055 5555 5559", "3782-822463-10005"),
    Kind.IBAN: ("DE89 3704 0044 0532 0130 00", "gb29nwbk60161331926819"),
    Kind.NATIONAL_ID: ("078-05-1120", "12345678Z", "RSSMRA85T10A562S", "AB 12 34 56 C"),
    Kind.IP: ("203.0.113.77", "2001:db8::8a2e:370:7334", "00:1b:63:84:45:e6"),
    Kind.URL: ("https://example.org/a?b=c", "www.example.com", "example.de/path"),
    Kind.DATE: ("2024-05-17", "17.05.2024", "5/17/2024", "17 May 2024", "Mai 2024", "Tuesday"),
    Kind.ADDRESS: ("12 Baker Street", "Hauptstraße 5", "Calle Mayor 12", "10 rue de la Paix"),
    Kind.PERSON: ("Maria Schneider", "Dr. Quimbly", "my name is Tolva Brix", "QUIMBLYN TOLVA"),
    Kind.NAME: ("your name? Quimblyn", "Ask Quimblyn", "ask Куликов"),
    Kind.MINOR: ("my daughter", "meine kleine Tochter", "mi hijo", "ma fille", "7 years old"),
    Kind.AGE: ("I'm 43", "52 Jahre alt"),
}

ORDINARY = (
    "How do cats purr?",
    "Explain the difference between a list and a tuple.",
    "It costs 1,000,000 dollars, or 3.14159 times as much.",
    "Between 1 and 10, pick 7.",
    "Write a poem about the sea and the wind.",
    "Warum ist der himmel blau?",
    "version 2.11.3 of the program",
    "look at this dot",
)


def kinds(text: str) -> set[Kind]:
    return {found.kind for found in SCANNER.scan(text).all}


@pytest.mark.parametrize(
    ("kind", "written"), [(kind, one) for kind, many in SAMPLES.items() for one in many]
)
def test_a_sample_is_found_where_it_stands(kind: Kind, written: str) -> None:
    text = f"so, {written} it was"
    places = [found for found in SCANNER.scan(text).all if found.kind is kind]
    assert places, SCANNER.scan(text)
    assert any(found.start < 4 + len(written) and found.end > 4 for found in places)


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert SCANNER.scan(text).all == ()
    assert kinds(f"{text} a@example.org") == {Kind.EMAIL}  # planted


def _homoglyphs(written: str) -> str:
    return written.translate(str.maketrans("aeopcxABEHKMOPCTX", "аеорсхАВЕНКМОРСТХ"))


def _full_width(written: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in written)


EVASIONS: dict[str, Callable[[str], str]] = {
    "full-width": _full_width,
    "zero-width": "\N{ZERO WIDTH SPACE}".join,
    "spaced digits": lambda written: re.sub(r"(?<=\d)(?=\d)", " ", written),
    "at/dot": lambda written: written.replace("@", " at ").replace(".", " dot "),
    "bracketed": lambda written: written.replace("@", "[at]").replace(".", "(dot)"),
    "no-break": lambda written: written.replace(" ", "\N{NO-BREAK SPACE}").replace("-", "\u2011"),
    "homoglyph": _homoglyphs,
    "lower case": str.lower,
    "upper case": str.upper,
    "soft hyphen": "\N{SOFT HYPHEN}".join,
}
STRUCTURED = (
    ("reach me: ada.lovelace@example.org", Kind.EMAIL),
    ("phone (212) 555-0147", Kind.PHONE),
    ("card 4111111111111111", Kind.CARD),
    ("iban GB29NWBK60161331926819", Kind.IBAN),
    ("ssn 078-05-1120", Kind.NATIONAL_ID),
    ("from 203.0.113.77", Kind.IP),
    ("see https://www.example.org", Kind.URL),
    ("since 5/17/1984", Kind.DATE),
)


@pytest.mark.parametrize("evasion", EVASIONS)
@pytest.mark.parametrize(("text", "kind"), STRUCTURED)
def test_no_way_of_writing_hides_it(evasion: str, text: str, kind: Kind) -> None:
    word, written = text.rsplit(" ", 1) if kind is not Kind.PHONE else text.split(" ", 1)
    assert kind in kinds(f"{word} {EVASIONS[evasion](written)}!")


def test_offsets_are_those_of_the_raw_text() -> None:
    text = "ﬁne\u200b ✉ ａｄａ＠ｅｘａｍｐｌｅ．ｏｒｇ, ok"
    (found,) = SCANNER.scan(text).of(Kind.EMAIL)
    assert text[found.start : found.end] == "ａｄａ＠ｅｘａｍｐｌｅ．ｏｒｇ"


@given(st.text(max_size=200))
@settings(max_examples=150, derandomize=True, deadline=None)
def test_any_text_is_scanned_and_its_places_lie_within(text: str) -> None:
    for found in SCANNER.scan(text).all:
        assert 0 <= found.start < found.end <= len(text)


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=100, derandomize=True, deadline=None)
def test_text_around_takes_nothing_away(before: str, after: str) -> None:
    text = f"{before}\n ada@example.org \n{after}"
    assert Kind.EMAIL in kinds(text)


def test_the_same_text_gives_the_same_findings() -> None:
    text = " ".join(one for many in SAMPLES.values() for one in many)
    assert SCANNER.scan(text) == SCANNER.scan(text)


def test_structured_findings_do_not_overlap() -> None:
    text = " ".join(one for many in SAMPLES.values() for one in many)
    placed = [found for found in SCANNER.scan(text).all if found.kind is not Kind.MINOR]
    for one, other in pairwise(placed):
        assert one.end <= other.start


def test_nothing_is_known_of_what_is_too_long() -> None:
    found = SCANNER.scan("a" * (LONGEST + 1))
    assert not found.whole
    assert found.all == ()


def test_a_secret_anywhere_in_a_long_document_is_found() -> None:
    chance = random.Random(20)  # noqa: S311
    filler = "The quick fox reads a long book about the sea. " * 4300
    for _turn in range(5):
        at = chance.randrange(len(filler))
        text = filler[:at] + " ghp_" + "a1B2c3D4e5" * 4 + " " + filler[at:]
        assert [found.kind for found in SCANNER.scan(text).of(Kind.SECRET)] == [Kind.SECRET]


def test_no_detector_opens_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def noted(*_args: object, **_more: object) -> None:
        asked.append("network")
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", noted)
    monkeypatch.setattr(socket.socket, "connect", noted)
    SCANNER.scan(" ".join(one for many in SAMPLES.values() for one in many) + " 2125550147")
    assert asked == []
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("localhost", 9))
    assert asked == ["network"]


@pytest.mark.parametrize(
    ("text", "day", "detector"),
    [
        ("2024-05-03T10:15:30+02:00", "2024-05-03T10:15:30+02:00", "date"),
        ("2024-05-03T10:15Z, then", "2024-05-03T10:15Z", "date"),
        ("from 2024-05-03/2024-06-01 on", "2024-05-03/2024-06-01", "date"),
        ("03.05.2024-04.05.2024", "03.05.2024-04.05.2024", "date"),
        ("1500-01-01", "1500-01-01", "date"),
        ("take 20240503 for it", "20240503", "date"),
        ("born 20010503", "20010503", "date.birth"),
        ("see log_2024-05-03.txt", "2024-05-03", "date"),
        ("part 2024-05-03-1", "2024-05-03", "date"),
        ("call 20240503", "20240503", "phone.word"),  # what is called is no day
        ("tel. 2024-05-03-12", "2024-05-03-12", "phone.word"),
    ],
)
def test_a_day_as_iso_8601_writes_it_is_no_telephone_number(
    text: str, day: str, detector: str
) -> None:
    assert [(text[one.start : one.end], one.detector) for one in SCANNER.scan(text).all] == [
        (day, detector)
    ]


def test_a_region_is_read_first() -> None:
    bare = "0912345678"
    assert Kind.PHONE in kinds(f"take {bare}") or SCANNER.scan(f"take {bare}", "TW").of(Kind.PHONE)
    assert isinstance(SCANNER.scan(f"take {bare}", "TW").all[0], Finding)


@pytest.mark.parametrize(
    ("text", "words", "detector"),
    [
        ("Dear Mrs. Dunant, thank you", "Dunant", "person.title"),
        ("It is under my partner's name John A. Leiva", "John A. Leiva", "person.full"),
        ("my name is borna jerković but call me borna", "borna jerković", "person.full"),
        ("Bot: the name? User: Ágnes Földesy", "Ágnes Földesy", "person.likely"),
        ("have you heard teodors vītolnieks speak yet?", "teodors vītolnieks", "person.likely"),
        ("hello, this is mrs. jaaksonas speaking", "jaaksonas", "person.title"),
        ("Ask Hendrik van der Waalsdorp about it", "Hendrik van der Waalsdorp", "person.full"),
        ("What is your address? it is Quirlhof 4. Thanks", "Quirlhof 4", "address.told"),
        (
            "The bakery is at 417 Siegward-Biggen-Gasse",
            "417 Siegward-Biggen-Gasse",
            "address.house",
        ),
        ("skopčeva ulica 5c is empty", "skopčeva ulica 5c", "address.street"),
        ("rua das quintas novas, 591", "rua das quintas novas, 591", "address.street"),
        ("send it to fpo ae 44941", "fpo ae 44941", "address.part"),
        ("a tale by H.G. Wells", "H.G. Wells", "person.full"),
        ("Ask Maria Ostrelius. Then Ostrelius's brother", "Ostrelius's", "person.again"),
        ("write to @quill_77 tonight", "@quill_77", "account.handle"),
        ("open D:\\users\\tolva brix\\list.txt", "tolva brix", "account.folder"),
        ("She still lives on Quagmire Road with two cats", "quagmire road", "name.street"),
        ("Antworte Frau Kasimira Wohlleben bald", "Kasimira Wohlleben", "person.title"),
        ("We met in Lisbon", "Lisbon", "place.list"),
        ("ZIP: 3520", "3520", "address.code"),
        ("meine PLZ ist 80331", "80331", "address.code"),
        ("customer C1026483832 paid", "C1026483832", "account.shape"),
        ("my boss Quimbly was late", "Quimbly", "name.capital"),
        ("I have to answer Prendergast by noon", "Prendergast", "name.capital"),
        ("Then Wether said that it was late", "Wether", "name.capital"),
        ("weil Brettschneid fragte, ob es regnet", "Brettschneid", "name.capital"),
        ("mi jefe Roble llega tarde", "Roble", "name.capital"),
        ("ma voisine Lampe est là", "Lampe", "name.capital"),
    ],
)
def test_names_places_and_numbers_are_told(text: str, words: str, detector: str) -> None:
    found = [(text[one.start : one.end], one.detector) for one in SCANNER.scan(text).all]
    assert (words, detector) in found or (words.title(), detector) in found


@pytest.mark.parametrize(
    "text",
    [
        "add a @property and an @media rule to site.css",
        "écris un petit mot sur une pierre blanche",
        "a white wolf in the snow",
        "how do i bake bread without yeast or sugar",
        "we walked down the main street and along the road to the lake",
        "explain quickly how bridges are built in japan",
        "wie baue ich ein regal aus alten brettern",
        "in the middle of the street there is an old lantern",
        "The train leaves at 8 from the station",
    ],
)
def test_ordinary_sentences_hold_no_name(text: str) -> None:
    told = SCANNER.scan(text).of(Kind.NAME, Kind.PERSON, Kind.ADDRESS)
    assert not told, [(text[one.start : one.end], one.detector) for one in told]


@pytest.mark.parametrize(
    "text",
    [
        "Was ist der Unterschied zwischen einer Liste und einem Tupel?",
        "Erkläre die Geschichte der Seife in fünf Sätzen.",
        "Wie hält man eine kurze Tischrede?",
        "¿Qué es la fotosíntesis?",
        "Capitalized words like Wisdom and Discipline",
        "I work for Rapid Cycle Solutions",
        "CAN I SPEAK TO A REAL PERSON?!",
        "the word is in zip format 3520 times",
        "version v1234 of the code",
        "Then the Committee said yes",
        "Weil die Regierung fragte, wurde es spät.",
    ],
)
def test_ordinary_capitals_and_numbers_are_no_names(text: str) -> None:
    assert SCANNER.scan(text).of(Kind.PERSON, Kind.NAME, Kind.ADDRESS, Kind.ACCOUNT) == ()
