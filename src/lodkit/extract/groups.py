"""Rows of one number that tell of one node: a club with its years, an office with its term."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ..domain import OWN_KEY, PERIOD, Domain, FieldRule, GroupRow, PropertyShape, RowGroup, StateRule
from ..statement import Span
from .cell_values import ValueReader
from .circumstances import date_in, ends_of, share_in
from .context import Context, Reading
from .findings import Findings
from .outcomes import Outcome
from .parts import Cell
from .states import Held, Stated, StateMaker
from .values import Part


@dataclass(frozen=True, slots=True)
class Member:
    """A row of a group: the group, what the row tells, and its number."""

    group: RowGroup
    row: GroupRow
    number: str


class GroupReader:
    """Reads rows in groups, once for each number."""

    def __init__(self, context: Context, cells: list[Cell], findings: Findings, states: StateMaker) -> None:
        self.context = context
        self.findings = findings
        self.states = states
        self.values = ValueReader(context)
        self.by_key: dict[str, Cell] = {}
        for cell in cells:
            self.by_key.setdefault(_folded(cell.key.of(context.text)), cell)

    def members(self, cell: Cell) -> list[Member]:
        """Return what a row may be in the groups of the domain."""
        key = _folded(cell.key.of(self.context.text))
        return [
            Member(group, row, match["number"])
            for group, row, pattern in _patterns(self.context.domain)
            if (match := pattern.fullmatch(key))
        ]

    def title_of(self, cell: Cell) -> Span | None:
        """Return the value of the row that titles a cell, which is the first of its group; None without
        one.
        """
        for member in self.members(cell):
            if member.row is member.group.rows[0]:
                for row in member.group.rows[1:]:
                    title = self._row(row, member.number)
                    if title is not None:
                        return title.value
        return None

    def key_of(self, cell: Cell) -> Span:
        """Return the words that a cell is read under: its key, or the value of the row that names it."""
        for member in self.members(cell):
            for row in member.group.rows[1:] if member.row is member.group.rows[0] else ():
                named = self._row(row, member.number) if row.slot == OWN_KEY else None
                if named is not None:
                    return named.value
        return cell.key

    def _row(self, row: GroupRow, number: str) -> Cell | None:
        found = (self.by_key.get(_folded(key.replace("#", number))) for key in row.keys)
        return next((cell for cell in found if cell is not None and cell.value.start < cell.value.end), None)

    def read(self, cell: Cell) -> tuple[Outcome, str] | None:
        """Read a row as one of a group; return what it comes to, or None where it is in none that fits."""
        for member in self.members(cell):
            first = member.group.rows[0]
            if member.row is first and first.fills is not None and self._fits(first.fills):
                self._make(member, cell)
                return Outcome.FACTS, ""
            if member.row is first or not (first.fills is None or self._fits(first.fills)):
                continue
            head = self._row(first, member.number)
            if head is not None:
                return Outcome.USED, f"read with {head.key.of(self.context.text)!r}"
        return None

    def lacking(self, cell: Cell) -> str:
        """Return the key of the row that a row belongs to where the article has none such; else nothing."""
        wanted = (
            member.group.rows[0].keys[0].replace("#", member.number)
            for member in self.members(cell)
            if member.row is not member.group.rows[0]
            and self._row(member.group.rows[0], member.number) is None
        )
        return next(wanted, "")

    def _fits(self, fills: str) -> bool:
        """Tell whether the property that the first row gives is one of the subject's class."""
        domain = self.context.domain
        target = domain.node_shapes[domain.property_shapes[fills].node_shape].target
        return any(domain.is_a(cls, target) for cls in self.context.nodes.subject.types)

    def _make(self, member: Member, cell: Cell) -> None:
        """Make the node of a number: what its first row names, and what the other rows tell of it."""
        context, subject = self.context, self.context.nodes.subject
        state = next(rule for rule in context.domain.states if rule.iri == member.group.state)
        shape = context.domain.property_shapes[member.row.fills or ""]
        rule = FieldRule(member.group.iri, shape.iri, ())
        value, problem = self.values.read(shape, rule, Part(cell.value))
        if value is None:
            self.findings.reject(rule, shape, subject, cell.value, problem)
            return
        told = [one for row in member.group.rows[1:] for one in self._told(state, row, member.number)]
        if not any(part == "end" for part, _, _ in told):
            where = cell.value
            self.findings.keep(rule, Reading(subject, shape, value, rule.iri, where, value_span=where))
        stated = Stated(subject, shape, value, rule.iri, cell.value)
        node = self.states.make(
            state, stated, {member.row.slot: value}, cell.value.of(context.text), cell.value
        )
        for part, held, where in told:
            self.states.tell(node, state, part, held, where)

    def _told(self, state: StateRule, row: GroupRow, number: str) -> Iterator[tuple[str, Held, Span]]:
        """What the row of a number tells: the part of the node, its value and its place."""
        cell = self._row(row, number)
        if cell is None:
            return
        if row.slot == PERIOD:
            date = date_in(self.context, cell.value)
            start, end = ends_of(date) if date else (None, None)
            times = {"start": start, "end": end, "at": date if not (start or end) else None}
            yield from ((part, time, cell.value) for part, time in times.items() if time is not None)
            return
        shape = state.slots.get(row.slot)
        value = self._value(row.slot, shape, cell) if shape else None
        if value is not None:
            yield row.slot, value, cell.value
        else:
            self.findings.skip(cell.value, "not what its row tells of others", "value")

    def _value(self, slot: str, shape: PropertyShape, cell: Cell) -> Held | None:
        if slot == "share":
            return share_in(self.context, cell.value)
        if shape.kind == "date":
            return date_in(self.context, cell.value)
        rule = FieldRule(shape.iri, shape.iri, ())
        return self.values.read(shape, rule, Part(cell.value))[0]


@lru_cache(maxsize=8)
def _patterns(domain: Domain) -> list[tuple[RowGroup, GroupRow, re.Pattern[str]]]:
    """The keys of the rows of all groups."""
    return [
        (group, row, re.compile(_numbered(key)))
        for group in domain.groups
        for row in group.rows
        for key in row.keys
    ]


def _folded(key: str) -> str:
    return " ".join(key.replace("_", " ").lower().split())


def _numbered(pattern: str) -> str:
    before, _, after = _folded(pattern).partition("#")
    return rf"{re.escape(before)} ?(?P<number>[0-9]{{0,3}}){re.escape(after)}"
