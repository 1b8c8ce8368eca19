"""The unit of everything: a statement is one triple as one rule read it at one place, with its modality."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from .errors import UsageError

BASE = "https://w3id.org/lodkit/"
"""The IRI that everything minted here starts with; settable per build."""

_LONGEST_BASE = 1000

LONGEST_NAME = 200
"""How many characters of an encoded name an IRI holds; what a longer one goes on with becomes a hash."""

# RFC 3987 ipchar without percent-encoding: unreserved, sub-delims, ":" and "@"; ucschar is handled below.
_ASCII_KEPT = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@")
# RFC 3987 §4.1 forbids bidirectional formatting characters in IRIs.
_BIDI_FORMATTING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# RFC 3987 §2.2, ucschar below U+10000; planes 1 to 14 follow one pattern but for tags (U+E0000 to U+E0FFF).
_UCS_BELOW_10000 = ((0xA0, 0xD7FF), (0xF900, 0xFDCF), (0xFDF0, 0xFFEF))


class Modality(StrEnum):
    """How the text puts a triple (``lk:modality``). Only asserted statements become facts."""

    ASSERTED = "asserted"
    HEDGED = "hedged"
    NEGATED = "negated"
    ATTRIBUTED = "attributed"
    REJECTED = "rejected"


class Basis(StrEnum):
    """What a triple rests on (``lk:basis``). Only types, and matches, which are linked, may be other than
    stated.
    """

    STATED = "stated"
    INFERRED = "inferred"
    TEMPLATE = "template"
    BACKGROUND = "background"
    LINKED = "linked"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of the text in code points: ``start`` inclusive, ``end`` exclusive."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}, {self.end}")

    def of(self, text: str) -> str:
        """Return the words that the span covers."""
        return text[self.start : self.end]

    def holds(self, other: Span) -> bool:
        """Tell whether another span lies within this one, or is the same."""
        return self.start <= other.start and other.end <= self.end

    def cover(self, *others: Span) -> Span:
        """Return the smallest span that holds this one and the others."""
        return (
            Span(min(self.start, *(o.start for o in others)), max(self.end, *(o.end for o in others)))
            if others
            else self
        )


@dataclass(frozen=True, slots=True)
class Statement:
    """One reading: a triple, the rule that read it, and the span of everything that the rule consumed.

    In an infobox row that is the value or the item of it; ``key_span`` is then the row's key. ``cites`` are
    the names of the references that its sentence, row or item cites, sorted.
    """

    subject: NamedNode
    predicate: NamedNode
    object: NamedNode | Literal
    rule: NamedNode
    span: Span
    modality: Modality = Modality.ASSERTED
    basis: Basis = Basis.STATED
    subject_span: Span | None = None
    object_span: Span | None = None
    antecedent_span: Span | None = None
    key_span: Span | None = None
    attributed_to: NamedNode | Literal | None = None
    cites: tuple[str, ...] = ()

    @property
    def triple(self) -> tuple[NamedNode, NamedNode, NamedNode | Literal]:
        """The triple without its circumstances."""
        return (self.subject, self.predicate, self.object)


def encode_name(name: str) -> str:
    """Turn a name into the last segment of an IRI.

    Beyond 200 characters of the encoded name it is the first of them (no ``%XX`` sequence of one character is
    cut), a hyphen and 16 hexadecimal digits of the SHA-256 of the whole encoded name. It is then longer than
    200, so that no other name comes out as the same.

    >>> encode_name("Ada Lund / 100%")
    'Ada_Lund_%2F_100%25'
    >>> len(encode_name("Ada Lund, " * 500))
    217
    """
    text = unicodedata.normalize("NFC", name).replace(" ", "_")
    pieces = [c if _is_ipchar(c) else quote(c, safe="", errors="surrogatepass") for c in text]
    encoded = "".join(pieces)
    if len(encoded) > LONGEST_NAME:
        return f"{_first(pieces)}-{hashlib.sha256(encoded.encode()).hexdigest()[:16]}"
    return "_" + encoded if encoded and not encoded.strip(".") else encoded


def _first(pieces: Sequence[str]) -> str:
    """As many whole pieces as there is room for."""
    ends = accumulate(map(len, pieces))
    return "".join(piece for piece, end in zip(pieces, ends, strict=False) if end <= LONGEST_NAME)


def _is_ipchar(char: str) -> bool:
    if char < "\x80":
        return char in _ASCII_KEPT
    if char in _BIDI_FORMATTING or char.isspace():  # rdflib reads no IRI with white space of any kind
        return False
    code = ord(char)
    if code < 0x10000:
        return any(low <= code <= high for low, high in _UCS_BELOW_10000)
    return code < 0xF0000 and code & 0xFFFF < 0xFFFE and not 0xE0000 <= code < 0xE1000


def check_base(base: str) -> None:
    """Refuse a base under which no IRI can be made, or not one that all readers take as it is.

    Raises:
        UsageError: it is not absolute, holds what no IRI holds, or ends in the middle of a name.
    """
    if len(base) > _LONGEST_BASE:
        raise UsageError(f"--base is longer than {_LONGEST_BASE} characters", hint="it stands in every IRI")
    try:
        NamedNode(f"{base}id/x")
    except ValueError as error:
        raise UsageError(f"--base {base!r} is no IRI: {error}") from error
    if "#" in base:
        raise UsageError(
            f"--base {base!r} holds #", hint="places and graphs are named by what stands after it"
        )
    if not base.endswith("/"):
        raise UsageError(f"--base {base!r} does not end in /", hint=f"write {base}/")
    if {".", ".."} & set(base.split("/")):
        raise UsageError(
            f"--base {base!r} has a step . or ..", hint="some readers take it out (RFC 3986 §5.2.4)"
        )


def article_iri(name: str, base: str = BASE) -> str:
    """Return the IRI of the article's document; ``name`` is its title."""
    return f"{base}article/{encode_name(name)}"


def shared_iri(name: str, base: str = BASE) -> str:
    """Return ``id:NAME``, for an article's subject, a see-also target or a gazetteer place."""
    return f"{base}id/{encode_name(name)}"


def local_iri(article: str, name: str, base: str = BASE) -> str:
    """Return ``id:ARTICLE/NAME``, for any other entity that the article names."""
    return f"{base}id/{encode_name(article)}/{encode_name(name)}"


def short_hash(parts: Iterable[str], digits: int = 16) -> str:
    """Return hex digits of SHA-256 over the parts, each preceded by its length so that no two lists collide
    by joining.
    """
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(str(len(data)).encode() + b":" + data)
    return digest.hexdigest()[:digits]


def place_of(statement: Statement) -> tuple[Span, str, str, str, str]:
    """Return what statements are sorted by: the text's order, then what they say."""
    terms = (statement.rule, statement.subject, statement.predicate, statement.object)
    rule, subject, predicate, value = map(str, terms)
    return statement.span, rule, subject, predicate, value


def name_statements(
    article: str, text: str, statements: Iterable[Statement]
) -> Iterator[tuple[str, Statement]]:
    """Yield each statement with its IRI ``article:NAME#statement-H``.

    ``article`` is the document's IRI. H covers no offsets, so edits elsewhere in the text keep it.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    for statement in statements:
        key = (
            article,
            str(statement.subject),
            str(statement.predicate),
            str(statement.object),
            statement.modality,
            str(statement.rule),
            statement.span.of(text),
        )
        ordinal = seen[key]
        seen[key] += 1
        yield f"{article}#statement-{short_hash((*key, str(ordinal)))}", statement
