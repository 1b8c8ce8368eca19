"""Nodes of wikitext as the words that people read, with the links, values, qualifiers and notes in them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ...statement import Span
from ..article import Citation, Coordinates, Image
from ..cells import Link
from ..items import Row
from ..positions import LINE_END, Whole
from ..sheet import Sheet
from . import asides
from .nodes import Argument, Bracket, Call, Entity, External, Mark, Node, Parameter, Raw, Table, Tag, Text
from .references import cite, named, nested, reference
from .scan import scan, words_of

if TYPE_CHECKING:
    from ...domain.wikitext import Wikitext

_LANGUAGE_PREFIX = re.compile(r"[a-z]{2,3}(?:-[a-z]{2,})*")
_SEPARATORS = frozenset({"br", "li", "p"})
_QUALIFYING = frozenset({"small"})
_LITERAL_TAGS = frozenset({"nowiki"})
_NAME = re.compile(r"name\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'/>]+))", re.IGNORECASE)


@dataclass
class Found:
    """What is found in a page besides its words."""

    links: list[Link] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    defined: list[Citation] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    coordinates: list[Coordinates] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    asides: list[asides.Found] = field(default_factory=list)
    wholes: list[Whole] = field(default_factory=list)
    left_out: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    def leave_out(self, kind: str, words: str, offset: int) -> None:
        """Count what is left out."""
        self.left_out.setdefault((kind, words), []).append(offset)


class Writer:
    """Writes nodes on a sheet; in a row of an infobox, ``row`` collects what becomes its items."""

    def __init__(self, text: str, rules: Wikitext, write_call: Callable[[Writer, Call], None]) -> None:
        self.text, self.rules, self._write_call = text, rules, write_call
        self.sheet, self.found = Sheet(text), Found()
        self.row: Row | None = None
        self._small: list[int] = []

    def write(self, nodes: Iterable[Node]) -> None:
        """Write nodes one after the other."""
        for node in nodes:
            _ACTS[type(node)](self, node)

    # ---- characters

    def _text(self, node: Text) -> None:
        self.sheet.copy(node.start, node.end)

    def _entity(self, node: Entity) -> None:
        words = html.unescape(self.text[node.start : node.end])
        if words.isspace():
            self.sheet.blank(node.start, node.end)
        elif words.isprintable():  # not the soft hyphens and joiners between letters
            self.sheet.put(words, node.start, node.end)

    def _mark(self, node: Mark) -> None:
        if node.kind == "bullet" and self.row is not None:
            if self.text[node.start] in "*#":
                self.row.separate(self.sheet, node.start, node.end)
        elif node.kind in ("break", "bar", "cell", "rule"):
            self.sheet.blank(node.start, node.end)
        elif node.kind in ("stray", "broken"):
            self.found.leave_out("markup", self.text[node.start : node.end][:2], node.start)

    def _tag(self, node: Tag) -> None:
        if node.name in _SEPARATORS:
            self.separate(node.start, node.end)
        elif node.name in _QUALIFYING:
            if node.form == "open":
                self._small.append(self.sheet.settle())
            elif self._small:
                self._qualify(self._small.pop())
        elif node.name == "ref" and node.form == "empty":
            cite(self, named(self.name_of(node), node))

    def separate(self, start: int, end: int) -> None:
        """End an item; in running text a blank stands there."""
        if self.row is not None:
            self.row.separate(self.sheet, start, end)
        else:
            self.sheet.blank(start, end)

    def _qualify(self, start: int) -> None:
        if self.row is not None:
            self.row.qualify(self.sheet, start)

    # ---- elements that are taken as a whole

    def _raw(self, node: Raw) -> None:
        if node.tag.name == "ref":
            cite(self, reference(self, node))
        elif node.tag.name == "references":
            self.found.defined += nested(self, scan(self.text, node.begin, node.until))
        elif node.tag.name in _LITERAL_TAGS:
            self._literal(node)
        else:
            self.found.leave_out("element", node.tag.name, node.start)

    def _literal(self, node: Raw) -> None:
        """What stands for itself, whatever signs it holds."""
        start = node.begin
        for line in LINE_END.split(self.text[node.begin : node.until]):
            self.sheet.copy(start, start + len(line))
            start = min(node.until, start + len(line) + 1)
            self.sheet.blank(start - 1, start)

    def name_of(self, tag: Tag) -> str | None:
        """Return the name that the tag of a reference gives it."""
        match = _NAME.search(self.text, tag.begin, tag.until)
        return next(filter(None, match.groups()), None) if match else None

    def plain(self, nodes: Iterable[Node]) -> str:
        """Return nodes as words alone."""
        nodes = tuple(nodes)
        if all(isinstance(node, Text) for node in nodes):  # most are: they need no writing
            return " ".join(words_of(self.text, nodes).split())
        writer = Writer(self.text, self.rules, self._write_call)
        writer.write(nodes)
        return writer.sheet.text.strip()

    def reads(self, call: Call) -> str:
        """Return what a template is read as; empty for one that no rule knows."""
        rule, _ = self.rules.call(call.name)
        return rule.reads if rule else ""

    # ---- links

    def _bracket(self, node: Bracket) -> None:
        target, shown = node.target, not node.target.startswith(":")
        plain = target.removeprefix(":").strip()
        prefix, colon, rest = plain.partition(":")
        space = self.rules.namespace(prefix) if colon else None
        if space == "file" and shown:
            self._file(node, rest.strip())
        elif space == "category" and shown:
            found = asides.category(self, node, rest.strip())
            self.found.categories.append(found.words)
            self.found.asides.append(found)
        elif space is None and colon and shown and _LANGUAGE_PREFIX.fullmatch(prefix):
            return  # the same page in another language
        else:
            self._link(node, plain, space or ("interwiki" if colon and prefix.islower() else "page"))

    def _file(self, node: Bracket, name: str) -> None:
        """A picture: in a row it stands for its name, elsewhere only its caption has words."""
        name = " ".join(name.replace("_", " ").split())
        caption = self.plain(node.pieces[-1].content) if node.pieces else ""
        self.found.images.append(Image(name, caption))
        if self.row is not None and name:
            self.row.files.append((name, node.start, node.close))

    def _link(self, node: Bracket, target: str, kind: str) -> None:
        self.keep_whole(node.start, node.end, node.pieces)
        page, mark, _ = target.partition("#")
        start = self.sheet.settle()
        if node.pieces:
            self.write(node.pieces[-1].content)
        else:
            self._target_words(node, target)
        if node.close < node.end:
            self.sheet.copy(node.close, node.end)
        title = " ".join(page.replace("_", " ").split())
        self.linked(start, title or target, "section" if mark and not title else kind)

    def _target_words(self, node: Bracket, target: str) -> None:
        at = self.text.find(target, node.target_start, node.close)
        if at < 0:
            self.sheet.put(" ".join(target.split()), node.start, node.close)
        else:
            self.sheet.copy(at, at + len(target))

    def linked(self, start: int, target: str, kind: str = "page") -> None:
        """Make what was written since an offset a link."""
        words = self.sheet.tail(start)
        plain = words.strip()
        if not plain:
            return
        begin = start + words.index(plain)
        link = Link(Span(begin, begin + len(plain)), target, kind)
        self.found.links.append(link)
        if self.row is not None:
            self.row.add(link)

    def _external(self, node: External) -> None:
        start = self.sheet.settle() if node.content else 0
        if node.content:
            self.keep_whole(node.start, node.end, ())
            self.write(node.content)
            self.linked(start, node.address, "external")
        elif self.row is not None:
            self.address(node.address, node.start, node.end)

    def address(self, address: str, begin: int, until: int) -> None:
        """Write an address that is a link to itself."""
        start = self.sheet.settle()
        at = self.text.find(address, begin, until)
        if at < 0:
            self.sheet.put(address, begin, until)
        else:
            self.sheet.copy(at, at + len(address))
        self.linked(start, address, "external")

    # ---- what templates leave

    def _parameter(self, node: Parameter) -> None:
        if len(node.arguments) > 1:
            self.write(node.arguments[1].content)

    def _table(self, node: Table) -> None:
        self.found.leave_out("table", "{|", node.start)

    def keep_whole(self, start: int, end: int, pieces: Iterable[Argument]) -> None:
        """Remember where a construct and its pieces stand in the file."""
        self.found.wholes.append(Whole(start, end))
        self.found.wholes += (Whole(one.begin, one.end, True) for one in pieces if one.begin < one.end)

    def _call(self, node: Call) -> None:
        self.keep_whole(node.start, node.end, node.arguments)
        self._write_call(self, node)


_ACTS: dict[type, Callable[[Writer, Any], None]] = {
    Text: Writer._text,
    Entity: Writer._entity,
    Mark: Writer._mark,
    Tag: Writer._tag,
    Raw: Writer._raw,
    Call: Writer._call,
    Parameter: Writer._parameter,
    Bracket: Writer._bracket,
    External: Writer._external,
    Table: Writer._table,
}
