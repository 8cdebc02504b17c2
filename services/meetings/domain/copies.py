"""Whether minutes repeat others: shingles of folded words, a MinHash signature, and a likeness on the text itself.

The words of the templates, and what stands in the minutes of a large share of a province's branches, are taken out
first: a form is meant to be alike. Sentences are compared whole, so their order does not matter.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from hashlib import blake2b
from typing import Any, Final, Literal

import msgspec
import numpy
from datasketch import MinHash  # type: ignore[import-untyped]  # datasketch publishes no types
from rapidfuzz import fuzz, process

from services.meetings.domain.folding import plain, words
from services.meetings.domain.minutes import Minutes

Part = Literal["minutes", "conclusion"]
PARTS: Final[tuple[Part, ...]] = ("minutes", "conclusion")
PERMUTATIONS: Final = 96
ROWS: Final = 3
"""Values of a signature that make one band: texts 0.3 alike meet in one with probability 0.58, 0.5 alike 0.99."""
NEAR: Final = 0.22
"""Estimated likeness of two signatures from which the texts are looked at."""
_SHINGLE: Final = 3
_SENTENCE: Final = re.compile(r"[^.;!?…\n]+")
_MOST_SENTENCES: Final = 300
_OWN_SHARE: Final = 0.5
_SAME: Final = 80
"""rapidfuzz's ratio (0 to 100) of two sentences from which one is the other with little changed."""
_LEAST_WORDS: Final = 5


class Sentence(msgspec.Struct, frozen=True):
    """A sentence of its own: in which section, as written, folded, how many words, and its shingles."""

    where: str
    text: str
    folded: str
    words: int
    shingles: frozenset[int]


class Prepared(msgspec.Struct, frozen=True):
    """What a text says of its own, after everybody's words are taken out."""

    sentences: tuple[Sentence, ...]
    shingles: frozenset[int]
    words: int


class Passage(msgspec.Struct, frozen=True):
    """A sentence and the one it repeats, each with its section; `likeness` from 0 to 1."""

    where: str
    text: str
    of_where: str
    of_text: str
    likeness: float


def texts_of(minutes: Minutes, part: Part) -> list[tuple[str, str]]:
    """What is compared, by section. The opening and the tasks are left out: they are alike by nature."""
    sections = minutes.sections
    conclusions = [("conclusion", sections.conclusion)]
    conclusions += [("conclusions", one.text) for one in minutes.conclusions]
    if part == "conclusion":
        return conclusions
    texts = [
        (name, getattr(sections, name)) for name in sections.__struct_fields__ if name not in ("opening", "conclusion")
    ]
    texts += conclusions
    texts += [("opinions", opinion.text) for opinion in minutes.opinions]
    texts += [("self_criticisms", entry.text) for entry in minutes.self_criticisms]
    if minutes.resolution is not None:
        texts.append(("resolution", minutes.resolution.text))
    return texts


def shingles(folded: Sequence[str]) -> frozenset[int]:
    """Every run of three words as a number of 32 bits; none for fewer words."""
    return frozenset(
        int.from_bytes(blake2b(" ".join(folded[at : at + _SHINGLE]).encode(), digest_size=4).digest(), "big")
        for at in range(len(folded) - _SHINGLE + 1)
    )


def prepare(texts: Iterable[tuple[str, str]], everybodys: frozenset[int]) -> Prepared:
    """The sentences of its own, each once, of a text given by section; `everybodys` are shingles that accuse nobody."""
    kept = tuple(_own(texts, everybodys))
    together = frozenset[int]().union(*(sentence.shingles for sentence in kept))
    return Prepared(kept, together, sum(sentence.words for sentence in kept))


def _own(texts: Iterable[tuple[str, str]], everybodys: frozenset[int]) -> Iterator[Sentence]:
    seen: set[str] = set()
    for where, text in texts:
        for match in _SENTENCE.finditer(plain(text)):
            folded = words(match.group())
            every = shingles(folded)
            own = every - everybodys
            if not own or len(own) < _OWN_SHARE * len(every):
                continue
            said = " ".join(folded)
            if said in seen:
                continue
            seen.add(said)
            yield Sentence(where, match.group().strip(), said, len(folded), own)
            if len(seen) == _MOST_SENTENCES:
                return


