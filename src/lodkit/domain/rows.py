"""Frozen values as lines of JSON that are read when they are asked for; nothing of it is ever run.

A line is a value: what JSON has no word for is a list that starts with a number, one of the tags below or
that of a dataclass, whose fields follow. A value that several others hold is a line of its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import StrEnum
from typing import Any, TypeVar, overload

from pyoxigraph import BlankNode, Literal, NamedNode

from .graph import XSD

V = TypeVar("V")
T = TypeVar("T")

_TUPLE, _SET, _MAPPING, _LIST, _ROW, _ROWS, _IRI, _BLANK, _TEXT, _TAGGED, _TYPED, _CHOICE, _FIRST = range(13)

_MANY = 16
"""A mapping or tuple with more members than that is read member by member."""


class NoRowError(ValueError):
    """A value of a kind that no row is made of."""


class RowMapping(Mapping[str, V]):
    """A mapping whose values are made when they are asked for."""

    __slots__ = ("_made", "_make", "_stored")

    def __init__(self, stored: Mapping[str, T], make: Callable[[T], V]) -> None:
        """Take what is stored of each value, and what makes the value of it."""
        self._stored = stored
        self._make: Callable[[Any], V] = make
        self._made: dict[str, V] = {}

    def __getitem__(self, key: str) -> V:
        """Return a value, the same each time."""
        if key not in self._made:
            self._made[key] = self._make(self._stored[key])
        return self._made[key]

    @overload
    def get(self, key: str, /) -> V | None: ...
    @overload
    def get(self, key: str, /, default: V | T) -> V | T: ...
    def get(self, key: str, /, default: Any = None) -> Any:
        """Return a value, or the default."""
        return self[key] if key in self._stored else default

    def __contains__(self, key: object) -> bool:
        """Tell whether there is such a key."""
        return key in self._stored

    def __iter__(self) -> Iterator[str]:
        """Go through the keys."""
        return iter(self._stored)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._stored)


class RowSequence(Sequence[V]):
    """A tuple whose members are made when they are asked for."""

    __slots__ = ("_make", "_stored")

    def __init__(self, stored: Sequence[int], make: Callable[[int], V]) -> None:
        """Take the numbers of rows, and what makes a value of one, the same each time."""
        self._stored = stored
        self._make = make

    @overload
    def __getitem__(self, at: int) -> V: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[V]: ...
    def __getitem__(self, at: int | slice) -> V | Sequence[V]:
        """Return a member, or some of them."""
        if isinstance(at, slice):
            return RowSequence(self._stored[at], self._make)
        return self._make(self._stored[at])

    def __iter__(self) -> Iterator[V]:
        """Go through the members."""
        return map(self._make, self._stored)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._stored)

    def __eq__(self, other: object) -> bool:
        """Compare it as the tuple of its members."""
        return isinstance(other, tuple | RowSequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        """Return what the tuple of its members has."""
        return hash(tuple(self))


class RowWriter:
    """Makes rows of values; ``kinds`` are the dataclasses among them, ``shared`` those that are rows of
    their own wherever they stand.
    """

    def __init__(self, kinds: Sequence[type], shared: frozenset[type]) -> None:
        self._shared = shared
        self._tags = {kind: number for number, kind in enumerate(kinds, _FIRST)}
        self._names: dict[type, list[str]] = {
            kind: [field.name for field in fields(kind) if field.init] for kind in kinds if is_dataclass(kind)
        }
        self._rows: list[str] = []
        self._known: dict[int, tuple[object, int]] = {}  # the objects are kept, so that no other has their id

    def add(self, value: object) -> int:
        """Add a value as a row of its own, and return its number.

        Raises:
            NoRowError: there is no row of such a value.
        """
        known = self._known.get(id(value))
        if known is None:
            row = _line(self._coded(value, inline=True))
            self._rows.append(row)
            known = self._known[id(value)] = (value, len(self._rows) - 1)
        return known[1]

    def data(self) -> bytes:
        """Return the rows, one a line; the one that was added last is the last."""
        return "\n".join(self._rows).encode()

    def _coded(self, value: object, *, inline: bool = False) -> object:
        if value is None or type(value) in (str, int, bool):
            return value
        if isinstance(value, NamedNode | BlankNode | Literal):
            return _term(value)
        if isinstance(value, Mapping):
            return self._mapping(value)
        if isinstance(value, tuple | list | frozenset):
            return self._collection(value)
        if isinstance(value, StrEnum):
            return [_CHOICE, self._tag(type(value)), value.value]
        tag = self._tag(type(value))
        if not inline and type(value) in self._shared:
            return [_ROW, self.add(value)]
        return [tag, *(self._coded(getattr(value, name)) for name in self._names[type(value)])]

    def _tag(self, kind: type) -> int:
        if kind not in self._tags:
            raise NoRowError(kind.__name__)
        return self._tags[kind]

    def _mapping(self, value: Mapping[str, object]) -> object:
        if len(value) > _MANY and not all(isinstance(member, str) for member in value.values()):
            return [_ROWS, {key: self.add(member) for key, member in value.items()}]
        return [_MAPPING, {key: self._coded(member) for key, member in value.items()}]

    def _collection(self, value: tuple[object, ...] | list[object] | frozenset[object]) -> object:
        if isinstance(value, list):
            return [_LIST, *map(self._coded, value)]
        if isinstance(value, frozenset):
            return [_SET, *map(self._coded, sorted(value, key=str))]
        if len(value) > _MANY and type(value[0]) in self._tags:
            return [_ROWS, [self.add(member) for member in value]]
        return [_TUPLE, *map(self._coded, value)]


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _term(term: NamedNode | BlankNode | Literal) -> object:
    if isinstance(term, NamedNode):
        return [_IRI, term.value]
    if isinstance(term, BlankNode):
        return [_BLANK, term.value]
    if term.direction is not None:
        raise NoRowError("a text with a direction")
    if term.language is not None:
        return [_TAGGED, term.value, term.language]
    if term.datatype.value == XSD + "string":
        return [_TEXT, term.value]
    return [_TYPED, term.value, term.datatype.value]


class RowReader:
    """Makes values of rows; ``kinds`` are those of the writer, in the same order."""

    def __init__(self, data: bytes, kinds: Sequence[type]) -> None:
        self._rows = data.split(b"\n")
        self._made: dict[int, Any] = {}
        self._kinds = kinds
        self._makers: list[Callable[[list[Any]], Any]] = [
            self._tuple,
            lambda coded: frozenset(self._values(coded)),
            lambda coded: dict(zip(coded[1], self._values([0, *coded[1].values()]), strict=True)),
            lambda coded: list(self._values(coded)),
            lambda coded: self.row(coded[1]),
            self._by_rows,
            lambda coded: NamedNode(coded[1]),
            lambda coded: BlankNode(coded[1]),
            lambda coded: Literal(coded[1]),
            lambda coded: Literal(coded[1], language=coded[2]),
            lambda coded: Literal(coded[1], datatype=NamedNode(coded[2])),
            lambda coded: self._kinds[coded[1] - _FIRST](coded[2]),
        ]

    def last(self) -> Any:
        """Return the value of the last row."""
        return self.row(len(self._rows) - 1)

    def row(self, number: int) -> Any:
        """Return the value of a row, the same each time."""
        made = self._made.get(number)
        if made is None:
            made = self._made[number] = self._value(json.loads(self._rows[number].decode()))
        return made

    def _value(self, coded: Any) -> Any:
        if type(coded) is not list:
            return coded
        tag = coded[0]
        if tag < _FIRST:
            return self._makers[tag](coded)
        return self._kinds[tag - _FIRST](*self._values(coded))

    def _values(self, coded: list[Any]) -> Iterator[Any]:
        """The values of what follows a tag."""
        members = iter(coded)
        next(members)
        value = self._value
        return (value(member) if type(member) is list else member for member in members)

    def _tuple(self, coded: list[Any]) -> tuple[Any, ...]:
        return tuple(self._values(coded)) if len(coded) > 1 else ()

    def _by_rows(self, coded: list[Any]) -> RowMapping[Any] | RowSequence[Any]:
        numbers = coded[1]
        return RowMapping(numbers, self.row) if isinstance(numbers, dict) else RowSequence(numbers, self.row)
