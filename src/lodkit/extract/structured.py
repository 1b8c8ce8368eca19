"""The values of a row whose source separates them: a link is one name, and what stands alone in a list is one
value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..source import Link, Note, Qualifier
from ..statement import Span
from .links import head_span
from .values import Part, split_list

if TYPE_CHECKING:
    from ..source import Cell, Item
    from .context import Context


def parts_of_row(context: Context, row: Cell, *, every: bool) -> list[Part]:
    """Return the values of a row; commas cut an item that is the only one, one with several links, or
    ``every`` one.
    """
    found: list[Part] = []
    for item in row.items:
        links = sum(isinstance(part, Link) for part in item.parts)
        is_cut = every or len(row.items) == 1 or links > 1
        found += cut_item(context, item) if is_cut else [part_of_item(context, item)]
    return found


def cut_item(context: Context, item: Item) -> list[Part]:
    """Return the parts of an item, cut outside of its links."""
    solid = [head_span(context, part) for part in item.parts if isinstance(part, Link)]
    kept = context.lexis.english.words("name-suffix") | {"d.c"}
    heads = frozenset(context.lexis.heads)
    return split_list(context.text, item.span, kept, heads=heads, solid=solid)


def part_of_item(context: Context, item: Item) -> Part:
    """Return an item without the words in brackets, or set small, at its end."""
    parts = [part for part in item.parts if not isinstance(part, Note)]
    qualifiers: list[Span] = []
    while len(parts) > 1 and isinstance(parts[-1], Qualifier):
        qualifiers.insert(0, parts.pop().span)
    if not parts:
        return Part(item.span)
    last = parts[-1]
    end = (
        head_span(context, last).end
        if isinstance(last, Link)
        else last.span.end
        if qualifiers
        else item.span.end
    )
    return Part(Span(item.span.start, end), tuple(qualifiers))
