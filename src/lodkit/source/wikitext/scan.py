"""Wikitext to nodes in one pass, in time that grows with the length alone, whatever stands in it.

What is opened and not closed is no error: its content is kept, its sign becomes a stray mark. Nothing is
expanded (https://www.mediawiki.org/wiki/Preprocessor_ABNF has the grammar that this is a reading of).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape

from .nodes import (
    Argument,
    Bracket,
    Call,
    Entity,
    External,
    Mark,
    Node,
    Parameter,
    Raw,
    Table,
    Tag,
    Text,
)

DEEPEST = 60
"""How many templates, links and tables may stand inside each other; what is deeper is left out."""

RAW_TAGS = frozenset(
    "nowiki pre math chem ce syntaxhighlight source gallery timeline score templatedata imagemap graph hiero"
    " inputbox mapframe maplink ref references includeonly templatestyles indicator".split()
)
"""Elements whose content the preprocessor leaves alone (https://www.mediawiki.org/wiki/Parser_extension_tags)."""

_TOKEN = re.compile(
    r"(?P<comment><!--)"
    r"|(?P<tag></?[a-zA-Z][^<>]*+>)"
    r"|(?P<braces>\{\{+)"
    r"|(?P<unbraces>\}\}+)"
    r"|(?P<link>\[\[)"
    r"|(?P<unlink>\]\]?)"
    r"|(?P<external>\[(?=(?:https?:|ftps?:|ircs?:|news:|mailto:|//)))"
    r"|(?P<bar>\|)"
    r"|(?P<equals>=)"
    r"|(?P<quote>''+)"
    r"|(?P<newline>\r\n?|\n)"
    r"|(?P<entity>&(?:[a-zA-Z][a-zA-Z0-9]{1,31}|\#(?:[0-9]{1,7}|[xX][0-9a-fA-F]{1,6}));)"
    r"|(?P<magic>__[A-Z]{3,30}__)"
)
_SIGN = re.compile(r"[<{}\[\]|='\r\n&_]")
"""What a token begins with: looked for first, which takes a third of the time."""

_LINE = re.compile(
    r"(?P<table>[ \t:]*+\{\|)"
    r"|(?P<untable>[ \t]*+\|\}(?!\}))"
    r"|(?P<row>[ \t]*+(?:\|-+|\|\+|[|!]))"
    r"|(?P<bullet>[*#:;]+[ \t]*+)"
    r"|(?P<rule>-{4,})"
)
_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)")
_TRAIL = re.compile(r"[a-zß-öø-ÿāăąćčďđēęěģķĺľłńňőřśšťūůűźžа-яёіїєґ]+")
_ADDRESS = re.compile(r"[^\s\[\]<>\"|{}]+")
_REST = re.compile(r"[^\r\n]*+")
_BLANK = re.compile(r"[ \t]*(?:\r\n?|\n)")


@dataclass(slots=True)
class _Frame:
    """Something that is open: its kind (template, parameter, link, external, table), and what it holds up to
    now, in pieces.
    """

    kind: str
    start: int
    inner: int
    content: list[Node] = field(default_factory=list)
    pieces: list[Argument] = field(default_factory=list)
    piece_start: int = 0
    begin: int = 0
    name: str | None = None

    def cut(self, end: int, next_start: int) -> None:
        """End a piece, and begin the next one."""
        content = tuple(self.content)
        self.pieces.append(Argument(self.name, self.piece_start, self.begin, end, content))
        self.content, self.name = [], None
        self.piece_start = self.begin = next_start

    def flat(self) -> list[Node]:
        """Everything in it, with bars between the pieces, its names included."""
        found: list[Node] = []
        for piece in self.pieces:
            found += piece.content
            found.append(Mark("bar", piece.end, piece.end + 1))
        return found + self.content


