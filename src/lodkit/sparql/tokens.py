"""Cut a SPARQL text into tokens, so that a name inside a string, an IRI or a comment is never taken for a
variable or a keyword.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ..errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# SPARQL 1.1 §19.8, productions 139 to 170; \w stands for PN_CHARS_U, which it contains. Quantifiers are
# possessive, and quotation marks that nothing closes are tokens of their own: no text takes more than one
# pass.
_LOCAL = r"(?:[\w:·]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%])"
_IN_NAME = r"(?:[\w\-·]|\.++(?=[\w\-·]))*+"
_NUMBER = r"(?:\d++\.?\d*+|\.\d++)(?:[eE][+-]?\d++)?"
_TOKEN = re.compile(
    r"(?P<space>\s++)"
    r"|(?P<comment>\#[^\n\r]*+)"
    r"|(?P<iri><(?:[^<>\"{}|^`\\\x00-\x20]++|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>)"
    r'|(?P<string>"""(?:[^"\\]++|\\.|"{1,2}+(?!"))*+"""|'
    r"'''(?:[^'\\]++|\\.|'{1,2}+(?!'))*+'''|"
    r'"(?!"")(?:[^"\\\n\r]++|\\.)*+"'
    r"|'(?!'')(?:[^'\\\n\r]++|\\.)*+')"
    r"|(?P<open>\"\"\"|'''|\"|')"
    r"|(?P<variable>[?$][\w·‿⁀\u0300-\u036f]++)"
    rf"|(?P<blank>_:\w{_IN_NAME})"
    rf"|(?P<name>(?:[^\W\d_]{_IN_NAME})?:(?:{_LOCAL}(?:-|{_LOCAL}|\.++(?=-|{_LOCAL}))*+)?)"
    r"|(?P<language>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+)"
    rf"|(?P<words>[^\W\d]{_IN_NAME})"
    rf"|(?P<number>{_NUMBER})"
    r"|(?P<mark>\^\^|&&|\|\||!=|<<\(?|\)?>>|<=|>=|[{}()\[\],;.=<>!+\-*/|^?])",
    re.DOTALL,
)

# What looked like the prefix of a name and is none: words, with the dots and signs between them
# ("true.FILTER").
_IN_WORDS = re.compile(
    rf"(?P<word>[^\W\d]\w*+)|(?P<number>{_NUMBER})|(?P<mark>[.\-])|(?P<other>.)", re.DOTALL
)

# §19.2: such an escape may be read before anything else, so that one for a quote or a letter makes other
# tokens.
_ASCII_ESCAPE = re.compile(r"\\(?:u00|U000000)[0-7][0-9A-Fa-f]")


class Token(NamedTuple):
    """A piece of the text.

    ``kind`` is space, comment, iri, string, variable, blank, name, language, word, number, mark or other.
    """

    kind: str
    text: str
    start: int


def tokenize(text: str, file: str | None = None) -> Iterator[Token]:
    """Yield the tokens of a SPARQL text; joined, they are the text.

    >>> [t.text for t in tokenize('SELECT $x { $x ?p "$y" }') if t.kind == "variable"]
    ['$x', '$x', '?p']

    Raises:
        QueryError: a character cannot start a token, or a quotation mark is not closed.
    """
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            what = "an escape" if text[position] == "\\" else repr(text[position])
            raise error_at(f"{what} cannot stand here in SPARQL", text, position, file)
        kind = str(match.lastgroup)
        if kind == "open":
            raise error_at("a string is not closed", text, position, file, term=match[0])
        if kind == "words":
            yield from _words(match[0], position)
        else:
            yield Token(kind, match[0], position)
        position = match.end()


@lru_cache(maxsize=512)
def significant(text: str) -> tuple[Token, ...]:
    """Return the tokens of a SPARQL text without blanks and comments.

    Raises:
        QueryError: it is no sequence of SPARQL's tokens.
    """
    return tuple(token for token in tokenize(text) if token.kind not in ("space", "comment"))


def _words(run: str, start: int) -> Iterator[Token]:
    for match in _IN_WORDS.finditer(run):
        yield Token(str(match.lastgroup), match[0], start + match.start())


def unescaped(text: str) -> str | None:
    """Return the text as an engine reads it that resolves code point escapes before all else (SPARQL 1.1
    §19.2).

    None if no ASCII character is written as an escape: only those could make other tokens than are seen
    here.
    """
    if not _ASCII_ESCAPE.search(text):
        return None
    return _ASCII_ESCAPE.sub(lambda escape: chr(int(escape[0][-2:], 16)), text)


def substitute(text: str, values: Mapping[str, str]) -> str:
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
