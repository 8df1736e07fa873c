# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures in documents through the real walled child: pixels come out, and nothing else."""

import io
import random
import re
import struct
import zlib
from collections import Counter
from collections.abc import Callable

import pytest
from PIL import Image

from safespace.domain import Reading
from safespace.local_ai.documents import kinds, pixels, reading
from safespace.local_ai.documents.found import LARGEST_PICTURE, MOST_PIXELS
from safespace.local_ai.documents.pixels import COLOUR, GREY, Pixels
from safespace.local_ai.documents.reading import Drawn, Reader
from tests import illustrated
from tests.illustrated import PLACE, RED, SAYS, picture
from tests.worker.test_documents import parts, program

Random = random.Random
Spoil = Callable[[bytes, Random], bytes]


def drawn(data: bytes) -> tuple[list[Drawn], int]:
    """The pictures that come out of a file, and how many do not."""
    found, read = parts(data)
    return [one for one in found if isinstance(one, Drawn)], read.left_out


def colour(of: Pixels) -> tuple[int, ...]:
    with Image.open(io.BytesIO(pixels.png(of))) as image:
        return image.convert("RGB").getpixel((of.width // 2, of.height // 2))  # type: ignore[return-value]


def near(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 6 for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize(
    ("make", "says", "page", "place"),
    [
        (lambda: illustrated.pdf(picture("JPEG")), SAYS, 2, (2, 2)),
        (lambda: illustrated.docx(picture()), SAYS, None, (1, 2)),
        (lambda: illustrated.odt(picture()), SAYS, None, (1, 2)),
        (lambda: illustrated.html(picture()), SAYS, None, (1, 2)),
        (lambda: illustrated.epub(picture()), SAYS, None, (1, 2)),
        (lambda: illustrated.mail(picture()), SAYS, None, (1, 1)),
        (picture, "", None, (0, 0)),
    ],
    ids=["pdf", "docx", "odt", "html", "epub", "mail", "picture"],
)
def test_a_picture_comes_out_of_every_kind(
    make: Callable[[], bytes], says: str, page: int | None, place: tuple[int, int]
) -> None:
    """`place`: behind so many pieces of text, of how many."""
    found, read = parts(make())
    (one,) = (part for part in found if isinstance(part, Drawn))
    assert (one.says, one.page, read.left_out) == (says, page, 0)
    assert near(colour(one.pixels), RED)
    text = [part for part in found if isinstance(part, tuple)]
    assert read.text is (Reading.WHOLE if text else Reading.WORDLESS)
    assert (one.after, len(text)) == place
    if place == (1, 2):  # it stands between the two
        assert ["Before." in text[0][1], "After 0." in text[1][1]] == [True, True]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_nothing_but_pixels_comes_out(kind: str) -> None:
    given = picture(kind)
    ((one,), left_out) = drawn(illustrated.docx(given))
    assert (one.pixels.width, one.pixels.height, left_out) == (120, 80, 0)
    assert near(colour(one.pixels), RED)
    made = pixels.png(one.pixels)
    assert kind in ("BMP", "GIF") or PLACE.encode() in given  # what was planted
    assert PLACE.encode() not in made
    assert re.findall(rb"IHDR|IDAT|IEND|[a-z]{2}[A-Z][a-z]", made) == [b"IHDR", b"IDAT", b"IEND"]


def test_a_large_picture_comes_out_smaller_and_upright() -> None:
    camera = Image.Exif()
    camera[274] = 6  # the camera was held sideways
    out = io.BytesIO()
    Image.new("RGB", (4000, 1000), RED).save(out, "JPEG", exif=camera)
    ((one,), _left_out) = drawn(out.getvalue())
    assert one.pixels.width * 4 == one.pixels.height
    assert one.pixels.width * one.pixels.height * COLOUR <= pixels.LARGEST
    assert near(colour(one.pixels), RED)


@pytest.mark.parametrize(
    ("mode", "given", "depth", "shown"),
    [
        ("1", (255,), GREY, (255,) * 3),
        ("L", (99,), GREY, (99,) * 3),
        ("RGBA", (0, 0, 0, 0), COLOUR, (255,) * 3),
        ("RGBA", (0, 0, 0, 255), COLOUR, (0,) * 3),
        ("I;16", (99 << 8, 0, 0), GREY, (99,) * 3),
    ],
)
def test_what_is_transparent_lies_on_white(
    mode: str, given: tuple[int, ...], depth: int, shown: tuple[int, ...]
) -> None:
    out = io.BytesIO()
    Image.new(mode, (90, 60), given if mode == "RGBA" else given[0]).save(out, "PNG")
    ((one,), _left_out) = drawn(out.getvalue())
    assert (one.pixels.depth, colour(one.pixels)) == (depth, shown)


def test_the_same_picture_comes_out_once_and_ornaments_do_not() -> None:
    other = picture(colour=(0, 0, 0))
    found, left_out = drawn(illustrated.docx(picture(), other, picture(), picture(size=(9, 90))))
    assert [colour(one.pixels) for one in found] == [RED, (0, 0, 0)]
    assert left_out == 0
    assert [one.after for one in found] == [1, 2]


def bomb(wide: int, high: int) -> bytes:
    """A PNG of few bytes and many pixels."""
    rows = zlib.compressobj(1)
    packed = b"".join(rows.compress(bytes(1 + wide * 3)) for _row in range(min(high, 900)))
    whole = pixels.png(Pixels(wide, high, COLOUR, packed + rows.flush()))
    assert len(whole) < 1 << 20
    return whole


@pytest.mark.parametrize("kind", ["TIFF", "ICO", "PPM", "TGA", "JPEG2000", "EPS"])
def test_no_other_decoder_is_asked(kind: str) -> None:
    other = io.BytesIO()
    Image.new("RGB", (120, 80), RED).save(other, kind)
    with Image.open(other) as image:  # the library itself would
        assert image.size
    found, left_out = drawn(illustrated.docx(other.getvalue(), picture()))
    assert [one.after for one in found] == [2]
    assert left_out == 1


@pytest.mark.parametrize("spoilt", [b"", b"\x89PNG\r\n\x1a\n", b"no picture", bomb(60_000, 60_000)])
def test_what_cannot_be_drawn_is_left_out_and_the_rest_comes(spoilt: bytes) -> None:
    data = illustrated.docx(spoilt, picture())
    found, read = parts(data)
    assert [colour(one.pixels) for one in found if isinstance(one, Drawn)] == [RED]
    assert (read.text, read.left_out) == (Reading.WHOLE, 1)
    assert [part[1] for part in found if isinstance(part, tuple)][-1].strip() == "After 1."


def test_a_picture_has_as_many_pixels_as_can_be_drawn_and_no_more() -> None:
    line = 8000
    most = MOST_PIXELS // line
    made = [picture(size=(line, high), colour=(1,), mode="1") for high in (most, most + 1)]
    assert all(len(one) < 1 << 20 for one in made)
    assert [(len(found), out) for found, out in map(drawn, made)] == [(1, 0), (0, 1)]


def test_a_packed_flood_behind_a_picture_is_left_out() -> None:
    flood, enough = (picture() + bytes(size) for size in (LARGEST_PICTURE, 1 << 20))
    assert drawn(illustrated.docx(flood))[1] == 1
    assert drawn(illustrated.docx(enough))[1] == 0
    found, left_out = drawn(illustrated.docx(*[flood] * 9, picture()))
    assert (len(found), left_out) == (0, 10)  # there is a bound for all of them


def test_a_picture_that_breaks_the_child_costs_no_text() -> None:
    source = (
        "import sys; sys.argv = ['reader', 'text/html']\n"
        "from safespace.local_ai.documents import album, reader\n"
        "import os; album.Album.draw = lambda self, found: os.abort()\n"
        "reader.main()"
    )
    found, read = parts(illustrated.html(picture()), kinds.HTML, program(source))
    assert (read.text, read.left_out, len(found)) == (Reading.WHOLE, 1, 2)


ROWS = zlib.compress(bytes(31 * 2))
FRAME = '{"page": 1, "after": 0, "says": "", "width": 10, "height": %d, "depth": 3, "bytes": %d}'


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        (['{"end": "whole", "pictures": 1}', FRAME % (2, len(ROWS))], 1),
        (['{"end": "whole", "pictures": 1}', FRAME % (3, len(ROWS))], 0),
        (['{"end": "whole", "pictures": 1}', FRAME % (2, len(ROWS) - 1)], 0),
        (['{"end": "whole", "pictures": 1}', FRAME % (2, 1 << 40)], 0),
        (['{"end": "whole", "pictures": 0}', FRAME % (2, len(ROWS))], 0),
        ([FRAME % (2, len(ROWS))], 0),
        (['{"end": "whole", "pictures": -1}', FRAME % (2, len(ROWS))], 0),
    ],
)
def test_rows_that_are_not_as_announced_are_not_taken(lines: list[str], shown: int) -> None:
    said = "\n".join(lines).encode() + b"\n" + ROWS
    source = f"import sys; sys.stdout.buffer.write({said!r})"
    found, _read = parts(b"x", kinds.HTML, program(source))
    assert len(found) == shown


WHOLE = '{"end": "whole", "pictures": %d}'


def test_numbers_that_make_no_sense_are_not_taken() -> None:
    """A child that was taken over counts as it likes: what it says would be kept."""
    small = WHOLE % 1 + "\n" + FRAME % (2, len(ROWS)) + "\n"
    for page, after in (("1", -1), ("1", 1), (str(2**63), 0), ("-1", 0), ("true", 0)):
        spoilt = small.replace('"page": 1, "after": 0', f'"page": {page}, "after": {after}')
        assert parts(b"x", kinds.HTML, saying(spoilt.encode() + ROWS))[0] == []
    for count in (2**63, 5001):
        read = parts(b"x", kinds.HTML, saying((WHOLE % count).encode()))[1]
        assert (read.text, read.left_out) == (Reading.DAMAGED, 0)
    text = b'{"page": 9223372036854775808, "text": "x"}'
    assert parts(b"x", kinds.HTML, saying(text))[0] == []


def test_a_child_that_keeps_to_no_bound_is_not_listened_to_any_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = (FRAME % (2, len(ROWS))).encode() + b"\n" + ROWS
    flood = (WHOLE % 300).encode() + b"\n" + shown * 300
    found, read = parts(b"x", kinds.HTML, saying(flood))
    assert (len(found), read.left_out) == (200, 100)
    monkeypatch.setattr(reading, "ROOM", 10 * len(ROWS))
    assert len(parts(b"x", kinds.HTML, saying(flood))[0]) == 10
    monkeypatch.setattr(reading, "MOST_CHARACTERS", 10)
    found, read = parts(b"x", kinds.HTML, saying(b'{"page": 1, "text": "four"}\n' * 9))
    assert (len(found), read.text) == (2, Reading.PARTLY)


def saying(said: bytes) -> Reader:
    return program(f"import sys; sys.stdout.buffer.write({said!r})")


def any_bytes(raw: bytes, chance: Random) -> bytes:
    spoilt = bytearray(raw)
    for _byte in range(chance.randint(1, 12)):
        spoilt[chance.randrange(len(raw))] = chance.randrange(256)
    return bytes(spoilt)


def of_the_head(raw: bytes, chance: Random) -> bytes:
    spoilt = bytearray(raw)
    for _byte in range(chance.randint(1, 4)):
        spoilt[chance.randrange(min(len(raw), 120))] = chance.choice((0, 1, 127, 128, 254, 255))
    return bytes(spoilt)


def a_number(raw: bytes, chance: Random) -> bytes:
    place, size = chance.randrange(8, len(raw) - 4), chance.choice((0, 1, 2**16, 2**31, 2**32 - 1))
    return raw[:place] + struct.pack(chance.choice("<>") + "I", size) + raw[place + 4 :]


def cut(raw: bytes, chance: Random) -> bytes:
    return raw[: chance.randrange(len(raw))]


def doubled(raw: bytes, chance: Random) -> bytes:
    place = chance.randrange(len(raw))
    return raw[:place] + raw[chance.randrange(len(raw)) :]


SPOILS: tuple[Spoil, ...] = (any_bytes, of_the_head, a_number, cut, doubled)
KINDS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
AT_ONCE = 10
"""Pictures in one document."""


@pytest.mark.torture("documents.pictures")
def test_a_spoilt_picture_is_drawn_or_left_out(
    share: Callable[[int], int], request: pytest.FixtureRequest
) -> None:
    """The text is whole each time, and so is the picture that was not spoilt."""
    whole = [noise(kind) for kind in KINDS]
    endings: Counter[str] = Counter()
    for seed in range(0, share(600), AT_ONCE):
        spoilt = [
            SPOILS[(seed + n) // len(KINDS) % len(SPOILS)](whole[n % len(KINDS)], Random(seed + n))
            for n in range(AT_ONCE)
        ]
        found, read = parts(illustrated.docx(picture(), *spoilt))
        shown = [one for one in found if isinstance(one, Drawn)]
        text = "".join(part[1] for part in found if isinstance(part, tuple))
        assert read.text is Reading.WHOLE
        assert text.split() == [
            "Before.",
            *(w for n in range(AT_ONCE + 1) for w in ("After", f"{n}.")),
        ]
        assert colour(shown[0].pixels) == RED
        assert all(pixels.sound(one.pixels) for one in shown)
        endings["shown"] += len(shown) - 1
        endings["left out"] += read.left_out
    request.node.user_properties.extend(endings.items())
    assert endings["shown"]
    assert endings["left out"]


def noise(kind: str) -> bytes:
    """A picture of which every byte counts."""
    out = io.BytesIO()
    noisy = Random(1).randbytes(64 * 48 * 3)
    Image.frombytes("RGB", (64, 48), noisy).save(out, kind)
    return out.getvalue()
