"""Reads the elements of a page of HTML one after the other, and writes what of them is text
(https://www.mediawiki.org/wiki/Specs/HTML).
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from ...statement import Span
from ..article import Citation, Image, Template
from ..blocks import Blocks
from ..cells import Cell, Link, Note
from ..items import Row
from ..sheet import Sheet
from ..wikitext.asides import Found
from .box import OF_BOX, Box, begin_box
from .markup import VOID, Characters, End, Start, pieces

if TYPE_CHECKING:
    from ...domain.wikitext import Wikitext

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset("p div section article main blockquote dd dt dl ul ol table figure center pre".split())
_SKIPPED = frozenset(
    "script style noscript nav footer template math svg figure audio video button form iframe object".split()
)
_SKIPPED_CLASSES = frozenset(
    "mw-editsection navbox metadata hatnote noprint toc reflist mw-references-wrap catlinks sistersitebox"
    " thumb gallery printfooter mw-jump-link shortdescription ambox mw-hidden-catlinks vector-header"
    " noexcerpt mw-empty-elt infobox-caption geo-nondefault navbar vertical-navbox sidebar".split()
)
_ROLES = frozenset({"navigation", "note", "presentation"})
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_REVISION = re.compile(r"/revision/([0-9]+)")
_BODY = re.compile(r"class=[\"'][^\"']*\bmw-parser-output\b")
_TO_NOTE = re.compile(r"""href=["'][^"'#]*#([^"']+)["']""")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_REFERENCE = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);?")


@dataclass
class Head:
    """What a page says of itself."""

    language: str | None = None
    url: str | None = None
    licence: str | None = None
    revision: str | None = None


@dataclass
class Open:
    """An element that is open: its name, and what is to be done at its end."""

    name: str
    close: Callable[[], None] | None = None


