# SPDX-License-Identifier: AGPL-3.0-or-later
"""Train the guard's small linear models from texts in this repository.

    python -m tools.train [--show]

Writes into assets/guard: names.model, whether a word looks like a person's name, and own.model,
whether a sentence is about somebody's own case. One sample in five is kept aside and tells how
well it does. `--show` prints the features that weigh most.
"""

import argparse
import random
import re
import tomllib
from array import array
from collections.abc import Callable, Iterable, Sequence
from math import exp
from pathlib import Path
from typing import Final, NamedTuple
from zlib import crc32

from bench.routing_set import prompts
from safespace.guard.text import lexicon
from safespace.guard.text.linear import HEAD, NAME, sentence_features, word_features

ROOT: Final = Path(__file__).parents[1]
FOLDER: Final = Path(__file__).with_name("training")
GUARD: Final = ROOT / "assets" / "guard"
PASSES: Final = 20
PACE: Final = 0.1
YES: Final = 2.0
"""How much more a missed yes weighs than a missed no."""
SURE: Final = 3.0
_SMALL: Final = re.compile(r"(?<![\w'’])[^\W\d_A-ZÄÖÜÀ-Þ][^\W\d_]+(?![\w'’])")
_SHORTEST: Final = 5
_WORD: Final = re.compile(r"[^\W\d_]{2,}")

Sample = tuple[list[str], bool]


def names() -> list[Sample]:
    """Every name we wrote down, and every ordinary word of our texts that is none."""
    lists = tomllib.loads((GUARD / "names.toml").read_text("utf-8"))
    people = set(_WORD.findall((FOLDER / "names.txt").read_text("utf-8").lower()))
    people.update(lists["given"].split(), lists["family"].split(), lists["family_and_word"].split())
    texts = [*ROOT.glob("docs/*.md"), *ROOT.glob("*.md"), *ROOT.glob("assets/help/**/*.md")]
    texts += ROOT.glob("assets/locale/*/LC_MESSAGES/*.po")
    texts += [GUARD / f"{code}.toml" for code in ("en", "de", "es", "fr")]
    words = {
        word
        for text in texts
        for word in _SMALL.findall(text.read_text("utf-8"))
        if not word.startswith(("http", "safespace"))
    }
    words.update(_WORD.findall((FOLDER / "words.txt").read_text("utf-8")))
    words.update(_WORD.findall(lists["ordinary"]))
    words.update(_WORD.findall(lists["places"]))
    both = people & words
    print(f"{len(people)} names, {len(words)} words, {len(both)} are both and left out")
    return [
        *((word_features(word), True) for word in sorted(people - both)),
        *((word_features(word), False) for word in sorted(words - both)),
    ]


def sentences() -> list[Sample]:
    """What is somebody's own case and what is not: written for this, our pages, the tuning half."""
    samples = []
    for line in (FOLDER / "care.txt").read_text("utf-8").splitlines():
        sign, text = line.split(" ", 1)
        samples.append((sentence_features(lexicon.words(text)), sign == "+"))
    pages = sorted({*ROOT.glob("docs/*.md"), *ROOT.glob("assets/help/**/*.md")})
    for page in pages:
        for sentence in re.split(r"[.!?;\n|]+", page.read_text("utf-8")):
            if len(found := lexicon.words(sentence)) >= _SHORTEST:
                samples.append((sentence_features(found[:30]), False))
    for prompt in prompts("tuning"):
        if prompt.name != "id":  # patterns tell those
            found = sentence_features(lexicon.words(prompt.text))
            samples.append((found, not prompt.label.unasked))
    return samples


class Kind(NamedTuple):
    """How one model is made. `decay`: what a weight loses each time it is used.

    `by_heart`: the first feature of each sample is the whole of it, and is learnt last.
    """

    gather: Callable[[], list[Sample]]
    buckets: int
    decay: float
    by_heart: bool


