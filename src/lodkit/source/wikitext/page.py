"""A page of wikitext to an article: infoboxes, paragraphs, headings and list items, one after the other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from ...statement import Span
from ..article import Article, Block, Citation, Origin, Remark, Template
from ..cells import Cell
from ..plain import sections_of
from ..positions import SourceMap, Whole, trimmed
from ..sentences import Splitter
from .asides import write_asides
from .boxes import boxes_of, write_boxes
from .calls import write_call
from .inline import Writer
from .nodes import Bracket, Call, Mark, Node, Table, Tag
from .references import resolved
from .scan import scan

if TYPE_CHECKING:
    from ...domain.wikitext import Wikitext

_BLOCK_TAGS = frozenset("p div center blockquote ul ol dl table hr poem".split())


def parse_wikitext(
    text: str, title: str, origin: Origin, rules: Wikitext, *, abbreviations: Collection[str] = ()
) -> Article:
    """Parse a page of wikitext; ``rules`` say what its templates mean.

    ``abbreviations`` are lower-case words that take a dot without ending a sentence, given without their last
    dot.
    """
    nodes = scan(text, int(text[:1] == "\ufeff"))
    writer = Writer(text, rules, write_call)
    sheet, found = writer.sheet, writer.found
    sheet.layout(f"= {title} =\n", 0)
    templates, cells = write_boxes(writer, boxes_of(writer, nodes))
    body = _Body(writer)
    body.write(nodes)
    body.close()
    asides = tuple(write_asides(sheet, found.asides))
    written = sheet.text
    citations = tuple(resolved(found.citations, found.defined))
    splitter = Splitter(written, frozenset(abbreviations), tuple(sorted(link.span for link in found.links)))
    blocks = tuple(
        Block(kind, span, section, tuple(splitter.sentences(words)))
        for kind, span, section, words in body.blocks
    )
    return Article(
        written,
        Span(2, 2 + len(title)),
        _name_of_box(rules, written, templates, cells),
        cells,
        tuple(sections_of(body.headings, len(written))),
        blocks,
        SourceMap(text, sheet.runs, _in_order(found.wholes)),
        origin,
        templates=templates,
        links=tuple(sorted(found.links, key=lambda link: (link.span, link.target))),
        citations=citations,
        images=tuple(found.images),
        coordinates=tuple(found.coordinates),
        categories=tuple(dict.fromkeys(found.categories)),
        asides=asides,
        redirect=_redirect(text, writer, nodes),
        remarks=tuple(_remarks(writer, citations)),
    )


class _Body:
    """Writes what is no infobox, block by block."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.headings: list[tuple[int, Span, int]] = []
        self.blocks: list[tuple[str, Span, int | None, Span]] = []
        self.kind = ""
        self.level = 0
        self.is_line_new = True
        self.is_skipping = False

    def write(self, nodes: tuple[Node, ...]) -> None:
        """Write the blocks that nodes make."""
        for node in nodes:
            if isinstance(node, Mark) and node.kind in _LINE_MARKS:
                _LINE_MARKS[node.kind](self, node)
            elif self.is_skipping:
                self.is_line_new = False
            else:
                self._inner(node)

    def _inner(self, node: Node) -> None:
        if isinstance(node, Table) or (isinstance(node, Tag) and node.name in _BLOCK_TAGS):
            self.close()
        if isinstance(node, Tag) and node.name == "li" and node.form == "open":
            self.close()
            self._open("item", node.start, node.end)
        elif isinstance(node, Call) and self._holds_blocks(node):
            for argument in node.arguments:
                self.write(argument.content)
                self.close()
        elif not self._is_apart(node):
            if not self.kind:
                self._open("paragraph", node.start, node.start)
            self.is_line_new = False
            self.writer.write([node])

    def _is_apart(self, node: Node) -> bool:
        """Tell whether a node has no words of the page's text: an infobox was written before."""
        return isinstance(node, Call) and self.writer.rules.is_box(node.name)

    def _holds_blocks(self, node: Call) -> bool:
        """Tell whether a template's arguments are lists or paragraphs that are shown."""
        rule, _ = self.writer.rules.call(node.name)
        if rule is None or rule.reads not in ("items", "words"):
            return False
        return any(
            isinstance(inner, Mark) and inner.kind == "bullet"
            for one in node.arguments
            for inner in one.content
        )

    # ---- lines

    def _break(self, node: Mark) -> None:
        if self.is_line_new or self.kind in ("item", "heading"):
            self.close()
            self.is_skipping = False
        elif not self.is_skipping:
            self.writer.sheet.blank(node.start, node.end)
        self.is_line_new = True

    def _bullet(self, node: Mark) -> None:
        if self.is_skipping:
            return
        marks = self.writer.text[node.start : node.end]
        self.close()
        if "*" in marks or "#" in marks:
            self._open("item", node.start, node.end)
        self.is_line_new = False

    def _heading(self, node: Mark) -> None:
        self.close()
        self.is_skipping = False
        self.level = node.level
        signs = "=" * node.level
        self._open("heading", node.start, node.start, f"\n{signs} ")

    def _heading_end(self, node: Mark) -> None:
        sheet, kind = self.writer.sheet, self.kind
        if kind == "heading" and sheet.is_open:
            start = sheet.begun
            title = trimmed(sheet.tail(start), 0, sheet.length - start)
            span = Span(start + title.start, start + title.end)
            self.headings.append((self.level, span, sheet.opened))
            sheet.layout(f" {'=' * self.level}\n", node.start)
        self.kind = ""
        self.is_line_new = True
        sheet.drop()

    def _broken(self, node: Mark) -> None:
        """What a template without its end holds is passed over, up to the next blank line or heading."""
        self.writer.write([node])
        self.is_skipping, self.is_line_new = True, False

    def _rule(self, _node: Mark) -> None:
        self.close()

    # ---- blocks

    def _open(self, kind: str, begin: int, until: int, lead: str = "") -> None:
        sheet = self.writer.sheet
        self.kind = kind
        if kind == "heading":
            sheet.open((lead, begin, begin), inside=len(lead) - 1)
        elif kind == "item":
            sheet.open(("- ", begin, until), inside=2)
        else:
            sheet.open(("" if self._follows_heading() else "\n", begin, begin))

    def _follows_heading(self) -> bool:
        ends = self.blocks[-1][1].end if self.blocks else 0
        return bool(self.headings) and self.headings[-1][1].start > ends

    def close(self) -> None:
        """End a block, if it has words."""
        sheet, kind = self.writer.sheet, self.kind
        if kind == "heading":
            self._heading_end(Mark("heading-end", 0, 0))
            return
        self.kind = ""
        if not (kind and sheet.is_open):
            sheet.drop()
            return
        start = sheet.begun
        words = trimmed(sheet.tail(start), 0, sheet.length - start)
        span = Span(start + words.start, start + words.end)
        section = len(self.headings) - 1 if self.headings else None
        if span.start < span.end:
            self.blocks.append((kind, Span(sheet.opened, span.end), section, span))
        sheet.layout("\n", sheet.origin)


