"""A page of wikitext to an article: infoboxes, paragraphs, headings and list items, one after the other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from ...statement import Span
from ..article import Article, Citation, Origin, Remark, Template
from ..blocks import Blocks
from ..cells import Cell
from ..plain import sections_of
from ..positions import SourceMap, Whole
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
    return Article(
        written,
        Span(2, 2 + len(title)),
        _name_of_box(rules, written, templates, cells),
        cells,
        tuple(sections_of(body.blocks.headings, len(written))),
        body.blocks.split(splitter),
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
        self.blocks = Blocks(writer.sheet)
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
            self.blocks.open_item(node.start, node.end)
        elif isinstance(node, Call) and self._holds_blocks(node):
            for argument in node.arguments:
                self.write(argument.content)
                self.close()
        elif not self._is_apart(node):
            if not self.blocks.kind:
                self.blocks.open_paragraph(node.start)
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
        if self.is_line_new or self.blocks.kind in ("item", "heading"):
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
            self.blocks.open_item(node.start, node.end)
        self.is_line_new = False

    def _heading(self, node: Mark) -> None:
        self.close()
        self.is_skipping = False
        self.blocks.open_heading(node.level, node.start)

    def _heading_end(self, node: Mark) -> None:
        self.blocks.close_heading(node.start)
        self.is_line_new = True

    def _broken(self, node: Mark) -> None:
        """What a template without its end holds is passed over, up to the next blank line or heading."""
        self.writer.write([node])
        self.is_skipping, self.is_line_new = True, False

    def _rule(self, _node: Mark) -> None:
        self.close()

    def close(self) -> None:
        """End a block, if it has words."""
        self.is_line_new = self.is_line_new or self.blocks.kind == "heading"
        self.blocks.close()


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
