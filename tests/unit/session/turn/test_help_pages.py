# SPDX-License-Identifier: AGPL-3.0-or-later
"""Questions about Safe Space find their page; questions about anything else find none."""

from pathlib import Path

import pytest

from safespace import i18n, paths
from safespace.session.turn.help_pages import HelpPages

PAGES = paths.assets() / "help" / "pages"
DATA = Path(__file__).parents[3] / "data" / "help_pages"


@pytest.fixture(scope="module")
def pages() -> HelpPages:
    return HelpPages(PAGES)


def title_of(name: str) -> str:
    return (PAGES / f"{name}.md").read_text("utf-8").splitlines()[0].removeprefix("# ")


def test_questions_about_safe_space_find_their_page(pages: HelpPages) -> None:
    lines = (DATA / "about_us.txt").read_text("utf-8").splitlines()
    astray = []
    for question, _, name in (line.partition(" | ") for line in lines):
        page = pages.find(question)
        if page is None or page.title != title_of(name):
            astray.append((question, page and page.title))
    assert len(lines) >= 30
    assert astray == []


def test_other_questions_find_none(pages: HelpPages) -> None:
    ordinary = (DATA / "ordinary.txt").read_text("utf-8").splitlines()
    prompts = (DATA.parent / "reading" / "ordinary.txt").read_text("utf-8").splitlines()
    assert len(ordinary) >= 60
    assert [text for text in ordinary + prompts if pages.find(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?!",
        "who can read this handwriting?",
        "read this: who can?",
        "who can read this? " * 10,
    ],
)
def test_one_foreign_word_another_order_or_too_many_words_find_none(
    pages: HelpPages, text: str
) -> None:
    assert pages.find("who can read this?")
    assert pages.find(text) is None


def test_every_page_has_a_title_phrases_and_a_short_text() -> None:
    files = sorted(PAGES.glob("*.md"))
    assert len(files) == 13
    for file in files:
        title, asked_as, text = file.read_text("utf-8").split("\n", 2)
        assert title.startswith("# "), file
        assert asked_as.startswith("Asked as: "), file
        assert 3 <= text.count(".") <= 20, file
        assert len(text) < 1000, file


def test_a_title_finds_its_own_page(pages: HelpPages) -> None:
    for page in pages.pages():
        assert pages.find(page.title) == page


def test_no_folder_no_pages(tmp_path: Path) -> None:
    assert HelpPages(tmp_path).find("who can read this?") is None


def test_a_language_has_its_own_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "_catalogue", i18n._catalogue)
    i18n.use(paths.assets() / "locale", "de")
    german = HelpPages(PAGES)
    pages = german.pages()
    assert len(pages) == 13
    for page in pages:
        assert german.find(page.title) == page
        assert 3 <= page.text.count(".") <= 20, page.title
        assert len(page.text) < 1000, page.title
    asked = [german.find(question) for question in ("Wer kann das lesen?", "Who can read this?")]
    assert asked[0] == asked[1]
    assert asked[0]
    assert asked[0].text.startswith("Du und sonst niemand")
