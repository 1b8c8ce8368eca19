"""Cut a SPARQL text into tokens, so that a name inside a string, an IRI or a comment is never taken for a
variable or a keyword.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# SPARQL 1.1 §19.8, productions 139 to 170; \w stands for PN_CHARS_U, which it contains.
_LOCAL = r"(?:[\w:·]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%])"
_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<comment>\#[^\n\r]*)"
    r"|(?P<iri><(?:[^<>\"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>)"
    r'|(?P<string>"""(?:"{0,2}(?:[^"\\]|\\.))*"""' + r"|'''(?:'{0,2}(?:[^'\\]|\\.))*'''"
    r'|"(?:[^"\\\n\r]|\\.)*"' + r"|'(?:[^'\\\n\r]|\\.)*')"
    r"|(?P<variable>[?$][\w·‿⁀\u0300-\u036f]+)"
    r"|(?P<blank>_:\w(?:[\w.\-·]*[\w\-·])?)"
    rf"|(?P<name>(?:[^\W\d_](?:[\w.\-·]*[\w\-·])?)?:(?:{_LOCAL}(?:(?:[.\-]|{_LOCAL})*(?:-|{_LOCAL}))?)?)"
    r"|(?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)"
    r"|(?P<word>[A-Za-z_]\w*)"
    r"|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<mark>\^\^|&&|\|\||!=|<=|>=|[{}()\[\],;.=<>!+\-*/|^?])",
    re.DOTALL,
)

# §19.2: such an escape is read before anything else, so that one for a quote or a letter would make other
# tokens than are seen here.
_ASCII_ESCAPE = re.compile(r"\\(?:u00|U000000)[0-7][0-9A-Fa-f]")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text; ``kind`` is space, comment, iri, string, variable, blank, name, language, word,
    number or mark.
    """

    kind: str
    text: str
    start: int


def tokenize(text: str, file: str | None = None) -> Iterator[Token]:
    """Yield the tokens of a SPARQL text; joined, they are the text.

    >>> [t.text for t in tokenize('SELECT $x { $x ?p "$y" }') if t.kind == "variable"]
    ['$x', '$x', '?p']

    Raises:
        QueryError: a character cannot start a token, or an ASCII character is written as a code point escape.
    """
    if escape := _ASCII_ESCAPE.search(text):
        raise error_at(
            "escape of an ASCII character",
            text,
            escape.start(),
            file,
            term=escape[0],
            hint="write the character itself",
        )
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise error_at(f"{text[position]!r} cannot stand here in SPARQL", text, position, file)
        yield Token(str(match.lastgroup), match[0], position)
        position = match.end()


def replace(text: str, values: Mapping[str, str]) -> str:
    """Put each value in the place of its ``$name``, between blanks; strings, IRIs and comments stay as they
    are.
    """
    return "".join(
        f" {values[token.text[1:]]} " if _stands_for(token, values) else token.text
        for token in tokenize(text)
    )


def _stands_for(token: Token, values: Mapping[str, str]) -> bool:
    return token.kind == "variable" and token.text[0] == "$" and token.text[1:] in values


def line_and_column(text: str, position: int) -> tuple[int, int]:
    """Return line and column of a position, both from 1, in code points."""
    before = text[:position]
    return before.count("\n") + 1, position - before.rfind("\n")


def error_at(
    message: str,
    text: str,
    position: int,
    file: str | None,
    *,
    term: str | None = None,
    hint: str | None = None,
) -> QueryError:
    """Return an error that points at a position of the text."""
    line, column = line_and_column(text, position)
    return QueryError(message, file=file, line=line, column=column, term=term, hint=hint)
