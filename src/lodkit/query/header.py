"""Read the ``#+`` header of a query: a strict subset of YAML (block mappings and lists, flow lists of words,
one-line scalars, ``>``).
"""

from __future__ import annotations

import json
import re
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_KEY = re.compile(r"([A-Za-z][\w-]*):(?:\s+(.*))?$")
_NOT_PLAIN = re.compile(r"[!&*|>%@`{}\[\],\"'#]|[?:-](?:\s|$)")
_LINE_END = re.compile(r"\r\n?|\n")
_FLOW_WORD = re.compile(r"[\w][\w.:-]*(?: [\w.:-]+)*")


DEEPEST = 8
"""How many mappings and lists may stand inside each other."""

LONGEST = 2**16
"""The most characters of a header."""


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the header with its position, both numbers from 1."""

    value: str | tuple[Node, ...] | dict[str, Node]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    indent: int
    text: str
    offset: int

    @property
    def column(self) -> int:
        return self.offset + self.indent + 1


def parse_header(text: str, file: str | None = None) -> Node | None:
    """Return the mapping that the ``#+`` lines at the top of a query hold, or None if there are none.

    Raises:
        QueryError: a line is not of the subset; names file, line and column.
    """
    lines = deque(_lines(text, file))
    if not lines:
        return None
    _check_depth(lines, file)
    node = _mapping(lines, lines[0].indent, file)
    if lines:
        raise _error("the indentation fits no line above", lines[0], file)
    return node


def _check_depth(lines: Iterable[_Line], file: str | None) -> None:
    """Bound what is read by calls inside each other."""
    indents: list[int] = []
    for line in lines:
        while indents and indents[-1] >= line.indent:
            indents.pop()
        indents.append(line.indent)
        if len(indents) > DEEPEST:
            raise _error(f"more than {DEEPEST} levels of indentation", line, file)


def _lines(text: str, file: str | None) -> list[_Line]:
    found: list[_Line] = []
    size = 0
    for number, line in enumerate(_split(text), 1):
        if not line.startswith("#+"):
            if line.strip():
                break
            continue
        size += len(line)
        if size > LONGEST:
            raise QueryError(
                f"the header is longer than {LONGEST} characters", file=file, line=number, column=1
            )
        offset = 3 if line[2:3] == " " else 2
        content = line[offset:].rstrip()
        if "\t" in content:
            raise QueryError(
                "tab in the header",
                file=file,
                line=number,
                column=line.index("\t") + 1,
                hint="indent with blanks",
            )
        if content:
            bare = content.lstrip(" ")
            found.append(_Line(number, len(content) - len(bare), bare, offset))
    return found


def _split(text: str) -> Iterator[str]:
    """The lines of a text, ended by LF, CR LF or CR, one after the other: most of a query is no header."""
    position = 0
    for end in _LINE_END.finditer(text):
        yield text[position : end.start()]
        position = end.end()
    yield text[position:]


def _block(lines: deque[_Line], indent: int, file: str | None) -> Node:
    is_list = lines[0].text.startswith("- ") or lines[0].text == "-"
    return _sequence(lines, indent, file) if is_list else _mapping(lines, indent, file)


def _mapping(lines: deque[_Line], indent: int, file: str | None) -> Node:
    first, entries = lines[0], dict[str, Node]()
    while lines and lines[0].indent == indent:
        line = lines.popleft()
        match = _KEY.match(line.text)
        if match is None:
            raise _error("not of the form 'key: value'", line, file)
        if match[1] in entries:
            raise _error("key is there twice", line, file, term=match[1])
        entries[match[1]] = _value(match, line, lines, file)
    return Node(entries, first.number, first.column)


def _value(match: re.Match[str], line: _Line, lines: deque[_Line], file: str | None) -> Node:
    rest, column = match[2], line.column + (match.start(2) if match[2] else len(line.text))
    deeper = bool(lines) and lines[0].indent > line.indent
    if rest == ">" and deeper:
        return Node(_folded(lines, line.indent), line.number, column)
    if rest:
        return _inline(rest, line, column, file)
    if deeper:
        return Node(_block(lines, lines[0].indent, file).value, line.number, line.column)
    raise _error("key without a value", line, file, term=match[1])


def _folded(lines: deque[_Line], indent: int) -> str:
    words = []
    while lines and lines[0].indent > indent:
        words.append(lines.popleft().text)
    return " ".join(words)


def _sequence(lines: deque[_Line], indent: int, file: str | None) -> Node:
    first, items = lines[0], []
    while lines and lines[0].indent == indent:
        line = lines.popleft()
        if not line.text.startswith("- "):
            raise _error("not of the form '- item'", line, file)
        items.append(_inline(line.text[2:].strip(), line, line.column + 2, file))
    return Node(tuple(items), first.number, first.column)


def _inline(text: str, line: _Line, column: int, file: str | None) -> Node:
    if text.startswith("["):
        return Node(
            tuple(Node(word, line.number, column) for word in _flow(text, line, column, file)),
            line.number,
            column,
        )
    return Node(_scalar(text, line, column, file), line.number, column)


def _flow(text: str, line: _Line, column: int, file: str | None) -> list[str]:
    words = [word.strip() for word in text[1:-1].split(",")] if text[1:-1].strip() else []
    if not text.endswith("]") or not all(_FLOW_WORD.fullmatch(word) for word in words):
        raise QueryError("not of the form [word, word]", file=file, line=line.number, column=column)
    return words


def _scalar(text: str, line: _Line, column: int, file: str | None) -> str:
    if text[0] == '"':
        return _quoted(text, line, column, file)
    if text[0] == "'" and len(text) > 1 and text[-1] == "'" and "'" not in text[1:-1].replace("''", ""):
        return text[1:-1].replace("''", "'")
    if _NOT_PLAIN.match(text) or ": " in text or " #" in text or text.endswith(":"):
        raise QueryError(
            "this text needs quotes in YAML", file=file, line=line.number, column=column, hint='write "…"'
        )
    return text


def _quoted(text: str, line: _Line, column: int, file: str | None) -> str:
    try:
        value = str(json.loads(text))
        value.encode()  # JSON may escape half a character, which no output takes
        return value
    except ValueError as error:
        raise QueryError(
            "quoted text is not closed, or more follows it", file=file, line=line.number, column=column
        ) from error


def _error(message: str, line: _Line, file: str | None, term: str | None = None) -> QueryError:
    return QueryError(message, file=file, line=line.number, column=line.column, term=term)
