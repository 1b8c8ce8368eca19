"""A sentence as the rules see it: its words, what it speaks of and why that has its class, what was read,
and which rules came near.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ..build import Built, Pages, build_pages
from ..domain import Domain
from ..extract import Extraction, extract
from ..extract.context import Context
from ..extract.scene import Mention, Scene
from ..source import Article, only_one
from ..statement import BASE, Span, Statement
from .near import Miss, called, near_misses


@dataclass(frozen=True, slots=True)
class Spoken:
    """Something that a sentence names or describes: its words, what it is (name, noun, date, quote or
    phrase), the label of the node that it stands for, and that node's classes, each with the rule and the
    basis that it has the class by.
    """

    words: str
    span: Span
    kind: str
    label: str | None
    classes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class SentenceView:
    """What is known of one sentence.

    ``subject`` is what stands where its subject does, ``phrases`` are its noun phrases, ``cues`` the words
    that hedge, deny or report, ``strange`` the words of an open class with which no rule begins.
    """

    span: Span
    tokens: tuple[str, ...]
    subject: str | None
    phrases: tuple[str, ...]
    spoken: tuple[Spoken, ...]
    misses: tuple[Miss, ...]
    cues: tuple[str, ...]
    strange: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """An article that was read while it was watched: its statements, and a view of each sentence."""

    built: Built
    sentences: tuple[SentenceView, ...]

    @property
    def extraction(self) -> Extraction:
        """What was read."""
        return self.built.extraction

    def statements_in(self, span: Span) -> list[Statement]:
        """The statements read within a stretch of the text, in its order."""
        return [one for one in self.extraction.statements if span.holds(one.span)]


Wanted = Callable[[Article, Span], bool]
"""Tells of which sentences of an article a view is wanted."""


@dataclass(eq=False)
class _Watching:
    wanted: Wanted | None
    views: list[SentenceView] = field(default_factory=list)

    def see(self, context: Context, scene: Scene) -> None:
        if self.wanted is None or self.wanted(context.article, scene.sentence.span):
            self.views.append(_view(context, scene))


def read_file_watched(
    file: str, domain: Domain, *, subject_class: str | None = None, wanted: Wanted | None = None
) -> Explained:
    """Read the one article of a file as `lodkit.build.build_article` does, with views of its sentences, of
    all or of those that are ``wanted``.

    Raises:
        InputError: the file is no article, or holds several.
    """
    watching = _Watching(wanted)
    asked = Pages(subject_class=subject_class, watch=watching.see)
    built = only_one(build_pages(file, domain, asked=asked), file)
    return Explained(built, tuple(watching.views))


def read_watched(
    article: Article,
    domain: Domain,
    *,
    base: str = BASE,
    language: str = "en",
    subject_class: str | None = None,
) -> Explained:
    """Read an article as `lodkit.extract.extract` does, with a view of each sentence of its prose.

    The statements are the same as without the views.
    """
    watching = _Watching(None)
    extraction = extract(
        article,
        domain,
        base=base,
        language=language,
        subject_class=subject_class,
        watch=watching.see,
    )
    return Explained(Built(article.name, extraction, None, domain), tuple(watching.views))


def _view(context: Context, scene: Scene) -> SentenceView:
    sentence = scene.sentence
    subject = scene.subject
    return SentenceView(
        sentence.span,
        tuple(sentence.words),
        scene.text(subject) if subject is not None and subject.last > subject.first else None,
        tuple(_noun_phrases(context, scene)),
        tuple(_spoken(scene, mention) for mention in scene.mentions()),
        tuple(near_misses(context, scene)),
        tuple(_cues(context, scene)),
        tuple(_strange(context, scene)),
    )


def _noun_phrases(context: Context, scene: Scene) -> Iterator[str]:
    """The noun phrases from left to right, none within another."""
    at = 0
    while at < len(scene.sentence):
        phrase = context.phrases.at(scene.sentence, at)
        if phrase is None:
            at += 1
            continue
        yield scene.sentence.words_of(at, phrase.last)
        at = max(phrase.last, at + 1)


def _spoken(scene: Scene, mention: Mention) -> Spoken:
    node = mention.node
    label = called(node) if node is not None else None
    return Spoken(scene.text(mention), scene.span(mention), mention.kind, label, _why_classes(mention))


def _why_classes(mention: Mention) -> tuple[tuple[str, str, str], ...]:
    if mention.node is None:
        return ((mention.cls, mention.rule or "", "noun"),) if mention.cls else ()
    return tuple((cls, typing.rule, str(typing.basis)) for cls, typing in sorted(mention.node.types.items()))


def _cues(context: Context, scene: Scene) -> Iterator[str]:
    lexis = context.lexis
    words = lexis.english.words
    known = lexis.hedges | lexis.hedge_modals | lexis.negators | words("condition") | words("reporting-verb")
    for word, low in zip(scene.sentence.words, scene.sentence.low, strict=True):
        if low in known or low.endswith("n't"):
            yield word


def _strange(context: Context, scene: Scene) -> Iterator[str]:
    """Words in lower case, of an open class, that begin no rule and name no class: a verb or noun that the
    domain does not know.
    """
    lexis, book = context.lexis, context.book
    for word, low in zip(scene.sentence.words, scene.sentence.low, strict=True):
        is_open = word.islower() and word.isalpha() and low not in lexis.closed
        is_known = low in book.clausal or low in book.nominal or low in lexis.nouns
        if is_open and not is_known and not lexis.is_adverb(low):
            yield word
