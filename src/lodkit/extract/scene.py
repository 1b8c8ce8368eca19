"""One sentence with its mentions: names, quoted titles, class nouns, dates, and what noun-phrase rules made
of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..language.tokens import Sentence
from ..statement import Span
from .nodes import Node
from .values import Value

_QUOTE = re.compile(
    r"“([^“”]{2,160})”|\"([^\"]{2,160})\"|‘([^‘’]{2,160})’(?!\w)|(?<!\w)'([^']{2,100})'(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """Tokens ``first`` to ``last`` (exclusive) that name or describe something; ``outer`` includes determiner
    and titles.

    ``kind`` is name, quote, noun, date or phrase; a noun has its class and rule, and ``definite`` (None when
    it has no determiner).
    """

    first: int
    last: int
    outer: int
    kind: str
    node: Node | None = None
    cls: str | None = None
    rule: str | None = None
    plural: bool = False
    definite: bool | None = None
    value: Value | None = None
    words: Span | None = None


@dataclass(eq=False)
class Scene:
    """A sentence and its mentions by the token where they start and end."""

    sentence: Sentence
    starting: dict[int, list[Mention]] = field(default_factory=lambda: defaultdict(list))
    ending: dict[int, list[Mention]] = field(default_factory=lambda: defaultdict(list))
    quotes: list[tuple[int, int]] = field(default_factory=list)
    subject: Mention | None = None
    subject_node: Node | None = None
    elided: Node | None = None
    row: bool = False

    def add(self, mention: Mention) -> None:
        """Add a mention; longer ones are tried first."""
        for start in {mention.outer, mention.first}:
            self.starting[start].append(mention)
            self.starting[start].sort(key=lambda m: -m.last)
        self.ending[mention.last].append(mention)
        self.ending[mention.last].sort(key=lambda m: m.outer)

    def drop(self, mention: Mention) -> None:
        """Take a mention out."""
        for listed in (*self.starting.values(), *self.ending.values()):
            if mention in listed:
                listed.remove(mention)

    def span(self, mention: Mention) -> Span:
        """Return the span of the mention proper; of a name that a noun-phrase rule extended, the name's."""
        return mention.words or self.sentence.cover(mention.first, mention.last)

    def text(self, mention: Mention) -> str:
        """Return the words of the mention proper."""
        return self.sentence.words_of(mention.first, mention.last)

    def mentions(self) -> Iterator[Mention]:
        """Yield each mention once, from left to right."""
        for last in sorted(self.ending):
            yield from self.ending[last]

    def names(self) -> list[tuple[Mention, Node]]:
        """Return the names with their nodes, from left to right, as they are now: others may be added
        meanwhile.
        """
        return [(m, m.node) for m in self.mentions() if m.kind == "name" and m.node is not None]

    def date_at(self, at: int) -> Mention | None:
        """Return the date that starts at a token, the longest of several."""
        return next((m for m in self.starting.get(at, ()) if m.kind == "date"), None)

    def quoted(self, index: int) -> bool:
        """Tell whether a token stands inside quotation marks."""
        return any(first <= index < last for first, last in self.quotes)


def find_quotes(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """Yield the token bounds inside each pair of quotation marks."""
    if not any(mark in sentence.words for mark in ("“", '"', "‘", "'")):
        return
    for match in _QUOTE.finditer(sentence.text, sentence.span.start, sentence.span.end):
        group = next(i for i in range(1, 5) if match[i] is not None)
        first, last = sentence.index_at(match.start(group)), sentence.index_at(match.end(group) - 1) + 1
        if last > first:
            yield first, min(last, len(sentence))