class Trained:
    """Weights on their way: logistic regression, one sample at a time."""

    def __init__(self, buckets: int, decay: float) -> None:
        self.decay = decay
        self.weights = [0.0] * buckets
        self.bias = 0.0

    def places(self, features: Iterable[str]) -> list[int]:
        return [crc32(one.encode()) % len(self.weights) for one in features]

    def score(self, places: Sequence[int]) -> float:
        return self.bias + sum(map(self.weights.__getitem__, places))

    def learn(self, places: Sequence[int], right: bool, pace: float) -> None:
        score = max(-30.0, min(30.0, self.score(places)))
        step = pace * (YES if right else 1.0) * (right - 1 / (1 + exp(-score)))
        self.bias += step * 0.1
        for place in places:
            self.weights[place] += step - pace * self.decay * self.weights[place]

    def remember(self, places: Sequence[int], right: bool) -> None:
        """What its letters mislead about, the word itself puts right: its first feature."""
        score = self.score(places)
        self.weights[places[0]] += min(0.0, -SURE - score) if not right else max(0.0, SURE - score)

    def write(self, file: Path) -> None:
        scale = max(map(abs, self.weights)) / 127
        rounded = array("b", (round(weight / scale) for weight in self.weights))
        file.write_bytes(HEAD.pack(NAME, len(rounded), scale, self.bias) + rounded.tobytes())


def train(samples: Sequence[Sample], kind: Kind) -> Trained:
    """The same every time: the order is drawn by a fixed chance."""
    chance = random.Random(5)  # noqa: S311
    model = Trained(kind.buckets, kind.decay)
    ready = [(model.places(features), right) for features, right in samples]
    for turn in range(PASSES):
        chance.shuffle(ready)
        for places, right in ready:
            model.learn(places[kind.by_heart :], right, PACE / (1 + 0.3 * turn))
    for places, right in ready:
        if kind.by_heart:
            model.remember(places, right)
    return model


def aside(samples: Sequence[Sample]) -> tuple[list[Sample], list[Sample]]:
    """Four fifths to learn from, one to judge by; told by the sample itself."""
    halves: tuple[list[Sample], list[Sample]] = ([], [])
    for one in samples:
        halves[crc32(" ".join(one[0]).encode()) % 5 == 0].append(one)
    return halves


def report(model: Trained, kept: Sequence[Sample]) -> str:
    """Of what was kept aside: how much of each kind lies on the right side of three bounds."""
    scores = [(model.score(model.places(features)), right) for features, right in kept]
    lines = []
    for bound in (-2.0, -1.0, 0.0, 1.0, 2.0):
        yes = [score > bound for score, right in scores if right]
        no = [score > bound for score, right in scores if not right]
        lines.append(
            f"above {bound:+.0f}: {sum(yes)} of {len(yes)} that are, "
            f"{sum(no)} of {len(no)} that are not"
        )
    return "\n".join(lines)


def strongest(model: Trained, samples: Sequence[Sample], count: int = 20) -> str:
    """The features that say yes, and those that say no, the loudest."""
    known = {feature for features, _right in samples for feature in features}
    ranked = sorted(known, key=lambda one: model.weights[model.places([one])[0]])
    return f"no: {' '.join(ranked[:count])}\nyes: {' '.join(ranked[-count:])}"


MODELS: Final = {
    "names.model": Kind(names, 2**18, 1e-3, by_heart=True),
    "own.model": Kind(sentences, 2**17, 1e-2, by_heart=False),
}


def main() -> None:
    """Train, judge, train again with everything, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true")
    show = parser.parse_args().show
    for file, kind in MODELS.items():
        samples = kind.gather()
        learnt, kept = aside(samples)
        print(f"{file}\n{report(train(learnt, kind), kept)}")
        model = train(samples, kind)
        model.write(GUARD / file)
        if show:
            print(strongest(model, samples))


if __name__ == "__main__":
    main()
