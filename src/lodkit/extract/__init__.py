"""An article and a domain to statements: infobox rows and prose, read by the rules of the
lexicon.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pyoxigraph import NamedNode

from ..domain import Domain
from ..domain.lexicon import CORE
from ..domain.model import SectionRule
from ..source import Article, Block
from ..statement import BASE, Basis, Span, Statement, article_iri, shared_iri
from .assemble import assemble
from .citations import Reference, read_references
from .compiled import phrase_book
from .context import MAX_SENTENCE, Context, Reading, Skipped, Watch, is_readable
from .definition import learn_subject, plain_words, read_aliases
from .fields import FieldReader
from .lexis import lexis_of
from .link_sets import LINK_SETS, with_links
from .links import learn_links, linked_node
from .lists import introduced, list_rules, read_list_item
from .names import NameFinder
from .nodes import Nodes
from .outcomes import Outcome, RowResult, settled
from .phrases import read_sentence, type_subject
from .scene import Scene
from .templates import type_by_template

__all__ = [
    "LINK_SETS",
    "Extraction",
    "Outcome",
    "Reference",
    "RowResult",
    "Skipped",
    "Watch",
    "extract",
    "with_links",
]


@dataclass(frozen=True, slots=True)
class Extraction:
    """What an article says: its statements in the order of the text, and what was skipped and why."""

    article: Article
    base: str
    document: NamedNode
    subject: NamedNode
    statements: tuple[Statement, ...]
    skipped: tuple[Skipped, ...]
    language: str = "en"
    rows: tuple[RowResult, ...] = ()
    references: tuple[Reference, ...] = ()


def extract(
    article: Article,
    domain: Domain,
    *,
    base: str = BASE,
    language: str = "en",
    subject_class: str | None = None,
    watch: Watch | None = None,
) -> Extraction:
    """Read an article by the rules of a domain.

    ``base`` is the IRI that minted IRIs start with, ``language`` the BCP 47 tag of the article's text,
    ``subject_class`` the class of
    the article's subject where it is known beforehand and the text need not say it. ``watch`` is shown each
    sentence of prose when its rules have run, and changes nothing.
    """
    book = phrase_book(domain)
    context = Context(
        domain,
        article,
        Nodes(domain, article.name, base),
        NameFinder(domain, lexis_of(domain), article.text, book.verbs | book.frame_verbs),
        watch=watch,
    )
    learn_subject(context)
    learn_links(context)
    rows = FieldReader(context)
    for row in filter(rows.names_subject, article.cells):
        rows.read(row)
    read_aliases(context)
    if subject_class is not None:
        context.give_type(
            context.nodes.subject, subject_class, CORE + "mention", Basis.INFERRED, article.title
        )
    type_by_template(context)
    type_subject(context)
    rows.type_subject()
    for row in article.cells:
        if not rows.names_subject(row):
            rows.read(row)
    _read_body(context)
    references, statements = read_references(article, domain, assemble(context, language))
    nothing = context.lexis.english.words("no-value")
    return Extraction(
        article,
        base,
        NamedNode(article_iri(article.name, base)),
        NamedNode(shared_iri(article.name, base)),
        statements,
        tuple(sorted(context.skipped, key=lambda s: (s.span, s.reason))),
        language,
        tuple(settled(rows.results, statements, context.skipped, nothing, context.text)),
        references,
    )


def _read_body(context: Context) -> None:
    """Read the blocks in order; the items of a section with a rule are values of its property, and those
    after a sentence that introduces them of the property that it names.
    """
    apparatus = context.lexis.english.words("apparatus-section")
    rules, opened = list_rules(context), None
    for block in context.article.blocks:
        title = _title_over(context, block)
        if title.casefold() in apparatus:
            context.skipped.append(Skipped(block.span, f"it stands under {title!r}", "ignored"))
            continue
        rule = rules.get(title.casefold()) if block.kind == "item" else None
        if rule is not None and not rule.introduces:
            _read_item(context, block, rule)
            continue
        listed = (opened or rule) if block.kind == "item" else None
        taken = listed is not None and read_list_item(context, block, listed)
        context.focus = context.nodes.subject
        scenes = [_read_prose(context, span, told=taken) for span in block.sentences]
        if block.kind != "item":
            last = scenes[-1] if scenes else None
            opened = introduced(context, last, rules) if last is not None else None


def _title_over(context: Context, block: Block) -> str:
    if block.section is None:
        return ""
    return context.article.sections[block.section].title.of(context.text)


def _read_prose(context: Context, span: Span, *, told: bool = False) -> Scene | None:
    if not is_readable(span):
        context.skipped.append(Skipped(span, f"longer than {MAX_SENTENCE:,} characters", "sentence"))
        return None
    before = len(context.readings)
    scene = read_sentence(context, span)
    if len(context.readings) == before and not told:
        context.skipped.append(Skipped(span, "no phrase matched", "sentence"))
    return scene


_DESCRIPTION = re.compile(r",\s+(?=[^\W\d_A-Z])|\s+[–—-]\s|:\s")


def _without_description(context: Context, span: Span) -> Span:
    """The name in an item of a list of names: "The Signal, another newspaper", "Red Lamp – a society"."""
    found = _DESCRIPTION.search(span.of(context.text))
    return Span(span.start, span.start + found.start()) if found and found.start() else span


def _read_item(context: Context, block: Block, rule: SectionRule) -> None:
    span = block.content
    words = span.of(context.text)
    if not words:
        return
    link = next((link for link in context.links if span.holds(link)), None)
    span = link or _without_description(context, span)
    words, plain = span.of(context.text), plain_words(context.text, span)
    node = (linked_node(context, link) if link else None) or context.nodes.name(words, span, shared=True)
    node.note(words, span)
    if node is context.nodes.subject:
        return
    if node.minted is None and node.entry is None and node.page is None:
        node.name, node.spellings = words, {plain.of(context.text): plain}
    shape = context.domain.property_shapes[rule.fills]
    context.readings.append(Reading(context.nodes.subject, shape, node, rule.iri, span, value_span=span))