class _Scanner:
    """The state of one pass: what is open, and where the characters begin that stand for themselves."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self.at, self.end = text, start, end
        self.pending = start
        self.root = _Frame("page", start, start)
        self.open: list[_Frame] = []
        self.braces = 0
        self.unclosed: set[str] = set()
        self.heading: tuple[int, int, int] | None = None
        self.acts: dict[str, Callable[[re.Match[str]], None]] = {
            "comment": self._comment,
            "tag": self._tag,
            "braces": self._braces,
            "unbraces": self._unbraces,
            "link": self._link,
            "unlink": self._unlink,
            "external": self._external,
            "bar": self._bar,
            "equals": self._equals,
            "quote": lambda match: self._sign("quote", match, len(match.group())),
            "newline": self._newline,
            "entity": self._entity,
            "magic": lambda match: self._sign("magic", match),
        }

    def run(self) -> tuple[Node, ...]:
        """Scan the stretch."""
        self._line_start()
        find, read, acts = _SIGN.search, _TOKEN.match, self.acts
        while (sign := find(self.text, self.at, self.end)) is not None:
            match = read(self.text, sign.start(), self.end)
            if match is None:
                self.at = sign.end()
                continue
            self.at = match.end()
            acts[match.lastgroup or ""](match)
        self._flush(self.end)
        self._break_from(0, self.end)
        return tuple(self.root.content)

    # ---- what is open

    @property
    def top(self) -> _Frame:
        """The innermost that is open, the page itself where nothing is."""
        return self.open[-1] if self.open else self.root

    def _flush(self, end: int) -> None:
        """Keep the characters up to a sign as text."""
        if self.pending < end:
            self.top.content.append(Text(self.pending, end))
        self.pending = self.at

    def _push(self, kind: str, start: int) -> None:
        frame = _Frame(kind, start, self.at)
        frame.piece_start = frame.begin = self.at
        self.open.append(frame)
        self.braces += kind in ("template", "parameter")

    def _pop(self) -> _Frame:
        frame = self.open.pop()
        self.braces -= frame.kind in ("template", "parameter")
        return frame

    def _add(self, node: Node) -> None:
        if len(self.open) < DEEPEST:
            self.top.content.append(node)

    def _break_from(self, index: int, end: int) -> None:
        """Close what is open from an index on, without its end: a table ends here, of the others the content
        stays.
        """
        broken = [self._pop() for _ in range(len(self.open) - index)]
        into = self.top.content
        for frame in reversed(broken):
            if frame.kind == "table":
                into.append(Table(frame.start, end, tuple(frame.content)))
                continue
            kind = "broken" if frame.kind == "template" else "stray"
            into.append(Mark(kind, frame.start, frame.inner))
            into += frame.flat()

    # ---- signs

    def _sign(self, kind: str, match: re.Match[str], level: int = 0) -> None:
        self._flush(match.start())
        self.top.content.append(Mark(kind, match.start(), match.end(), level))

    def _entity(self, match: re.Match[str]) -> None:
        self._flush(match.start())
        self.top.content.append(Entity(match.start(), match.end()))

    def _comment(self, match: re.Match[str]) -> None:
        """A comment that does not end goes on to the end of the page."""
        close = self.text.find("-->", match.end(), self.end)
        self.at = close + 3 if close >= 0 else self.end
        self._flush(match.start())
        self.top.content.append(Mark("comment", match.start(), self.at))
        if self._began_line(match.start()) and (blank := _BLANK.match(self.text, self.at, self.end)):
            self.at = self.pending = blank.end()  # a line with nothing but a comment is none
            self._line_start()

    def _began_line(self, at: int) -> bool:
        return at == 0 or self.text[at - 1] in "\r\n"

    def _tag(self, match: re.Match[str]) -> None:
        self._flush(match.start())
        words = match.group()
        named = _TAG.match(words)
        name = named[2].lower() if named else ""
        begin = match.start() + (named.end() if named else 1)
        form = "close" if words[1] == "/" else "empty" if words.endswith("/>") else "open"
        tag = Tag(name, form, match.start(), match.end(), begin, match.end() - (2 if form == "empty" else 1))
        if name in RAW_TAGS and form == "open" and self._raw(tag):
            return
        self.top.content.append(tag)

    def _raw(self, tag: Tag) -> bool:
        """Take an element as a whole, up to its end tag; one without is a tag only."""
        if tag.name in self.unclosed:
            return False
        close = _end_tag(tag.name).search(self.text, tag.end, self.end)
        if close is None:
            self.unclosed.add(tag.name)
            return False
        self.top.content.append(Raw(tag, tag.start, close.end(), tag.end, close.start()))
        self.at = self.pending = close.end()
        return True

    def _braces(self, match: re.Match[str]) -> None:
        """Of five braces two are a template's, in which three are a parameter's; of other numbers all are
        templates', in pairs.
        """
        start, count = match.start(), match.end() - match.start()
        sizes = [2, 3] if count == 5 else [3] if count == 3 else [2] * (count // 2)
        start += count - sum(sizes)
        self._flush(start)
        for size in sizes:
            self.at = start + size
            self._push("parameter" if size == 3 else "template", start)
            start += size
        self.at = self.pending = match.end()

    def _unbraces(self, match: re.Match[str]) -> None:
        left, stop = match.start(), match.end()
        self._flush(left)
        while stop - left >= 2 and self.braces:
            index = next(i for i in range(len(self.open) - 1, -1, -1) if self._is_braces(i))
            self._break_from(index + 1, left)
            left = self._close_braces(left, stop)
        if left < stop:
            kind = "stray" if stop - left > 1 else ""
            self.top.content.append(Mark(kind, left, stop) if kind else Text(left, stop))
        self.at = self.pending = stop

    def _is_braces(self, index: int) -> bool:
        return self.open[index].kind in ("template", "parameter")

    def _close_braces(self, left: int, stop: int) -> int:
        """Close the innermost, which is a template or a parameter; return where its braces end."""
        frame = self._pop()
        frame.cut(left, stop)
        arguments = tuple(frame.pieces)
        if frame.kind == "parameter" and stop - left >= 3:
            self._add(Parameter(frame.start, left + 3, arguments))
            return left + 3
        if frame.kind == "parameter":  # {{{name}} is a brace before a template
            self._add(Text(frame.start, frame.start + 1))
            frame.start += 1
        name = " ".join(words_of(self.text, arguments[0].content).replace("_", " ").split())
        self._add(Call(name, frame.start, left + 2, arguments[1:]))
        return left + 2

    def _link(self, match: re.Match[str]) -> None:
        self._flush(match.start())
        self._push("link", match.start())

    def _unlink(self, match: re.Match[str]) -> None:
        top = self.top
        if top.kind == "external":
            self.at = match.start() + 1
            self._flush(match.start())
            self._close_external()
            return
        if len(match.group()) == 1:
            return  # a bracket that stands for itself
        self._flush(match.start())
        if top.kind != "link":
            self.top.content.append(Mark("stray", match.start(), match.end()))
            return
        frame = self._pop()
        frame.cut(match.start(), self.at)
        close, target = self.at, words_of(self.text, frame.pieces[0].content)
        trail = _TRAIL.match(self.text, self.at, self.end)
        if trail:
            self.at = self.pending = trail.end()
        pieces = tuple(frame.pieces[1:])
        self._add(Bracket(target.strip(), frame.start, self.at, close, frame.inner, pieces))

    def _external(self, match: re.Match[str]) -> None:
        self._flush(match.start())
        self._push("external", match.start())

    def _close_external(self) -> None:
        frame = self._pop()
        found = _ADDRESS.match(self.text, frame.inner, self.at - 1)
        address_end = found.end() if found else frame.inner
        content = tuple(_after(frame.content, address_end))
        self._add(External(self.text[frame.inner : address_end], frame.start, self.at, content))

    def _bar(self, match: re.Match[str]) -> None:
        top = self.top
        if top.kind in ("template", "parameter", "link"):
            self._flush(match.start())
            top.cut(match.start(), match.end())
        elif top.kind == "table":
            self._sign("cell", match)

    def _equals(self, match: re.Match[str]) -> None:
        if self.heading is not None and match.start() <= self.heading[1] < match.end():
            self._end_heading()
            return
        top = self.top
        if top.kind == "template" and top.pieces and top.name is None:
            self._flush(match.start())
            top.name = words_of(self.text, tuple(top.content)).strip()
            top.content, top.begin = [], match.end()

    # ---- lines

    def _newline(self, match: re.Match[str]) -> None:
        if self.heading is not None:  # its last sign stands in something else
            self._flush(match.start())
            self.heading = (self.heading[0], match.start(), match.start())
            self._end_heading()
            self.at = match.end()
        self._flush(match.start())
        blank = _BLANK.match(self.text, match.end(), self.end) is not None
        while self.open and (self.top.kind == "external" or (blank and self.top.kind == "link")):
            self._break_from(len(self.open) - 1, match.start())
        self.top.content.append(Mark("break", match.start(), match.end()))
        self._line_start()

    def _line_start(self) -> None:
        """Read the signs that count at the beginning of a line only."""
        at = self.at
        if self.text[at : at + 1] == "=" and self._begin_heading(at):
            return
        match = _LINE.match(self.text, at, self.end)
        if match is None:
            return
        kind = match.lastgroup or ""
        if kind == "table":
            self.at = self.pending = match.end()
            self._push("table", match.end() - 2)
            return
        if kind in ("untable", "row") and self.top.kind != "table":
            return
        self.at = match.end()
        if kind == "untable":
            self._flush(at)
            frame = self._pop()
            self._add(Table(frame.start, match.end(), tuple(frame.content)))
        else:
            self._sign("cell" if kind == "row" else kind, match)

    def _begin_heading(self, at: int) -> bool:
        """A line of equals signs around words; one of two signs or more ends whatever is open."""
        found = _REST.match(self.text, at, self.end)
        stop = found.end() if found else at
        line = _without_comments(self.text[at:stop])
        level = min(len(line) - len(line.lstrip("=")), len(line) - len(line.rstrip("=")), 6)
        if not level or not line.strip("=").strip() or (level == 1 and self.open):
            return False
        self._break_from(0, at)
        self.at = at + level
        self.root.content.append(Mark("heading", at, self.at, level))
        self.pending = self.at
        self.heading = (level, at + len(line) - level, stop)
        return True

    def _end_heading(self) -> None:
        """The signs after a heading's words; what stands on the line after them is comments."""
        level, close, stop = self.heading or (0, self.at, self.at)
        self.heading = None
        self._flush(close)
        self._break_from(0, close)
        self.root.content.append(Mark("heading-end", close, stop, level))
        self.at = self.pending = stop


