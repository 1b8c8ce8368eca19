"""Readings to statements: nodes get their IRIs, labels and types, values become terms."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from pyoxigraph import Literal, NamedNode

from ..domain import fold
from ..domain.graph import RDF, RDFS
from ..domain.lexicon import CORE
from ..source import Cell
from ..statement import Basis, Modality, Span, Statement, article_iri, encode_name, place_of, shared_iri
from .asides import category_kinds, read_asides
from .context import Context, Reading
from .gate import Draft, Types, passed
from .literals import LANGUAGE_STRING, fitted, words_as
from .marks import visible
from .nodes import Node
from .values import Value

FOAF = "http://xmlns.com/foaf/0.1/"
_RANK = {
    Modality.ASSERTED: 0,
    Modality.ATTRIBUTED: 1,
    Modality.HEDGED: 2,
    Modality.NEGATED: 3,
    Modality.REJECTED: 4,
}


def assemble(context: Context, language: str) -> list[Statement]:
    """Return all statements in the order of the text."""
    for node in _used(context):
        if not node.spellings and node.page_span is not None:  # only its links spell it
            node.note(node.page_span.of(context.text), node.page_span)
    iris = context.nodes.iris(sorted(_used(context), key=_place), _keys(context))
    types = _known_types(iris)
    statements = _facts(context, iris, types, language)
    statements += passed(context, types, map(Draft, _descriptions(context, iris, language)))
    kinds = category_kinds(context)
    subject = iris[context.nodes.subject]
    statements += passed(context, {**types, **kinds}, map(Draft, read_asides(context, subject, language)))
    unique = {(s.triple, s.rule, s.span, s.modality): s for s in statements}
    keyed = map(partial(_keyed, context.article.cells), unique.values())
    return sorted(keyed, key=place_of)


def _known_types(iris: Mapping[Node, str]) -> dict[str, set[str]]:
    """The classes of nodes by their IRIs, of which two nodes may have one."""
    types: dict[str, set[str]] = {}
    for node, iri in iris.items():
        types.setdefault(iri, set()).update(node.types)
    return types


def _descriptions(context: Context, iris: Mapping[Node, str], language: str) -> Iterator[Statement]:
    """The labels and types of the nodes that the readings use."""
    labelled: set[str] = set()
    for node, modality in sorted(
        _used(context).items(), key=lambda item: _RANK[item[1]]
    ):  # one IRI may stand for two nodes: the stronger labels it
        iri = iris[node]
        if iri not in labelled:
            labelled.add(iri)
            yield from _label(context, node, iri, modality, language)
        yield from _types(context, node, iri, modality)
        yield from _page(context, node, iri)
        if context.article.origin.form != "plain":
            yield from _file_page(context, node, iri)


def _file_page(context: Context, node: Node, iri: str) -> Iterator[Statement]:
    """The page of a file, where the class of what has the file's name says where such pages are."""
    places = (context.domain.graph.text(cls, CORE + "pages") for cls in sorted(node.types))
    place = next(filter(None, places), None)
    if place is None:
        return
    name = node.label()
    span = node.spellings[name]
    page = NamedNode(place.replace("{1}", encode_name(name[:1].upper() + name[1:])))
    rule = NamedNode(CORE + "filePage")
    yield Statement(NamedNode(iri), NamedNode(FOAF + "isPrimaryTopicOf"), page, rule, span, object_span=span)


def _page(context: Context, node: Node, iri: str) -> Iterator[Statement]:
    """The page about a node that a link leads to; a place of the gazetteer may be called otherwise there."""
    span, base = node.page_span, context.nodes.base
    if node.page is None or span is None or iri != shared_iri(node.page, base):
        return
    page = NamedNode(article_iri(node.page, base))
    yield Statement(
        NamedNode(iri),
        NamedNode(FOAF + "isPrimaryTopicOf"),
        page,
        NamedNode(CORE + "link"),
        span,
        object_span=span,
    )


def _keyed(rows: Sequence[Cell], statement: Statement) -> Statement:
    """A statement that was read in the value of a row with the place of the row's key."""
    span = statement.span
    at = bisect_right(rows, span.start, key=lambda row: row.value.start) - 1
    if at < 0 or rows[at].value.end < span.end or rows[at].key.start == rows[at].key.end:
        return statement
    return replace(statement, key_span=rows[at].key)


def _place(node: Node) -> tuple[int, int]:
    span = min(node.spellings.values())
    return span.start, span.end


def _used(context: Context) -> dict[Node, Modality]:
    """Each node that occurs in a reading with the strongest modality that it occurs under; the subject
    always.
    """
    used: dict[Node, Modality] = {context.nodes.subject: Modality.ASSERTED}
    for reading in context.readings:
        for node in (reading.subject, reading.value, reading.attributed_to):
            if isinstance(node, Node):
                named = node.minted is None and reading.modality is not Modality.REJECTED
                modality = Modality.ASSERTED if named else reading.modality
                if node not in used or _RANK[modality] < _RANK[used[node]]:
                    used[node] = modality
    return used


