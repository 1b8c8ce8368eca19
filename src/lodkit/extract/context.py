"""What the reader of an article knows while it goes: its nodes, who was spoken of last, and the readings so
far.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..domain import Domain, PropertyShape
from ..domain.lexicon import CORE
from ..language.noun_phrase import NounPhrases
from ..source import Article, Link
from ..statement import Basis, Modality, Span
from .compiled import PhraseBook, phrase_book
from .lexis import Lexis, lexis_of
from .marks import without_marks
from .names import NameFinder
from .nodes import Node, Nodes, Typing
from .values import Value

if TYPE_CHECKING:
    from .scene import Scene

MAX_SENTENCE = 5_000
"""Code points; what goes on longer without a full stop is no sentence, and is skipped and said."""


def is_readable(span: Span) -> bool:
    """Tell whether a sentence is short enough to be one."""
    return span.end - span.start <= MAX_SENTENCE


@dataclass(frozen=True, slots=True)
class Reading:
    """A triple as one rule read it, with nodes still without IRIs; ``value`` is a node, a value, a text span
    or the IRI of a choice.
    """

    subject: Node
    shape: PropertyShape
    value: Node | Value | Span | str
    rule: str
    span: Span
    modality: Modality = Modality.ASSERTED
    subject_span: Span | None = None
    value_span: Span | None = None
    antecedent_span: Span | None = None
    attributed_to: Node | Span | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was not turned into a statement, and why; ``kind`` is row, value, sentence or match."""

    span: Span
    reason: str
    kind: str
    rule: str | None = None


Watch = Callable[["Context", "Scene"], None]
"""Is shown each sentence when all rules have read it, before what is known goes on to the next."""


