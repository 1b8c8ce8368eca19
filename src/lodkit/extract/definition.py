"""What an article calls its subject: the title, the names in brackets after it, and short forms that the text
uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..domain import fold
from ..language.tokens import Sentence
from ..source import Block
from ..statement import Span
from .context import Context, Reading, looks_personal
from .lead import Opening, is_called, opened_name, opening
from .names import MAX_TOKENS, acronyms
from .nodes import Node

LEAD = 300
"""How many code points into a paragraph the subject's name may stand for the paragraph to be the lead."""

MAX_ALIAS = 300
"""How many code points the place of a name in a bracket has at most with the name before the bracket."""

_BRACKET = re.compile(r"\s*,?\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)")
_DISAMBIGUATION = re.compile(r"\s+\([^()]*\)$")
_PART = re.compile(r"(?:(?! or )[^,;])+")
_LABELLED = re.compile(r"\s*([^\W\d_][\w\s-]{2,24}?)\s*:\s*(\S.*)", re.DOTALL)
_ABBREVIATION = re.compile(r"(?:the )?([^\W\d_](?:[.&-]?[^\W_]){1,9}\.?)", re.DOTALL)


_GLOSS_EDGE = " \t\n:\"'“”‘’.,"


@dataclass(frozen=True, slots=True)
class Alias:
    """A name in a bracket: its kind (a ``lk:nameKind``), its span, and its language if the text says it."""

    kind: str
    span: Span
    language: str | None = None


def learn_subject(context: Context) -> None:
    """Teach the finder the title, its short form without a bracket, and its tail ("Radical Party") where the
    text uses it.
    """
    article, nodes = context.article, context.nodes
    plain = plain_title(context)
    subject = nodes.subject
    subject.spellings[plain.of(context.text)] = plain
    subject.last_span = plain
    for span in {article.title, plain, *filter(None, [article.infobox_name])}:
        if "," not in span.of(context.text) or span == article.title:
            _learn(context, span.of(context.text), subject)
    words = plain.of(context.text).split()
    if words[0] == "The" and len(words) > 1:
        _learn(context, " ".join(words[1:]), subject)
    context.own_head = own_head(context, words)
    context.subject_nouns.update(fold(word) for word in words)
    for cut in range(1, len(words) - 1) if len(words) <= MAX_TOKENS else ():
        tail = " ".join(words[cut:])
        if (
            context.lexis.is_nationality(words[cut - 1].lower())
            and fold(words[-1]) in context.lexis.heads
            and re.search(rf"\b[Tt]he {re.escape(tail)}\b", context.text)
        ):
            _learn(context, tail, subject)
    if looks_personal(plain.of(context.text)) and fold(words[-1]) not in context.lexis.heads:
        context.surnames[fold(words[-1])] = subject


def own_head(context: Context, words: list[str]) -> str:
    """Return the lower-case head noun of a title: the last word before a connector ("Centre for …"); empty
    for one word.
    """
    for at, word in enumerate(words):
        if at and word in context.finder.connectors:
            return words[at - 1].lower()
    return words[-1].lower() if len(words) > 1 else ""


def plain_title(context: Context) -> Span:
    """Return the title's span without a disambiguating bracket."""
    return plain_words(context.text, context.article.title)


def plain_words(text: str, span: Span) -> Span:
    """Return the span of a title without a disambiguating bracket: "Blue Lantern (party)" is called Blue
    Lantern.
    """
    bracket = _DISAMBIGUATION.search(span.of(text))
    return Span(span.start, span.start + bracket.start()) if bracket and bracket.start() else span


def _learn(context: Context, name: str, node: Node) -> None:
    tokens = Sentence(name, Span(0, len(name))).words
    if tokens:
        context.finder.learn(tokens)
        context.nodes.alias(name, node)


def read_aliases(context: Context) -> None:
    """Read the brackets after names: all kinds after the subject's name in the lead, abbreviations and
    languages after any name.
    """
    _read_infobox_name(context)
    lead = lead_mention(context)
    subject_at = lead[1] if lead else None
    first = opening(context)
    if first is not None and is_called(context, first.name):
        subject_at = first.name
        _learn_opening(context, first)
    if subject_at is not None:
        for alias in _bracket_aliases(context, subject_at.end, free=True):
            record_name(context, context.nodes.subject, subject_at, alias)
    for start, end, abbreviation in acronyms(context.text):
        long_form = Span(start, end)
        if subject_at is None or end != subject_at.end:
            _learn_acronym(context, long_form, abbreviation)


