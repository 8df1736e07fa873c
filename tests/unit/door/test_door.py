# SPDX-License-Identifier: AGPL-3.0-or-later
"""The door: what was judged is what arrives; the record comes first; nothing else goes out."""

import json
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from safespace import paths
from safespace.domain import Clearance, Destination, Errand, Purpose
from safespace.door import transport
from safespace.door.door import Door
from safespace.door.line import Line
from safespace.door.record import End, Journey
from safespace.errors import Cut, NotCleared, StorageError, Unanswered
from safespace.guard.deciding.facts import Facts
from safespace.guard.detect.scan import Scanner
from safespace.guard.leaving.body import canonical
from safespace.guard.leaving.clearance import Clearances
from safespace.guard.proving.abstract import FACTS, facts_at
from safespace.guard.reading.reader import Reader
from tests.unit.door.far_side import (
    WORDS,
    Behave,
    far_side,
    keeps_silent,
    never_answers,
    says,
    talks_for_ever,
)

LAX = replace(facts_at([len(fact.values) - 1 for fact in FACTS]), model="m")
TURNS = [("system", "Be kind."), ("user", 'Why is the sky blue?\n\tnaïve “as I am”, 5 €, "so" \\')]
HEADERS = (("accept", "text/event-stream"), ("content-type", "application/json"))


class Kept:
    """A record in memory, which notes in what order things happen."""

    def __init__(self) -> None:
        self.order: list[str] = []
        self.left: list[Clearance] = []
        self.journeys: list[Journey] = []
        self.full = False

    def leaves(self, clearance: Clearance) -> int:
        if self.full:
            raise StorageError("The disk is full.")
        self.order.append("record")
        self.left.append(clearance)
        return len(self.left)

    def ended(self, id_: int, journey: Journey) -> None:
        assert id_ == len(self.left)
        self.journeys.append(journey)


class Way:
    """The guard's permissions, a record and a door: the way out of one space."""

    def __init__(self) -> None:
        assets = paths.assets() / "guard"
        self.versions = (1, 1)
        self.guard = Clearances(Reader(assets), Scanner(assets), lambda: self.versions)
        self.record = Kept()
        self.door = Door(self.guard.redeem, self.record)

    def clear(self, url: str, **changes: Any) -> Clearance:
        parameters = (("max_tokens", 20), ("stream", True))
        body = canonical("m", TURNS, parameters)
        errand = Errand(Destination(url, "key"), body, "m", parameters, HEADERS)

        def judge(words: str) -> Facts:
            del words
            return LAX

        return self.guard.mint(replace(errand, **changes), judge)


@pytest.fixture
def way() -> Iterator[Way]:
    way = Way()
    yield way
    way.door.cut(purposes=True)


def test_what_was_judged_arrives_byte_for_byte(way: Way) -> None:
    with far_side() as side:
        clearance = way.clear(side.url)
        assert b"".join(way.door.send(clearance)) == b"".join(WORDS)
        (heard,) = side.heard
    head, _end, body = heard.partition(b"\r\n\r\n")
    assert body == clearance.errand.body
    assert json.loads(body)["messages"][1]["content"] == TURNS[1][1]
    assert sorted(head.decode().lower().split("\r\n")) == sorted(
        [
            "post /v1/chat/completions http/1.1",
            f"host: 127.0.0.1:{side.port}",
            f"content-length: {len(body)}",
            "user-agent: safespace",
            "accept-encoding: identity",
            "connection: close",
            "accept: text/event-stream",
            "content-type: application/json",
        ]
    )
    assert way.record.left == [clearance]
    assert way.record.journeys == [Journey(End.WHOLE, len(b"".join(WORDS)))]


@settings(derandomize=True, max_examples=30, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=300))
def test_any_words_arrive_byte_for_byte(words: str) -> None:
    body = canonical("m", [("user", words)], ())
    with far_side() as side:
        errand = Errand(Destination(side.url), body, "m")
        assert b"".join(transport.carry(errand, Line())) == b"".join(WORDS)
        assert side.heard[0].partition(b"\r\n\r\n")[2] == body


