"""Links that the source gives: a link's words are a name with a known end, and its page says of what."""

from __future__ import annotations

from ..domain import fold
from ..language.tokens import Sentence
from ..source import Link
from ..statement import Span
from .context import Context
from .definition import plain_words
from .nodes import Node


def learn_links(context: Context) -> None:
    """Let the words of links stand for what their pages are about, wherever they occur."""
    for link in context.article.links:
        if link.kind != "page":
            continue
        span = head_span(context, link)
        context.links.setdefault(span, link)
        words, node = span.of(context.text), context.nodes.linked(link.target, span)
        if words[0].isupper() or fold(words) == fold(link.target):
            context.nodes.alias(words, node)
        if "(" not in link.target and "," not in link.target:
            context.nodes.alias(link.target, node)
        tokens = Sentence(context.text, span).words
        if _is_name(context, tokens):
            context.finder.learn(tokens)


def head_span(context: Context, link: Link) -> Span:
    """Return the words of a link that name what its page is about: without the place that it is in, "Arvika,
    Norland", and without the bracket that tells pages of one name apart.
    """
    words = link.span.of(context.text)
    if link.kind != "page":
        return link.span
    name, comma, place = words.partition(",")
    if comma and context.domain.gazetteer.find(place.strip()) is not None:
        return Span(link.span.start, link.span.start + len(name.rstrip()))
    return plain_words(context.text, link.span) if fold(words) == fold(link.target) else link.span


def _is_name(context: Context, tokens: list[str]) -> bool:
    """Tell whether the words of a link are a name of several words; an office before it is none of it."""
    ends = tokens[:1] + tokens[-1:]
    return (
        len(tokens) > 1
        and all(word[0].isupper() for word in ends)
        and tokens[0].lower() not in context.lexis.titles
        and not context.lexis.is_nationality(tokens[-1].lower())
    )


def linked_node(context: Context, span: Span) -> Node | None:
    """Return the node of the page that the words at a span link to."""
    link = context.links.get(span)
    if link is None or link.kind != "page":
        return None
    return context.nodes.linked(link.target, span)


def address_at(context: Context, span: Span) -> str | None:
    """Return the address that the words at a span lead to, outside of the pages."""
    link = context.links.get(span)
    return link.target if link is not None and link.kind == "external" else None