class Reader:
    """Writes a page on a sheet, element by element."""

    def __init__(self, text: str, rules: Wikitext) -> None:
        self.text, self.rules = text, rules
        self.sheet, self.head = Sheet(text), Head()
        self.blocks = Blocks(self.sheet)
        self.cells: list[Cell] = []
        self.templates: list[Template] = []
        self.links: list[Link] = []
        self.citations: list[Citation] = []
        self.notes: dict[str, str] = {}
        self.images: list[Image] = []
        self.asides: list[Found] = []
        self.left_out: dict[str, list[int]] = {}
        self.row: Row | None = None
        self.open: list[Open] = []
        self.skip = 0  # how many elements were open where what is passed over began
        self.box: Box | None = None
        self.key_words: list[tuple[str, int, int]] | None = None
        self._note: tuple[str, list[str]] | None = None
        self._in_body = _BODY.search(text) is None

    def read(self) -> None:
        """Read all of the page."""
        for piece in pieces(self.text):
            if isinstance(piece, Characters):
                self._characters(piece)
            elif isinstance(piece, Start):
                self._start(piece)
            else:
                self._end(piece)
        while self.open:
            self._pop()
        self.close_block()

    # ---- elements

    def _start(self, tag: Start) -> None:
        is_void = tag.name in VOID
        if tag.name in _ONCE and (not self.skip or tag.name == "link"):
            _ONCE[tag.name](self, tag)
        if is_void:
            return
        opened = Open(tag.name)
        self.open.append(opened)
        if self.skip:
            self._skipped_start(tag, opened)
        elif self._is_passed_over(tag):
            self.skip = len(self.open)
            self._cite_at(tag)
        else:
            self._enter(tag, opened)

    def _skipped_start(self, tag: Start, opened: Open) -> None:
        """In what is passed over, references are kept, and the categories at the foot of a page."""
        name = tag.attributes.get("id", "")
        if tag.name == "li" and name.startswith("cite_note"):
            self._note = (name, [])
            opened.close = self._end_note
        elif tag.name == "a" and self._note is None:
            space, page = self._page_of(tag.attributes.get("href", ""))
            if space == "category":
                self.asides.append(Found("category", "", page, tag.start, tag.end))
            elif space == "file" and self.box is not None:
                self.images.append(Image(page))

    def _end_note(self) -> None:
        if self._note is not None:
            name, words = self._note
            self.notes[name] = _SPACE.sub(" ", "".join(words)).strip(" ↑^")
            self._note = None

    def _is_passed_over(self, tag: Start) -> bool:
        attributes, classes = tag.attributes, tag.classes
        if not self._in_body and "mw-parser-output" in classes:
            self._in_body = True
        if self.row is not None and attributes.get("lang"):
            self.row.language = attributes["lang"]
        elif self.head.language is None and tag.name in ("body", "div") and attributes.get("lang"):
            self.head.language = attributes["lang"]
        if "infobox" in classes and tag.name == "table":
            return False
        if tag.name == "table" and self.box is None:
            self.left_out.setdefault("<table", []).append(tag.start)
            return True
        return (
            tag.name in _SKIPPED
            or not _SKIPPED_CLASSES.isdisjoint(classes)
            or "reference" in classes
            or attributes.get("role") in _ROLES
            or "hidden" in attributes
            or _HIDDEN.search(attributes.get("style", "")) is not None
            or attributes.get("typeof", "").startswith("mw:Extension/ref")
        )

    def _cite_at(self, tag: Start) -> None:
        """A reference is attached to what is before it; what it says stands at the foot of the page."""
        is_reference = "reference" in tag.classes or tag.attributes.get("typeof", "") == "mw:Extension/ref"
        if not is_reference or not self._in_body:
            return
        link = _TO_NOTE.search(self.text, tag.end, tag.end + 500)
        at = Span(self.sheet.length, self.sheet.length)
        name = unquote(link[1]) if link else None
        self.citations.append(Citation(at, "", (), name, tag.start, tag.end))
        if self.row is not None:
            self.row.add(Note(at, len(self.citations) - 1))

    def _enter(self, tag: Start, opened: Open) -> None:
        if tag.name == "table":
            begin_box(self, tag, opened)
        elif self.box is not None and tag.name in ("th", "td", "tr", "caption"):
            OF_BOX[tag.name](self, tag, opened)
        elif tag.name in _HEADINGS and self.box is None:
            self._begin_heading(tag, opened)
        elif tag.name == "li":
            self._begin_item(tag, opened)
        elif tag.name == "a":
            self._begin_link(tag, opened)
        elif tag.name in ("small", "sub") and self.row is not None:
            start = self.sheet.settle()
            opened.close = lambda: self._qualify(start)
        elif tag.name in _BLOCKS:
            self._begin_block(opened)

    def _end(self, tag: End) -> None:
        names = [one.name for one in self.open[-60:]]
        if tag.name not in names:  # nothing of that name is open
            return
        while self._pop() != tag.name:
            pass

    def _pop(self) -> str:
        opened = self.open.pop()
        if opened.close is not None:
            opened.close()
        if self.skip > len(self.open):
            self.skip = 0
        return opened.name

    # ---- text

    def _characters(self, piece: Characters) -> None:
        if self._note is not None:
            self._note[1].append(html.unescape(self.text[piece.start : piece.end]))
            return
        if self.skip or not self._in_body or (self.open and self.open[-1].name in ("title", "head", "html")):
            return
        if self.key_words is not None:
            words = _SPACE.sub(" ", html.unescape(self.text[piece.start : piece.end])).strip()
            if words:
                self.key_words.append((words, piece.start, piece.end))
        elif self.box is None or self.row is not None:
            self._write(piece.start, piece.end)

    def _write(self, start: int, end: int) -> None:
        if not self.blocks.kind and self.row is None:
            if self.text[start:end].isspace():
                return
            self.blocks.open_paragraph(start)
        at = start
        for match in _REFERENCE.finditer(self.text, start, end):
            self._copy(at, match.start())
            words = html.unescape(match.group())
            if words.isspace():
                self.sheet.blank(match.start(), match.end())
            elif words.isprintable():
                self.sheet.put(words, match.start(), match.end())
            at = match.end()
        self._copy(at, end)

    def _copy(self, start: int, end: int) -> None:
        at = start
        for match in _SPACE.finditer(self.text, start, end):
            if at < match.start():
                self.sheet.copy(at, match.start())
            self.sheet.blank(match.start(), match.end())
            at = match.end()
        if at < end:
            self.sheet.copy(at, end)

    # ---- blocks

    def _begin_block(self, opened: Open) -> None:
        if self.row is None and self.blocks.kind != "heading":
            self.close_block()
            opened.close = self.close_block

    def _begin_item(self, tag: Start, opened: Open) -> None:
        if self.row is not None:
            row = self.row
            row.separate(self.sheet, tag.start, tag.end)
            opened.close = lambda: row.separate(self.sheet, tag.start, tag.end)
            return
        self.close_block()
        if self._in_body and self.box is None:
            self.blocks.open_item(tag.start, tag.start)
        opened.close = self.close_block

    def _begin_heading(self, tag: Start, opened: Open) -> None:
        self.close_block()
        if tag.name == "h1":  # the title, which is written already
            self.skip = len(self.open)
            return
        self.blocks.open_heading(_HEADINGS[tag.name], tag.start)
        opened.close = lambda: self.blocks.close_heading(self.sheet.origin)

    def close_block(self) -> None:
        """End the block that is open; a cell of an infobox is none."""
        if self.row is None:
            self.blocks.close()

    # ---- links

    def _begin_link(self, tag: Start, opened: Open) -> None:
        address = tag.attributes.get("href", "")
        if not address or self.key_words is not None or not self._in_body:
            return
        if not self.blocks.kind and self.row is None:
            if self.box is not None:
                return
            self.blocks.open_paragraph(tag.start)
        start = self.sheet.length

        def close() -> None:
            if self.sheet.is_open and self.sheet.length > start:
                self._link(start, address)

        opened.close = close

    def _link(self, start: int, address: str) -> None:
        words = self.sheet.tail(start)
        plain = words.strip(" \n-")
        if not plain:
            return
        begin = start + words.index(plain)
        space, page = self._page_of(address)
        kind = space or ("external" if page == address else "page")
        if address.startswith("#"):
            kind, page = "section", address[1:]
        link = Link(Span(begin, begin + len(plain)), page, kind)
        self.links.append(link)
        if self.row is not None:
            self.row.add(link)

    def _page_of(self, address: str) -> tuple[str | None, str]:
        """The namespace and the title that an address of a wiki leads to; the address if it is none."""
        parts = urlsplit(address) if len(address) < 4000 else None
        path = parts.path if parts else ""
        is_wiki = path.startswith("./") or "/wiki/" in path
        if parts is None or not is_wiki or (parts.netloc and "wiki" not in parts.netloc):
            return None, address
        page = path[2:] if path.startswith("./") else path.partition("/wiki/")[2]
        title = " ".join(unquote(page).replace("_", " ").split())
        prefix, colon, rest = title.partition(":")
        space = self.rules.namespace(prefix) if colon else None
        return space, rest.strip() if space in ("file", "category") else title

    def _qualify(self, start: int) -> None:
        if self.row is not None:
            self.row.qualify(self.sheet, start)

    # ---- what stands alone

    def _break(self, tag: Start) -> None:
        if self.row is not None:
            self.row.separate(self.sheet, tag.start, tag.end)
        else:
            self.sheet.blank(tag.start, tag.end)

    def _image(self, tag: Start) -> None:
        space, page = self._page_of(tag.attributes.get("resource", ""))
        if space == "file" and page not in {image.file for image in self.images}:
            self.images.append(Image(page, tag.attributes.get("alt", "")))

    def _of_page(self, tag: Start) -> None:
        """``html``: its language, and the revision that Parsoid made it of."""
        self.head.language = tag.attributes.get("lang") or None
        revision = _REVISION.search(tag.attributes.get("about", ""))
        self.head.revision = revision[1] if revision else None

    def _relation(self, tag: Start) -> None:
        relation, address = tag.attributes.get("rel", "").split(), tag.attributes.get("href", "")
        if "mw:PageProp/Category" in relation:
            page = self._page_of(address)[1].partition("#")[0]
            self.asides.append(Found("category", "", page, tag.start, tag.end))
        elif {"canonical", "dc:isVersionOf"} & set(relation) and self.head.url is None:
            self.head.url = f"https:{address}" if address.startswith("//") else address
        elif "license" in relation and self.head.licence is None:
            self.head.licence = f"https:{address}" if address.startswith("//") else address


_ONCE: dict[str, Callable[[Reader, Start], None]] = {
    "br": Reader._break,
    "img": Reader._image,
    "html": Reader._of_page,
    "link": Reader._relation,
}