def test_a_purpose_fetches_and_says_nothing(way: Way) -> None:
    with far_side(says(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nGGUF")) as side:
        errand = Errand(Destination(side.url), purpose=Purpose.MODELS)
        assert b"".join(way.door.send(way.guard.permit(errand, switched_on=True))) == b"GGUF"
        (heard,) = side.heard
    assert heard.startswith(b"GET /v1/chat/completions HTTP/1.1\r\n")
    assert heard.endswith(b"\r\n\r\n")


def test_only_what_the_guard_made_passes_and_only_once(way: Way) -> None:
    with far_side() as side:
        good = way.clear(side.url)
        by_hand = replace(good, number="0" * 32)
        altered = replace(
            way.clear(side.url),
            errand=replace(good.errand, destination=Destination("http://[::1]")),
        )
        late = way.clear(side.url)
        way.guard.revoke()
        for clearance in (by_hand, altered, late, good):
            with pytest.raises(NotCleared):
                way.door.send(clearance)
        once = way.clear(side.url)
        list(way.door.send(once))
        with pytest.raises(NotCleared):
            way.door.send(once)
        assert side.lines == 1
    assert way.record.left == [once]


def test_the_record_is_written_before_a_name_is_looked_up(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo

    def look_up(*asked: Any, **more: Any) -> Any:
        way.record.order.append("look-up")
        return real(*asked, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with far_side() as side:
        clearance = way.clear(side.url)
        assert way.record.order == []  # no connection made in advance
        list(way.door.send(clearance))
    assert way.record.order == ["record", "look-up"]


def test_without_a_record_nothing_leaves(way: Way) -> None:
    way.record.full = True
    with far_side() as side:
        with pytest.raises(StorageError):
            way.door.send(way.clear(side.url))
        time.sleep(0.2)
        assert side.lines == 0
        way.record.full = False
        list(way.door.send(way.clear(side.url)))
        assert side.lines == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_refused(way: Way, status: int) -> None:
    with far_side() as elsewhere:
        answer = f"HTTP/1.1 {status} Go\r\nLocation: {elsewhere.url}\r\nContent-Length: 0\r\n\r\n"
        with far_side(says(answer.encode())) as side:
            with pytest.raises(Unanswered, match="somewhere else"):
                list(way.door.send(way.clear(side.url)))
            assert side.lines == 1
        assert elsewhere.lines == 0
    assert [journey.end for journey in way.record.journeys] == [End.FAILED]


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x16\x03\x01 what?",
        b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 503 Later\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 204 Nothing\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000,
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"x" * 2000,
    ],
)
def test_no_answer_is_said_and_never_tried_again(way: Way, answer: bytes) -> None:
    with far_side(says(answer)) as side:
        with pytest.raises(Unanswered) as problem:
            list(way.door.send(way.clear(side.url, largest=1000)))
        assert problem.value.sentence
        assert problem.value.way_on
        time.sleep(0.1)
        assert side.lines == 1
    assert [journey.end for journey in way.record.journeys] == [End.FAILED]


def test_nobody_there(way: Way) -> None:
    with far_side() as side:
        gone = side.url
    with pytest.raises(Unanswered, match="cannot be reached"):
        list(way.door.send(way.clear(gone)))


def test_no_variable_and_no_file_of_this_account_has_a_say(
    way: Way, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with far_side() as proxy, far_side() as side:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "https_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        keys = tmp_path / "keys"
        monkeypatch.setenv("SSLKEYLOGFILE", str(keys))
        netrc = tmp_path / "netrc"
        netrc.write_text("machine 127.0.0.1 login ada password secret\n")
        monkeypatch.setenv("NETRC", str(netrc))
        list(way.door.send(way.clear(side.url)))
        assert (proxy.lines, side.lines) == (0, 1)
        assert not keys.exists()
        httpx.get(side.url)  # who listens to variables takes another way, and notes its keys
        assert (proxy.lines, side.lines) == (1, 1)
        assert keys.exists()
        assert b"uthorization" not in side.heard[0]


def test_a_sealed_line_is_not_opened_to_a_stranger(way: Way) -> None:
    with far_side() as side:
        sealed = f"https://127.0.0.1:{side.port}/"
        assert not transport.trust().keylog_filename
        with pytest.raises(Unanswered):
            list(way.door.send(way.clear(sealed)))
        assert not any(TURNS[1][1].encode() in heard for heard in side.heard)


@pytest.fixture
def seal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """The TLS of a site whose certificate the door trusts in this test."""
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    secret = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "site")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, secret.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(secret, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    key.write_bytes(secret.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    real = transport.trust

    def trust() -> ssl.SSLContext:
        context = real()
        context.load_verify_locations(certificate)
        return context

    monkeypatch.setattr(transport, "trust", trust)
    sealed = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    sealed.load_cert_chain(certificate, key)
    return sealed


def test_a_sealed_line_carries_the_same_bytes(way: Way, seal: ssl.SSLContext) -> None:
    with far_side(sealed=seal) as side:
        clearance = way.clear(side.url)
        assert side.url.startswith("https")
        assert b"".join(way.door.send(clearance)) == b"".join(WORDS)
        assert side.heard[0].endswith(b"\r\n\r\n" + clearance.errand.body)


def test_a_name_that_the_certificate_does_not_say(way: Way, seal: ssl.SSLContext) -> None:
    with far_side(sealed=seal) as side:
        with pytest.raises(Unanswered):
            list(way.door.send(way.clear(side.url.replace("127.0.0.1", "localhost"))))
        assert side.heard == []


def test_an_old_seal_is_none(way: Way, seal: ssl.SSLContext) -> None:
    seal.maximum_version = ssl.TLSVersion.TLSv1_2
    with far_side(sealed=seal) as side:
        with pytest.raises(Unanswered):
            list(way.door.send(way.clear(side.url)))
        assert side.heard == []


@pytest.mark.parametrize("behave", [talks_for_ever, keeps_silent, never_answers])
def test_a_sealed_line_is_cut_as_well(way: Way, seal: ssl.SSLContext, behave: Behave) -> None:
    with far_side(behave, seal) as side:
        answer = way.door.send(way.clear(side.url))
        until(lambda: bool(side.heard))
        way.door.cut()
        with pytest.raises(Cut):
            list(answer)
        until(lambda: bool(side.ended))


def test_a_header_that_is_not_on_the_list_does_not_leave(way: Way) -> None:
    with far_side() as side:
        for name in ("authorization", "cookie", "host", "x-id"):
            with pytest.raises(Unanswered):
                list(way.door.send(way.clear(side.url, headers=((name, "x"),))))
        assert side.lines == 0


@pytest.mark.parametrize("behave", [talks_for_ever, keeps_silent, never_answers])
def test_a_cut_ends_both_sides(way: Way, behave: Behave) -> None:
    """How soon is measured: `door.cut_ms` in bench/figures.toml."""
    with far_side(behave) as side:
        answer = way.door.send(way.clear(side.url))
        until(lambda: bool(side.heard))
        if behave is not never_answers:
            assert next(iter(answer))
        cutting = threading.Timer(0.1, way.door.cut)
        cutting.start()
        with pytest.raises(Cut):
            list(answer)
        until(lambda: bool(side.ended))
        cutting.join()
        until(lambda: bool(way.record.journeys))
    assert way.record.journeys[0].end is End.CUT


def test_a_cut_while_a_name_is_looked_up_lets_nothing_out(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, looking, go_on = socket.getaddrinfo, threading.Event(), threading.Event()
    looked = threading.Event()

    def slow(*asked: Any, **more: Any) -> Any:
        looking.set()
        go_on.wait(10)
        looked.set()
        return real(*asked, **more)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    with far_side() as side:
        answer = way.door.send(way.clear(side.url))
        assert looking.wait(10)
        way.door.cut()
        with pytest.raises(Cut):
            list(answer)
        assert not looked.is_set()  # whoever waits is not held up
        go_on.set()
        until(lambda: bool(way.record.journeys))
        assert side.heard in ([], [b""])
    assert way.record.journeys == [Journey(End.CUT, 0)]


def test_a_cut_between_permission_and_sending_lets_nothing_out(way: Way) -> None:
    with far_side() as side:
        clearance = way.clear(side.url)

        class Lowering(Kept):
            def leaves(self, clearance: Clearance) -> int:
                door.cut()  # the level goes down just now
                return super().leaves(clearance)

        record = Lowering()
        door = Door(way.guard.redeem, record)
        with pytest.raises(Cut):
            list(door.send(clearance))
        until(lambda: bool(record.journeys))
        assert side.lines == 0


def test_tasks_are_cut_and_purposes_go_on(way: Way) -> None:
    with far_side(talks_for_ever) as side:
        fetch = Errand(Destination(side.url), purpose=Purpose.MODELS)
        fetching = way.door.send(way.guard.permit(fetch, switched_on=True))
        parts = iter(fetching)
        next(parts)
        way.door.cut()
        for _ in range(100):
            next(parts)
        way.door.cut(purposes=True)
        with pytest.raises(Cut):
            list(parts)
        fetching.close()


def test_leaving_an_answer_early_cuts_the_line(way: Way) -> None:
    with far_side(talks_for_ever) as side:
        with way.door.send(way.clear(side.url)) as answer:
            next(iter(answer))
        until(lambda: bool(side.ended))
        until(lambda: bool(way.record.journeys))
    assert way.record.journeys[0].end is End.CUT


def test_a_cut_line_takes_no_step_but_those_that_end() -> None:
    line = Line()
    line.note("http11.send_request_headers.started", {})
    line.cut()
    for step in ("connection.connect_tcp", "connection.start_tls", "http11.send_request_body"):
        with pytest.raises(Cut):
            line.note(f"{step}.started", {})
    line.note("http11.receive_response_body.failed", {"exception": GeneratorExit()})
    line.note("http11.response_closed.started", {})
    line.note("connection.close.started", {})


def test_a_defect_on_the_way_reaches_whoever_reads(way: Way) -> None:
    def broken(errand: Errand, line: Line) -> Iterator[bytes]:
        yield b"x"
        raise ZeroDivisionError

    door = Door(way.guard.redeem, way.record, broken)
    with pytest.raises(ZeroDivisionError):
        list(door.send(way.clear("http://127.0.0.1:9/")))


def test_what_opens_connections_is_not_even_loaded_before() -> None:
    code = (
        "import sys, safespace.session.entrance, safespace.session.session, safespace.door.door;"
        "print('httpx' in sys.modules); import safespace.door.transport;"
        "print('httpx' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


def until(holds: Any) -> None:
    """Wait for something that happens on another thread."""
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.005)