def all_shingles(texts: Iterable[tuple[str, str]]) -> frozenset[int]:
    """Every shingle of a text, sentence by sentence."""
    return frozenset[int]().union(
        *(shingles(words(match.group())) for _, text in texts for match in _SENTENCE.finditer(plain(text)))
    )


def common(of_branches: Sequence[frozenset[int]], share: float, least: int) -> frozenset[int]:
    """What stands in the minutes of at least `share` of these branches (one set each), and of at least `least`."""
    bar = max(share * len(of_branches), least)
    counted = Counter(shingle for of_one in of_branches for shingle in of_one)
    return frozenset(shingle for shingle, count in counted.items() if count >= bar)


@cache
def _permutations() -> Any:
    return MinHash(num_perm=PERMUTATIONS, seed=1, scheme="affine32").permutations


def signature(own: frozenset[int]) -> bytes:
    """The MinHash signature of shingles: 96 numbers of 32 bits."""
    sketch = MinHash(num_perm=PERMUTATIONS, seed=1, scheme="affine32", hashfunc=_itself, permutations=_permutations())
    sketch.update_batch(sorted(own))
    return numpy.asarray(sketch.hashvalues, dtype="<u4").tobytes()


def _itself(value: int) -> int:
    return value


def bands(part: Part, signed: bytes) -> list[int]:
    """The bands of a signature as signed numbers of 64 bits; two texts are candidates when they share one."""
    size = ROWS * 4
    return [
        int.from_bytes(
            blake2b(signed[at : at + size], digest_size=8, person=f"{part}:{at // size}".encode()).digest(),
            "big",
            signed=True,
        )
        for at in range(0, len(signed), size)
    ]


def estimate(one: bytes, other: bytes) -> float:
    """How alike two signatures say their texts are, 0 to 1."""
    return float(numpy.mean(numpy.frombuffer(one, dtype="<u4") == numpy.frombuffer(other, dtype="<u4")))


def likeness(one: Prepared, other: Prepared) -> float:
    """How much of both texts is the same, 0 to 1, whichever is asked first.

    The larger of two measures: shingles in common of all (Jaccard), and the share of words in sentences of which the
    other text has one that is nearly the same.
    """
    if not one.sentences or not other.sentences:
        return 0.0
    jaccard = len(one.shingles & other.shingles) / len(one.shingles | other.shingles)
    scores = _scores(one, other)
    covered = sum(sentence.words for sentence, row in zip(one.sentences, scores, strict=True) if row.max() >= _SAME)
    covered += sum(
        sentence.words for sentence, column in zip(other.sentences, scores.T, strict=True) if column.max() >= _SAME
    )
    return max(jaccard, covered / (one.words + other.words))


def passages(one: Prepared, other: Prepared, most: int) -> list[Passage]:
    """Up to `most` sentences of `one` with the sentence of `other` each is nearest to, the longest first."""
    if not one.sentences or not other.sentences:
        return []
    found = []
    for sentence, row in zip(one.sentences, _scores(one, other), strict=True):
        best = int(row.argmax())
        if row[best] >= _SAME:
            source = other.sentences[best]
            found.append(
                Passage(sentence.where, sentence.text, source.where, source.text, round(float(row[best]) / 100, 3))
            )
    return sorted(found, key=lambda passage: -len(passage.text))[:most]


def _scores(one: Prepared, other: Prepared) -> Any:
    """rapidfuzz's ratio of every sentence of one text to every sentence of the other; short ones count as unlike."""
    scores = process.cdist(
        [sentence.folded for sentence in one.sentences],
        [sentence.folded for sentence in other.sentences],
        scorer=fuzz.ratio,
        score_cutoff=_SAME,
        dtype=numpy.float32,
    )
    scores[[sentence.words < _LEAST_WORDS for sentence in one.sentences], :] = 0
    scores[:, [sentence.words < _LEAST_WORDS for sentence in other.sentences]] = 0
    return scores


def template_shingles(texts: Iterable[str]) -> frozenset[int]:
    """The shingles of everything the templates say."""
    return all_shingles([("", text) for text in texts])


def packed(own: frozenset[int]) -> bytes:
    """Shingles as they are kept."""
    return numpy.array(sorted(own), dtype="<u4").tobytes()


def unpacked(raw: bytes) -> frozenset[int]:
    """The shingles that were packed."""
    return frozenset(numpy.frombuffer(raw, dtype="<u4").tolist())