def _keys(context: Context) -> dict[Node, list[str]]:
    """The values of ``owl:hasKey`` properties of minted nodes that have every one of them."""
    values: dict[Node, dict[str, str]] = {}
    for reading in context.readings:
        if reading.subject.minted:
            text = reading.value.key if isinstance(reading.value, Node) else _text(context, reading)
            values.setdefault(reading.subject, {}).setdefault(reading.shape.path, text)
    found: dict[Node, list[str]] = {}
    for node, known in values.items():
        keys = _key_properties(context, node.minted or "")
        if keys and all(key in known for key in keys):
            found[node] = [known[key] for key in keys]
    return found


def _key_properties(context: Context, cls: str) -> tuple[str, ...]:
    """The key of a class or of its nearest superclass that has one."""
    classes = (context.domain.classes.get(ancestor) for ancestor in context.domain.ancestors.get(cls, ()))
    return next((known.keys for known in classes if known and known.keys), ())


def _text(context: Context, reading: Reading) -> str:
    value = reading.value
    if isinstance(value, Value):
        return value.lexical or ""
    return value.of(context.text) if isinstance(value, Span) else str(value)


def _facts(context: Context, iris: Mapping[Node, str], types: Types, language: str) -> list[Statement]:
    """The readings as statements. Those that are refused change among the readings too, so that nothing that
    they name is described for their sake.
    """
    drafts = [_draft(context, reading, iris, language) for reading in context.readings]
    statements = passed(context, types, drafts)
    for at, reading in enumerate(context.readings):
        if statements[at].modality is not reading.modality:
            value = reading.value_span or reading.span
            context.readings[at] = replace(reading, value=value, modality=statements[at].modality)
    return statements


def _draft(context: Context, reading: Reading, iris: Mapping[Node, str], language: str) -> Draft:
    speaker = reading.attributed_to
    value = _in_slot(context, reading)
    statement = Statement(
        NamedNode(iris[reading.subject]),
        NamedNode(reading.shape.path),
        _term(context, reading, value, iris, language),
        NamedNode(reading.rule),
        reading.span,
        reading.modality,
        Basis.STATED,
        reading.subject_span,
        reading.value_span,
        reading.antecedent_span if reading.antecedent_span != reading.subject_span else None,
        attributed_to=NamedNode(iris[speaker])
        if isinstance(speaker, Node)
        else Literal(speaker.of(context.text))
        if speaker
        else None,
    )
    reason = ""
    if isinstance(value, Value) and value.lexical is None:
        words = (reading.value_span or reading.span).of(context.text)
        reason = f"{words!r}: {value.reason}; {reading.shape.message}".rstrip("; ")
    return Draft(statement, reading.shape.iri, reason)


def _in_slot(context: Context, reading: Reading) -> Node | Value | Span | str:
    """The value of a reading in the datatype that its slot asks for; nodes, choices and what was rejected
    before stay what they are.
    """
    value, datatypes = reading.value, reading.shape.read_as
    if reading.modality is Modality.REJECTED or not datatypes:
        return value
    if isinstance(value, Value):
        return fitted(value, datatypes)
    if isinstance(value, Span):
        return words_as(visible(value.of(context.text)), datatypes, context.lexis.english)
    return value


def _term(
    context: Context,
    reading: Reading,
    value: Node | Value | Span | str,
    iris: Mapping[Node, str],
    language: str,
) -> NamedNode | Literal:
    if isinstance(value, Node):
        return NamedNode(iris[value])
    if isinstance(value, str):
        return NamedNode(value)
    if isinstance(value, Span):
        return Literal(value.of(context.text))
    words = value.lexical or ""
    if value.datatype != LANGUAGE_STRING:
        return Literal(words, datatype=NamedNode(value.datatype))
    known = context.languages.get(fold(words), "und") if reading.language == "und" else reading.language
    return Literal(words, language=known or language)


def _label(context: Context, node: Node, iri: str, modality: Modality, language: str) -> Iterator[Statement]:
    text = node.label()
    span = node.spellings[text]
    if node.entry is None:
        yield _name(
            iri,
            RDFS + "label",
            Literal(text, language=language),
            CORE + "mention",
            span,
            modality,
        )
        return
    # A place has one label in all articles, as a date has one lexical form; the article's own spellings are
    # other names of it.
    name = node.entry.name
    span = node.spellings.get(name, span)
    yield _name(
        iri,
        RDFS + "label",
        Literal(name, language=language),
        CORE + "gazetteer",
        span,
        modality,
    )
    for rule in (rule for rule in context.domain.names if rule.kind == "alternative"):
        path = context.domain.property_shapes[rule.fills].path
        for spelling, where in node.spellings.items():
            if spelling != name:
                yield _name(iri, path, Literal(spelling, language=language), rule.iri, where, modality)


def _name(iri: str, predicate: str, name: Literal, rule: str, span: Span, modality: Modality) -> Statement:
    return Statement(
        NamedNode(iri), NamedNode(predicate), name, NamedNode(rule), span, modality, Basis.STATED, span, span
    )


def _types(context: Context, node: Node, iri: str, modality: Modality) -> Iterator[Statement]:
    for cls, typing in context.nodes.minimal_types(node):
        yield Statement(
            NamedNode(iri),
            NamedNode(RDF + "type"),
            NamedNode(cls),
            NamedNode(typing.rule),
            typing.span,
            modality,
            typing.basis,
            typing.subject_span,
            None,
        )
