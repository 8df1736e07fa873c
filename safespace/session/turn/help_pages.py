# SPDX-License-Identifier: AGPL-3.0-or-later
"""Questions about Safe Space itself, answered from its help pages and by no model.

A page is a Markdown file: `# title`, then a line `Asked as:` with phrases between `|`, then
the text. A word of a phrase may be several, between `/`: one of them has to be there. The title
is a phrase too. A folder named like a language holds the pages in that language, under the same
names: a title and the text, since the phrases of all languages stand together.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from safespace import i18n
from safespace.guard.text.lexicon import words

_ASKED_AS: Final = "Asked as:"
_LONGEST: Final = 25
"""In words. What is longer is not only a question about Safe Space."""

_BESIDE: Final = frozenset(
    words(
        """
        a about actually after again ai all also always am an and answer answers any anyone
        anything app application are as ask asked assistant at be because been being but by can
        chat chats computer conversation conversations could currently d data device did do does
        doing done during else even ever everything exactly for from get gets go got had has
        have hello here hey hi how i if in inside internet into is it its just know laptop let
        ll long m machine me mean means message messages might mine model my myself never not
        notes now of ok okay on one or our out own pc please possible program question questions
        quick re really right s safe say should so software something space still t talk tell
        text than thank thanks that the their them then there these they thing things this those
        to today too type typed typing us use used using ve want was way we were what when where
        whether which while who whole why will with without wonder word words would write
        writing wrote yes yet you your yourself
        aber alle alles also am an auch auf aus bei beim bin bist bitte chat chats computer da
        dann das dass dein deine deiner dem den denn der des die dies diese diesem diesen dieser
        dieses dir doch du eigentlich ein eine einem einen einer er es etwas für gespräch
        gespräche gibt habe haben hallo hat hier ich ihr im immer in ist ja jetzt kann kannst
        können mal man mein meine meinem meinen meiner mich mir mit nachricht nachrichten nicht
        noch nur ob oder programm rechner schreibe sage sag schon sein sind so und uns unser von
        vom was wenn werden wie wird wo zu zum zur über
        """
    )
)
"""What may stand beside a phrase. Any other word says that the question is about something else."""


@dataclass(frozen=True, slots=True)
class HelpPage:
    """One page: its title and its text, in Markdown."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class _Phrase:
    parts: tuple[frozenset[str], ...]

    def asks(self, found: Sequence[str]) -> bool:
        """Its parts are there, in this order, and nothing that is about something else."""
        rest = iter(found)
        return all(any(word in part for word in rest) for part in self.parts) and (
            _BESIDE.union(*self.parts).issuperset(found)
        )


class HelpPages:
    """The pages in `folder`, read at the first question. Any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, text: str) -> HelpPage | None:
        """The page that answers `text`, if it asks about Safe Space and nothing else.

        Of several phrases that fit, the longest says best what is meant.
        """
        found = words(text)
        if not 0 < len(found) <= _LONGEST:
            return None
        asking = [(phrase, page) for phrase, page in self._phrases if phrase.asks(found)]
        return max(asking, key=lambda one: len(one[0].parts))[1] if asking else None

    def pages(self) -> tuple[HelpPage, ...]:
        """All pages, by file name."""
        return tuple(dict.fromkeys(page for _, page in self._phrases))

    @cached_property
    def _phrases(self) -> tuple[tuple[_Phrase, HelpPage], ...]:
        return tuple(entry for file in sorted(self._folder.glob("*.md")) for entry in _read(file))


def _read(file: Path) -> Iterator[tuple[_Phrase, HelpPage]]:
    title, asked_as, text = file.read_text("utf-8").split("\n", 2)
    translated = file.parent / i18n.language() / file.name
    if translated.is_file():
        title, text = translated.read_text("utf-8").split("\n", 1)
    page = HelpPage(title.removeprefix("# "), text.strip())
    for phrase in (page.title, *asked_as.removeprefix(_ASKED_AS).split("|")):
        parts = (words(part.replace("/", " ")) for part in phrase.split())
        yield _Phrase(tuple(frozenset(part) for part in parts)), page