_END_TAGS: dict[str, re.Pattern[str]] = {
    name: re.compile(rf"</{name}\s*+>", re.IGNORECASE) for name in RAW_TAGS
}


def _end_tag(name: str) -> re.Pattern[str]:
    return _END_TAGS[name]


def _without_comments(line: str) -> str:
    """A line without blanks and comments at its end."""
    line = line.rstrip()
    while line.endswith("-->") and (start := line.rfind("<!--")) >= 0:
        line = line[:start].rstrip()
    return line


def _after(content: list[Node], offset: int) -> list[Node]:
    """The nodes after an offset; a text across it is cut."""
    found: list[Node] = []
    for node in content:
        if node.start >= offset:
            found.append(node)
        elif node.end > offset and isinstance(node, Text):
            found.append(Text(offset, node.end))
    return found


def words_of(text: str, content: tuple[Node, ...]) -> str:
    """Return the characters of nodes that stand for themselves, or that a character reference stands for."""
    return "".join(
        text[node.start : node.end] if isinstance(node, Text) else unescape(text[node.start : node.end])
        for node in content
        if isinstance(node, Text | Entity)
    ).replace("\u00a0", " ")


def scan(text: str, start: int = 0, end: int | None = None) -> tuple[Node, ...]:
    """Return the nodes of a stretch of wikitext.

    >>> [type(node).__name__ for node in scan("It met in [[Arvika]] in {{circa|1901}}.")]
    ['Text', 'Bracket', 'Text', 'Call', 'Text']
    """
    return _Scanner(text, start, len(text) if end is None else end).run()