def _learn_opening(context: Context, first: Opening) -> None:
    """Learn the name under which the first sentence speaks of the subject, and those that it gives beside
    it.
    """
    subject, words = context.nodes.subject, first.name.of(context.text)
    if fold(words) != fold(plain_title(context).of(context.text)):
        known = context.nodes.named.get(fold(words))
        if known is None or known is subject:
            record_name(
                context, subject, first.name, Alias("alternative", first.name, _language_of(context, words))
            )
    for span in first.asides:
        given = opened_name(context, span)
        if given is None:
            continue
        kind, name = given
        name = _without_article(context, _trim(context.text, name))
        if _is_name(context, name.of(context.text)):
            language = None if kind == "abbreviation" else _language_of(context, name.of(context.text))
            record_name(context, subject, first.name, Alias(kind, name, language))


def _read_infobox_name(context: Context) -> None:
    """The line above the rows is another name of the subject, where it has some words of the title and is not
    the title again.
    """
    span = context.article.infobox_name
    if span is None:
        return
    words = span.of(context.text)
    known = {fold(context.article.name), fold(plain_title(context).of(context.text))}
    shared = set(fold(words).split()) & set(fold(context.article.name).split())
    if fold(words) not in known and shared - context.lexis.closed:
        record_name(
            context, context.nodes.subject, span, Alias("alternative", span, _language_of(context, words))
        )


def lead_mention(context: Context) -> tuple[Block, Span] | None:
    """Return the first paragraph that opens with the subject's name, and where it does."""
    names = sorted((s for s in context.nodes.subject.spellings), key=len, reverse=True)
    names += [context.article.infobox_name.of(context.text)] if context.article.infobox_name else []
    for block in context.article.blocks:
        for name in names if block.kind == "paragraph" else ():
            at = context.text.find(name, block.span.start, min(block.span.end, block.span.start + LEAD))
            if at >= 0:
                return block, Span(at, at + len(name))
    return None


def _bracket_aliases(context: Context, at: int, *, free: bool) -> Iterator[Alias]:
    while match := _BRACKET.match(context.text, at):
        start, at = match.start(1), match.end()
        for part in _PART.finditer(match[1]):
            alias = _alias(context, Span(start + part.start(), start + part.end()), free=free)
            if alias is not None:
                yield alias


def _alias(context: Context, span: Span, *, free: bool) -> Alias | None:
    text = span.of(context.text)
    glossed = _glossed(context, span) if free else None
    if glossed is not None:
        return glossed
    labelled = _LABELLED.fullmatch(text)
    if labelled is not None:
        tag = _tag(context, labelled[1].strip())
        start = span.start + labelled.start(2)
        return Alias("native", _one_script(context.text, Span(start, span.end)), tag) if tag else None
    trimmed = _trim(context.text, span)
    words = trimmed.of(context.text)
    abbreviation = _ABBREVIATION.fullmatch(words)
    if abbreviation and sum(c.isupper() for c in abbreviation[1]) > 1:
        begin = trimmed.start + abbreviation.start(1)
        return Alias("abbreviation", Span(begin, trimmed.end))
    return (
        Alias("alternative", trimmed, _language_of(context, words))
        if free and _is_name(context, words)
        else None
    )


def _tag(context: Context, language: str) -> str | None:
    """The tag of a language; of one that looks like one and is in no table, that of any."""
    known = context.lexis.english.table("language").get(language.lower())
    looks_so = (
        language[:1].isupper() and " " not in language and context.lexis.is_nationality(language.lower())
    )
    return known or ("und" if looks_so else None)


def _glossed(context: Context, span: Span) -> Alias | None:
    """ "lit. 'blue lamp'", "IAST: Nīla Daḷa": what a name means, or how it is written in other letters."""
    words = span.of(context.text)
    openers = context.lexis.english.table("gloss-opener")
    for opener in sorted(openers, key=len, reverse=True):
        if words.strip().lower().startswith(opener):
            start = span.start + words.lower().index(opener) + len(opener)
            rest = Span(start, span.end).of(context.text)
            name = Span(
                start + len(rest) - len(rest.lstrip(_GLOSS_EDGE)), start + len(rest.rstrip(_GLOSS_EDGE))
            )
            kind = openers[opener]
            language = None if kind == "translation" else "und"
            return Alias(kind, name, language) if name.start < name.end else None
    return None


