"""What a page says beside its text: categories, coordinates, numbers of catalogues. It is written below the
text, a line each, so that it has a place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from ...statement import Span
from ..article import Aside

if TYPE_CHECKING:
    from ..sheet import Sheet
    from .inline import Writer
    from .nodes import Argument, Bracket


class Found(NamedTuple):
    """An aside before it is written: its words, and the stretch of the file that they are of."""

    kind: str
    name: str
    words: str
    begin: int
    until: int


def category(writer: Writer, node: Bracket, name: str) -> Found:
    """Return the aside of a category by its name, which may be written with underscores."""
    words = " ".join(name.replace("_", " ").split())
    at = writer.text.find(name, node.target_start, node.close) if name else -1
    if at < 0 or words != name:
        return Found("category", "", words, node.start, node.close)
    return Found("category", "", words, at, at + len(name))


def identifier(writer: Writer, argument: Argument) -> Found | None:
    """Return the aside of an argument that a rule has the scheme of; None where it has no value."""
    words = writer.plain(argument.content)
    rule = writer.rules.identifier(argument.name or "")
    if rule is None or not words:
        return None
    at = writer.text.find(words, argument.begin, argument.end)
    begin, until = (argument.begin, argument.end) if at < 0 else (at, at + len(words))
    return Found("identifier", rule.iri, words, begin, until)


def write_asides(sheet: Sheet, found: Iterable[Found]) -> Iterator[Aside]:
    """Write the asides of a page below its text, each once."""
    for one in dict.fromkeys(found):
        sheet.layout("\n", one.begin)
        start = sheet.length
        sheet.put(one.words, one.begin, one.until)
        if sheet.length > start:
            yield Aside(one.kind, one.name, Span(start, sheet.length))