_LINE_MARKS = {
    "break": _Body._break,
    "bullet": _Body._bullet,
    "heading": _Body._heading,
    "heading-end": _Body._heading_end,
    "broken": _Body._broken,
    "rule": _Body._rule,
}


def _in_order(wholes: list[Whole]) -> tuple[Whole, ...]:
    """Constructs in the order of the file, each before those inside it."""
    return tuple(sorted(set(wholes), key=lambda one: (one.begin, -one.until, one.is_piece)))


def _name_of_box(
    rules: Wikitext, text: str, templates: tuple[Template, ...], cells: tuple[Cell, ...]
) -> Span | None:
    """The name that the first infobox has for what it is about; of several the first."""
    for cell in cells:
        if cell.box == 0 and not templates[0].section and rules.names(templates[0].name, cell.key.of(text)):
            return cell.items[0].span if len(cell.items) > 1 else cell.value
    return None


def _redirect(text: str, writer: Writer, nodes: tuple[Node, ...]) -> str | None:
    """The page that a redirect leads to (https://www.mediawiki.org/wiki/Help:Redirects)."""
    first = next((node for node in nodes if isinstance(node, Bracket)), None)
    words = text[: first.start] if first else ""
    is_redirect = words.lstrip("\ufeff \t\r\n").startswith("#") and "\n" not in words.strip()
    return first.target.partition("#")[0].strip() if first and is_redirect else None


def _remarks(writer: Writer, citations: Iterable[Citation]) -> Iterator[Remark]:
    for one in citations:
        if one.name and not (one.words or one.fields):
            writer.found.leave_out("reference", one.name, one.begin)
    for (kind, words), offsets in sorted(writer.found.left_out.items()):
        yield Remark(kind, words, len(offsets), min(offsets))