@dataclass(eq=False)
class Context:
    """The state of reading one article."""

    domain: Domain
    article: Article
    nodes: Nodes
    finder: NameFinder
    readings: list[Reading] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    focus: Node | None = None
    person: Node | None = None
    recent: list[Node] = field(default_factory=list)
    surnames: dict[str, Node | None] = field(default_factory=dict)
    subject_nouns: set[str] = field(default_factory=set)
    own_head: str = ""
    last_date: Value | None = None
    watch: Watch | None = None
    languages: dict[str, str] = field(default_factory=dict)
    links: dict[Span, Link] = field(init=False)
    _called: dict[str, bool] = field(default_factory=dict)
    lexis: Lexis = field(init=False)
    book: PhraseBook = field(init=False)
    phrases: NounPhrases = field(init=False)
    text: str = field(init=False)
    """The article's text, with blanks for marks such as ``[2]`` in the values of infobox rows."""

    def __post_init__(self) -> None:
        self.lexis = lexis_of(self.domain)
        self.book = phrase_book(self.domain)
        self.phrases = NounPhrases(self.domain.english, self.lexis.closed, self.lexis.nouns)
        spans = [row.value for row in self.article.cells]
        self.text = without_marks(self.article.text, spans, self.lexis.english.words("reference-mark"))
        self.links = {link.span: link for link in self.article.links}

    def person_classes(self) -> frozenset[str]:
        """Classes that he and she stand for."""
        return self.lexis.person_classes

    def is_person(self, node: Node) -> bool:
        """Tell whether a node is known to be a person."""
        return any(self.domain.is_a(cls, person) for cls in node.types for person in self.person_classes())

    def may_be_person(self, node: Node) -> bool:
        """Tell whether a node is a person or an untyped name of the shape of a person's."""
        if self.is_person(node):
            return True
        above = all(self.domain.is_a(person, cls) for cls in node.types for person in self.person_classes())
        return above and self.looks_like_person(node)

    def looks_like_person(self, node: Node) -> bool:
        """Tell whether a node's name has the shape of a person's and nothing speaks against it."""
        if node.entry is not None or node.minted is not None or node.determined:
            return False
        return looks_personal(node.label()) and not self._is_common(node.label())

    def subject_is_personal(self) -> bool:
        """Tell whether the article's subject may be a person: its name has the shape, and the text says he or
        she.
        """
        pronouns = self.lexis.english.words("pronoun-he")
        spoken_of = not pronouns.isdisjoint(self.text.lower().split())
        return spoken_of and self.looks_like_person(self.nodes.subject)

    def calls_subject(self, noun: str) -> bool:
        """Tell whether "the" with a lower-case noun means the article's subject: a general noun that fits
        what it is, where the text has no other of the kind.
        """
        if noun not in self._called:
            self._called[noun] = self._may_call(noun)
        return self._called[noun]

    def _may_call(self, noun: str) -> bool:
        classes, types = self.lexis.references.get(noun, frozenset()), self.nodes.subject.types
        if not classes or (not types and self.subject_is_personal()):
            return False
        is_a = self.domain.is_a
        fits = not types or any(is_a(t, cls) or is_a(cls, t) for t in types for cls in classes)
        return fits and not re.search(rf"\b(?:an?|another|second|third) (?:[\w-]+ )?{noun}\b", self.text)

    def _is_common(self, name: str) -> bool:
        """Tell whether a name begins with a place or ends in a class noun."""
        words = name.lower().split()
        return (
            words[-1] in self.lexis.heads
            or words[-1] in self.lexis.nouns
            or self.domain.gazetteer.find(" ".join(words[:-1])) is not None
        )

    def touch(self, node: Node) -> None:
        """Remember that a node was just mentioned."""
        if node in self.recent[-8:]:
            self.recent.remove(node)
        self.recent.append(node)
        del self.recent[:-12]

    def give_type(
        self, node: Node, cls: str, rule: str, basis: Basis, span: Span, subject_span: Span | None = None
    ) -> None:
        """Type a node, unless it clashes with what it is; by a noun of no class not at all."""
        if cls and not any(self.disjoint(cls, known) for known in node.types):
            self.nodes.add_type(node, cls, Typing(rule, basis, span, Modality.ASSERTED, subject_span))

    def give_slot_type(self, node: Node, reading: Reading) -> bool:
        """Type a value by the slot that it stands in; False on a clash."""
        classes = reading.shape.classes
        self.adopt_place(node, classes)
        if classes and not any(self.domain.is_a(cls, wanted) for cls in node.types for wanted in classes):
            span = reading.value_span or reading.span
            self.give_type(node, classes[0], reading.rule, Basis.INFERRED, span)
            return classes[0] in node.types
        return True

    def adopt_place(self, node: Node, classes: tuple[str, ...]) -> None:
        """Where a slot wants a place, a name that the gazetteer knows but does not trust alone is that
        place.
        """
        if node.types or node.entry is not None or node.minted is not None or node is self.nodes.subject:
            return
        entry = self.domain.gazetteer.find(node.page or node.label())
        if entry is not None and any(self.domain.is_a(entry.cls, cls) for cls in classes):
            span = node.spellings[node.label()]
            node.entry, node.shared = entry, True
            self.nodes.add_type(node, entry.cls, Typing(CORE + "gazetteer", Basis.BACKGROUND, span))

    def disjoint(self, one: str, other: str) -> bool:
        """Tell whether two classes are kept apart by the ontology."""
        pairs = self.domain.disjoint
        return any(
            (a, b) in pairs
            for a in self.domain.ancestors.get(one, ())
            for b in self.domain.ancestors.get(other, ())
        )


def looks_personal(name: str) -> bool:
    """Tell whether a name has the shape of a person's: two to four capitalised words, no digits, no
    connector.
    """
    words = name.split()
    return (
        2 <= len(words) <= 4
        and all(w[0].isupper() and not any(c.isdigit() for c in w) for w in words)
        and not name.isupper()
    )


def last_name(node: Node) -> str:
    """Return the last word of a node's label."""
    return node.label().split()[-1]
