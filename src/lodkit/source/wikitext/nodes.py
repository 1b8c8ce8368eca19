"""What wikitext is made of, each with its stretch of the file: ``start`` inclusive, ``end`` exclusive."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias


class Text(NamedTuple):
    """Characters that stand for themselves."""

    start: int
    end: int


class Entity(NamedTuple):
    """A character reference such as ``&nbsp;`` (HTML, §13.5)."""

    start: int
    end: int


class Mark(NamedTuple):
    """A sign without content.

    ``kind`` is quote (two or more apostrophes), break (a line end), bullet (a list's marks at a line's
    beginning), heading and heading-end (``level`` counts the signs), rule, cell (of a table), bar, stray (a
    bracket without its partner), broken (the beginning of a template that does not end), comment or magic.
    """

    kind: str
    start: int
    end: int
    level: int = 0


class Tag(NamedTuple):
    """One tag, not its element: ``name`` in lower case, ``form`` open, close or empty; what stands in the tag
    after its name is ``text[begin:until]``.
    """

    name: str
    form: str
    start: int
    end: int
    begin: int
    until: int


class Raw(NamedTuple):
    """An element whose content is not read where it stands, ``text[begin:until]``: a reference, nowiki,
    a formula.
    """

    tag: Tag
    start: int
    end: int
    begin: int
    until: int


class Argument(NamedTuple):
    """An argument of a template, or a piece of a link: ``name`` is what stands before its equals sign, if it
    has one, ``text[begin:end]`` the value.
    """

    name: str | None
    start: int
    begin: int
    end: int
    content: tuple[Node, ...]


class Call(NamedTuple):
    """``{{name|argument|key=argument}}``; ``name`` without surrounding blanks and underscores."""

    name: str
    start: int
    end: int
    arguments: tuple[Argument, ...]


class Parameter(NamedTuple):
    """``{{{name|default}}}``, which only templates have a value for."""

    start: int
    end: int
    arguments: tuple[Argument, ...]


class Bracket(NamedTuple):
    """``[[target|words]]`` with the letters that follow it up to ``end``; ``close`` is where its brackets
    end.
    """

    target: str
    start: int
    end: int
    close: int
    target_start: int
    pieces: tuple[Argument, ...]


class External(NamedTuple):
    """``[address words]``."""

    address: str
    start: int
    end: int
    content: tuple[Node, ...]


class Table(NamedTuple):
    """``{| … |}``, with everything in it in one row."""

    start: int
    end: int
    content: tuple[Node, ...]


Node: TypeAlias = Text | Entity | Mark | Tag | Raw | Call | Parameter | Bracket | External | Table
