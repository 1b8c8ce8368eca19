"""Links that the source gives: a link's words are a name with a known end, and its page says of what."""

from __future__ import annotations

from ..domain import fold
from ..statement import Span
from .context import Context
from .nodes import Node
from .tokens import Sentence


def learn_links(context: Context) -> None:
    """Let the words of links stand for what their pages are about, wherever they occur."""
    for span, link in context.links.items():
        if link.kind != "page":
            continue
        words = span.of(context.text)
        node = context.nodes.linked(link.target, span)
        if words[0].isupper() or fold(words) == fold(link.target):
            context.nodes.alias(words, node)
        tokens = Sentence(context.text, span).words
        if _is_name(context, tokens):
            context.finder.learn(tokens)


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