def _trim(text: str, span: Span) -> Span:
    words = span.of(text)
    lead = len(words) - len(words.lstrip(' \t\n"“”'))
    lead += 3 if words[lead:].startswith("or ") else 0
    return Span(span.start + lead, span.start + max(lead, len(words.rstrip(' \t\n"“”'))))


def _without_article(context: Context, span: Span) -> Span:
    first, blank, rest = span.of(context.text).partition(" ")
    return Span(span.end - len(rest), span.end) if blank and first in context.lexis.articles else span


def _one_script(text: str, span: Span) -> Span:
    """Cut a native name where a transliteration in another script follows."""
    words = list(re.finditer(r"\S+", span.of(text)))
    latin = [any(c.isascii() and c.isalpha() for c in word.group()) for word in words]
    end = len(words)
    if words and not latin[0]:
        end = next((i for i, is_latin in enumerate(latin) if is_latin), end)
    return _trim(text, Span(span.start, span.start + words[end - 1].end())) if words else span


def _is_name(context: Context, words: str) -> bool:
    """A bracket is a name when every word but small connectors is capitalised and none is a language, month
    or number.
    """
    tokens = words.split()
    english = context.lexis.english
    plain = english.table("language").keys() | english.months.keys()
    if (
        not tokens
        or len(tokens) > 12
        or not tokens[0][0].isupper()
        or any(c.isdigit() or c in "[]/=" for c in words)
    ):
        return False
    if len(tokens) == 1 and (tokens[0].lower() in plain or tokens[0].lower() in context.lexis.adjectives):
        return False
    return all(
        token[0].isupper() or token.lower() in context.finder.connectors | context.lexis.the
        for token in tokens
    )


def _language_of(context: Context, words: str) -> str:
    """The language that the article gives the name elsewhere, English if it has an English word, else
    undetermined.
    """
    known = context.languages.get(fold(words))
    if known:
        return known
    title = {fold(word) for word in context.article.name.split()}
    lexis = context.lexis
    english = any(
        fold(w) in title or w.lower() in lexis.closed or w.lower() in lexis.heads or w.lower() in lexis.nouns
        for w in words.split()
    )
    return "en" if english else "und"


def _is_recorded(context: Context, node: Node, name: str) -> bool:
    values = (one.value_span for one in context.readings if one.subject is node)
    return any(span.of(context.text) == name for span in values if span is not None)


def record_name(context: Context, node: Node, mention: Span, alias: Alias) -> None:
    """Record another name of a node, unless it is the article's title or a name of something else."""
    rule = next((rule for rule in context.domain.names if rule.kind == alias.kind), None)
    words = alias.span.of(context.text)
    other = context.nodes.named.get(fold(words))
    same = fold(words) == fold(context.article.name)  # other letters of it are worth saying
    if rule is None or not words or (same and alias.kind != "transliteration"):
        return
    if alias.kind == "abbreviation" and other is not None and other is not node:
        if other.types or other.entry is not None or other is context.nodes.subject:
            return
        context.nodes.named[fold(words)] = node  # only the bracket itself has spoken of it
    shape = context.domain.property_shapes[rule.fills]
    if alias.kind == "native" and alias.language:
        context.languages.setdefault(fold(words), alias.language)
    span = mention.cover(alias.span)
    span = span if span.end - span.start <= MAX_ALIAS else alias.span
    context.readings.append(
        Reading(
            node,
            shape,
            alias.span,
            rule.iri,
            span,
            subject_span=mention,
            value_span=alias.span,
            language=alias.language,
        )
    )
    _learn(context, words, node)


def _learn_acronym(context: Context, long_form: Span, abbreviation: str) -> None:
    """ "Long Form Name (LFN)": the abbreviation stands for that name from here on, and is recorded as
    such.
    """
    words = long_form.of(context.text)
    node = context.nodes.named.get(fold(words)) or context.nodes.name(words, long_form)
    known = context.nodes.named.get(fold(abbreviation))
    is_linked = known is node and node.page is not None  # by a link's words, which say no more than that
    if known is not None and not (is_linked and not _is_recorded(context, node, abbreviation)):
        return
    at = context.text.index(abbreviation, long_form.end)
    record_name(context, node, long_form, Alias("abbreviation", Span(at, at + len(abbreviation))))
    _learn(context, words, node)
