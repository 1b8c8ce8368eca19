"""The tags and the text of HTML, with their offsets, in one pass whatever the file holds (HTML Standard
§13.2.5, as far as pages of wikis need it). Python's own parser tells lines of tags only, and takes
quadratic time over tags that are not closed.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_NAME = re.compile(r"[a-zA-Z][^\s/>]*")
_ATTRIBUTE = re.compile(r"[\s/]*([^\s/>=][^\s/>=]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+)))?")
_RAW = frozenset({"script", "style", "textarea", "title", "xmp", "noframes"})
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
"""Elements without content (HTML Standard §13.1.2)."""

LONGEST_TAG = 2_000_000
"""Code points; a tag that goes on longer is left out."""


@dataclass(frozen=True, slots=True)
class Start:
    """A start tag: its name in lower case, its attributes, and where it stands."""

    name: str
    attributes: Mapping[str, str]
    start: int
    end: int

    @property
    def classes(self) -> frozenset[str]:
        """The words of its class."""
        return frozenset(self.attributes.get("class", "").split())


@dataclass(frozen=True, slots=True)
class End:
    """An end tag."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Characters:
    """Text as it stands in the file, with its character references."""

    start: int
    end: int


Piece = Start | End | Characters


@dataclass
class _Markup:
    text: str
    absent: dict[str, int] = field(default_factory=dict)

    def find(self, sign: str, at: int) -> int:
        """The offset after the next sign; -1 where there is none, which is looked up once."""
        if at >= self.absent.get(sign, len(self.text) + 1):
            return -1
        found = self.text.find(sign, at)
        if found < 0:
            self.absent[sign] = at
            return -1
        return found + len(sign)


def pieces(text: str) -> Iterator[Piece]:
    """Yield the tags and the text between them, in order; comments and declarations are left out."""
    markup = _Markup(text)
    at = 0
    while at < len(text):
        sign = text.find("<", at)
        end = len(text) if sign < 0 else sign
        if end > at:
            yield Characters(at, end)
        if sign < 0:
            return
        piece, at = _tag(markup, sign)
        if piece is not None:
            yield piece
        if isinstance(piece, Start) and piece.name in _RAW:
            close = markup.find(f"</{piece.name}", at)
            until = len(text) if close < 0 else close - len(piece.name) - 2
            if until > at:
                yield Characters(at, until)
            at = until


def _tag(markup: _Markup, at: int) -> tuple[Piece | None, int]:
    """What begins with ``<``, and the offset after it."""
    text = markup.text
    if text.startswith("<!--", at):
        end = markup.find("-->", at + 4)
        return None, end if end > 0 else len(text)
    if text[at + 1 : at + 2] in ("!", "?"):
        end = markup.find(">", at)
        return None, end if end > 0 else len(text)
    is_end = text[at + 1 : at + 2] == "/"
    name = _NAME.match(text, at + 1 + is_end)
    if name is None:
        return Characters(at, at + 1), at + 1
    if is_end:
        end = markup.find(">", name.end())
        end = end if end > 0 else len(text)
        return End(name.group().lower(), at, end), end
    return _start(markup, name, at)


def _start(markup: _Markup, name: re.Match[str], at: int) -> tuple[Piece | None, int]:
    text = markup.text
    attributes: dict[str, str] = {}
    end = name.end()
    if markup.find(">", end) < 0:  # looked for first: else each of many such tags would be read to the end
        return Characters(at, at + 1), at + 1
    while True:
        found = _ATTRIBUTE.match(text, end)
        if found is None or end - at > LONGEST_TAG:
            break
        words = next((one for one in found.groups()[1:] if one is not None), "")
        attributes.setdefault(found[1].lower(), html.unescape(words) if "&" in words else words)
        end = found.end()
    close = markup.find(">", end)
    if close < 0 or close - at > LONGEST_TAG:
        return None, close if close > 0 else len(text)
    return Start(name.group().lower(), attributes, at, close), close
