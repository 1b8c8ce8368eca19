"""References: what an element or a template says of a work, and where in the page it is cited."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ...statement import Span
from ..article import Citation
from ..cells import Note
from .nodes import Call, External, Node, Raw, Tag
from .scan import scan

if TYPE_CHECKING:
    from .inline import Writer

Fields = tuple[tuple[str, str], ...]


def cite(writer: Writer, citation: Citation) -> None:
    """Attach a reference to what is before it."""
    at = Span(writer.sheet.length, writer.sheet.length)
    writer.found.citations.append(replace(citation, span=at))
    if writer.row is not None:
        writer.row.add(Note(at, len(writer.found.citations) - 1))


def citation_of(writer: Writer, node: Raw | Call, nodes: tuple[Node, ...], name: str | None) -> Citation:
    """Return the reference that nodes make, which stand in an element or a template."""
    calls = [one for one in nodes if isinstance(one, Call) and writer.reads(one) == "citation"]
    described = [fields_of(writer, call) for call in calls]
    address = next((one.address for one in nodes if isinstance(one, External)), "")
    said = writer.plain(one for one in nodes if one not in calls)
    titles = [words for fields in described if (words := words_of_fields(fields))]
    fields = described[0] if described else (("url", address),) if address else ()
    words = ". ".join([*titles, said]) if said else ". ".join(titles) or address
    return Citation(Span(0, 0), words, fields, name, node.start, node.end)


def fields_of(writer: Writer, call: Call) -> Fields:
    """Return what a template is given, by the names of its arguments or their numbers from 1."""
    given = ((one.name or str(number), one) for number, one in enumerate(call.arguments, 1))
    return tuple((name, words) for name, one in given if (words := writer.plain(one.content)))


def words_of_fields(fields: Fields) -> str:
    """Return the words that a reference goes by: its title and publisher, else what has no name, else all."""
    named = ". ".join(words for key, words in fields if key in ("title", "publisher"))
    numbered = " ".join(words for key, words in fields if key.isdecimal())
    return named or numbered or ". ".join(words for _, words in fields)


def nested(writer: Writer, nodes: Iterable[Node]) -> Iterator[Citation]:
    """Yield the references among nodes, of a note or of the list in which references are defined."""
    for node in nodes:
        if isinstance(node, Raw) and node.tag.name == "ref":
            yield reference(writer, node)
        elif isinstance(node, Tag) and node.name == "ref" and node.form == "empty":
            yield named(writer.name_of(node), node)


def reference(writer: Writer, node: Raw) -> Citation:
    """Return the reference of an element."""
    return citation_of(writer, node, scan(writer.text, node.begin, node.until), writer.name_of(node.tag))


def named(name: str | None, node: Tag | Call) -> Citation:
    """Return a reference that only names another one."""
    return Citation(Span(0, 0), "", (), name, node.start, node.end)


def resolved(citations: Iterable[Citation], defined: Iterable[Citation]) -> Iterator[Citation]:
    """Yield references, those that only name another one with what that one says and where it says it."""
    citations = tuple(citations)
    full = {one.name: one for one in reversed((*citations, *defined)) if one.name and _says(one)}
    for one in citations:
        yield one if _says(one) else replace(full.get(one.name or "", one), span=one.span)


def _says(citation: Citation) -> bool:
    return bool(citation.words or citation.fields)
