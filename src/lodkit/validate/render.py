"""A report as text: place, message, source line with a caret, and what to do."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

from .groups import grouped
from .report import SH, Report, Result, ResultPlace, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .groups import Group

COLUMNS = 80
"""How wide a report is where nothing else is said."""

_INDENT = "    "
_TAB = 4
_MOST_PLACES = 3
_LEAST_WORDS = 10  # columns of words that are told even where the name of their file is long
_MOST_DETAILS = 3
_DEEPEST_DETAIL = 3
_MOST_NAMES = 10
_MOST_ALLOWED = 6
_COLORS = {Severity.VIOLATION: "31", Severity.WARNING: "33", Severity.INFO: "36"}

_ADVICE = {
    "minCount": "nothing read there gives it: say it in the article, or add a rule that reads it",
    "maxCount": "keep one of these, or make the rule that reads the other more precise",
    "datatype": "write the value so that it is of this type",
    "class": "say what the value is, or name something of this kind",
    "nodeKind": "this slot takes another kind of value",
    "in": "use one of these words, or add yours to the list",
    "pattern": "write the value so that it fits the pattern",
    "languageIn": "tag the value with one of these languages",
    "uniqueLang": "keep one value for each language",
    "minLength": "write a longer value",
    "maxLength": "write a shorter value",
    "closed": "remove the property, or add it to the shape",
    "lessThan": "one of the two values is wrong, or they are not as precise as each other",
    "lessThanOrEquals": "one of the two values is wrong, or they are not as precise as each other",
    "or": "the value fits none of what is allowed",
    "xone": "exactly one of these must hold",
    "not": "two things are said of it that exclude each other",
    "disjoint": "the two properties must not share a value",
    "statement": "build the data again from the article that they were read from",
    "sparql": "check the facts that the message names against the article",
}
_ADVICE_ON_DATA = {
    "minCount": "give the node a value of this property",
    "maxCount": "keep one of these values",
    "class": "say what the value is, or give one of this class",
    "statement": "make the data again from what they were made from",
    "sparql": "check the values that the message names",
}
"""Where no article is behind the data."""


@dataclass(frozen=True, slots=True)
class _Page:
    """How a report is laid out: its width in terminal columns, and whether it is coloured."""

    columns: int
    color: bool

    @property
    def room(self) -> int:
        """The columns of a line of the source."""
        return self.columns - len(_INDENT)

    def wrapped(self, text: str, indent: str = "") -> list[str]:
        """A text on as many lines as it takes."""
        return wrap(
            clean(text),
            self.columns,
            initial_indent=indent,
            subsequent_indent=_INDENT,
            break_on_hyphens=False,
        )


def render(report: Report, *, color: bool = False, columns: int = COLUMNS) -> str:
    """Return a report as text that ends with one summary line; what is quoted and explained fits into some
    terminal columns.
    """
    page = _Page(columns, color)
    groups = [line for group in grouped(report) for line in _group(report, group, page)]
    return "\n".join([*groups, *_summary(report, page)]) + "\n"


def _group(report: Report, group: Group, page: _Page) -> Iterator[str]:
    """The results of a shape, and how many they are where there is more than one."""
    for result in group.results:
        yield from _block(report, result, page)
    total = sum(group.counts.values())
    if total > 1:
        left_out = total - len(group.results)
        more = f", {left_out} of them not shown" if left_out else ""
        yield clean(f"{report.name(group.shape)}: {total} results{more}")


def _block(report: Report, result: Result, page: _Page) -> Iterator[str]:
    place = result.places[0] if result.places else None
    severity = result.severity.value.lower()
    shown = f"\x1b[1;{_COLORS[result.severity]}m{severity}\x1b[0m" if page.color else severity
    yield (
        f"{_where(place, report) if place else clean(report.term(result.focus_node))}: {shown}:"
        f" {clean(result.message)}"
    )
    if place:
        yield from _quote(place, page)
    for other in result.places[1:_MOST_PLACES]:
        beginning = f"  also {_where(other, report)}: "
        yield beginning + cut(other.words, max(_LEAST_WORDS, min(40, page.columns - len(beginning))))
    more = len(result.places) + result.more_places - _MOST_PLACES
    if more > 0:
        yield f"  and {more} more place{'s' * (more > 1)}"
    lines = (_subject(report, result), *_origin(report, result), *_details(report, result))
    for line in (*lines, *_rule(report, result)):
        yield from page.wrapped(line, "  ")


def _where(place: ResultPlace, report: Report) -> str:
    return f"{clean(report.name(place.file))}:{place.line}:{place.column}"


def _quote(place: ResultPlace, page: _Page) -> Iterator[str]:
    if place.text is None:
        yield f'{_INDENT}"{cut(place.words, page.room - 2)}"'
        return
    line, carets = underline(place.text, place.indent, place.width, page.room)
    yield _INDENT + line
    yield _INDENT + (carets.replace("^", "\x1b[1;32m^", 1) + "\x1b[0m" if page.color else carets)


def _subject(report: Report, result: Result) -> str:
    terms = [report.term(result.focus_node)]
    if result.path:
        terms.append(report.name(result.path))
    if result.value is not None and (result.path or result.value != result.focus_node):
        terms.append(report.term(result.value))
    return (f"{result.label}: " if result.label else "") + " ".join(terms)


def _origin(report: Report, result: Result) -> Iterator[str]:
    """The triple that made the focus node one."""
    if result.made_by is not None:
        subject, predicate, value = result.made_by.subject, result.made_by.predicate, result.made_by.object
        yield f"looked at because of {' '.join(map(report.term, (subject, predicate, value)))}"


def _details(report: Report, result: Result, depth: int = 0) -> Iterator[str]:
    """What the shapes say that were asked, and those that they asked."""
    details = told_details(report, result)
    for detail in details[:_MOST_DETAILS]:
        message = detail.message.rstrip(".")
        yield f"because {_subject(report, detail)}: {message} ({_component(report, detail)})"
        if depth < _DEEPEST_DETAIL:
            yield from _details(report, detail, depth + 1)
    more = max(0, len(details) - _MOST_DETAILS) + untold_details(report, result)
    if more > 0:
        yield f"and {more} more reason{'s' * (more > 1)}"


def told_details(report: Report, result: Result) -> list[Result]:
    """Return the results within a result that people are told: of the choices of a value, what is allowed
    says it in fewer words.
    """
    of_choice = _is_of_choice(report, result)
    return [one for one in result.details if not of_choice or one.path not in (None, result.path)]


def untold_details(report: Report, result: Result) -> int:
    """Return how many results within a result are not given, of those that people are told."""
    return 0 if _is_of_choice(report, result) else result.more_details


def _is_of_choice(report: Report, result: Result) -> bool:
    return _component(report, result) in ("or", "xone")


def _component(report: Report, result: Result) -> str:
    name = report.name(result.component.removeprefix(SH))
    short = name.rpartition(":")[2].removesuffix("ConstraintComponent")
    return short.lower() if short.isupper() else short[:1].lower() + short[1:]


def _rule(report: Report, result: Result) -> Iterator[str]:
    name = _component(report, result)
    words = allowed(result)
    yield f"{report.name(result.source_shape)} ({name}{': ' * bool(words)}{words})"
    yield advice(report, result)


def allowed(result: Result) -> str:
    """Return what the constraint of a result allows, of much the beginning."""
    shown = result.expected[:_MOST_ALLOWED]
    more = len(result.expected) - len(shown) + result.more_expected
    return " | ".join((*shown, *([f"… ({more} more)"] if more else [])))


def advice(report: Report, result: Result) -> str:
    """Return what can be done about a result."""
    name = _component(report, result)
    known = _ADVICE if report.of_article else _ADVICE | _ADVICE_ON_DATA
    return known.get(name, "make the value fit, or change the shape")


def _summary(report: Report, page: _Page) -> Iterator[str]:
    yield from _missed(report, page)
    if not report.focus_nodes:
        yield "nothing was checked, because no shape has a target in this data"
        return
    if report.results and not report.located and report.of_article:
        yield from page.wrapped(
            "There is no evidence in this data, so only the nodes are named; build with evidence to see where"
            " the text says it."
        )
    left_out = sum(report.left_out.values())
    if left_out:
        yield f"{left_out} more not shown: of each shape, the first ones are."
    counts = [
        f"{count} {severity.value.lower()}{'s' * (count > 1)}"
        for severity, count in report.counts.items()
        if count
    ]
    verdict = "conforms" if report.conforms else "does not conform"
    nodes = f"{_count(report.focus_nodes, 'node')} checked"
    yield f"{verdict}: {', '.join([*counts, nodes])}"


def _missed(report: Report, page: _Page) -> Iterator[str]:
    """How shapes fared, of foreign data, and what they did not look at; shapes without focus nodes only where
    this may be the reason.
    """
    severity = "error" if report.is_strict else "info"
    for one in report.shapes if not report.of_article else ():
        if one.targets:
            counts = f"{_count(one.targets, 'target')}, {one.passed} passed, {one.failed} failed"
            yield clean(f"{report.name(one.shape)}: {counts}")
    properties = [
        f"{report.name(one.predicate)} of {_count(one.nodes, 'node')} such as {report.term(one.example)}"
        for one in report.unknown
    ]
    if report.uncovered:
        names = list(map(report.term, report.uncovered))
        yield from page.wrapped(
            f"{severity}: {_count(len(names), 'node')} that no shape looked at: {_some(names)}"
        )
    if properties:
        count = _count(len(properties), "property")
        yield from page.wrapped(f"{severity}: {count} that no shape knows: {_some(properties)}")
    if report.idle and (report.uncovered or properties or not report.of_article):
        idle = list(map(report.name, report.idle))
        # Of many, as a whole vocabulary has, a few names tell nothing.
        names_of = f": {_some(idle)}" if len(idle) <= _MOST_NAMES else " (--format json lists them)"
        yield from page.wrapped(f"info: {_count(len(idle), 'shape')} found no node{names_of}")


def _count(count: int, noun: str) -> str:
    many = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{count} {noun if count == 1 else many}"


def _some(names: list[str]) -> str:
    more = f", and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more


def underline(text: str, column: int, width: int, room: int) -> tuple[str, str]:
    """Return a line and carets under ``width`` code points from ``column`` (from 0), both cut to ``room``
    terminal columns.

    >>> underline("born in 東京, Norland", 8, 2, 40)
    ('born in 東京, Norland', '        ^^^^')
    """
    cells = [_cell(char) for char in text]
    widths = [_width(cell) for cell in cells]
    first, last = column, max(column + 1, min(column + width, len(cells)))
    start, end = _window(widths, first, last, room)
    before, after = "…" * (start > 0), "…" * (end < len(cells))
    shown = before + "".join(cells[start:end]) + after
    indent = len(before) + sum(widths[start:first])
    return shown.rstrip(), " " * indent + "^" * max(1, sum(widths[first : min(last, end)]))


def _window(widths: list[int], first: int, last: int, room: int) -> tuple[int, int]:
    """Choose which code points to show: all if they fit, else around the first caret, with room for an
    ellipsis on either side.
    """
    if sum(widths) <= room:
        return 0, len(widths)
    marked = sum(widths[first:last])
    start, left = first, max(8, (room - 2 - marked) // 2)
    while start > 0 and sum(widths[start - 1 : first]) <= left:
        start -= 1
    end, used = start, 0
    while end < len(widths) and used + widths[end] <= room - 2:
        used += widths[end]
        end += 1
    return start, end


def _cell(char: str) -> str:
    """What is shown for a code point: tabs as blanks, no control or formatting characters, which could move
    what follows.
    """
    if char == "\t":
        return " " * _TAB
    category = unicodedata.category(char)
    return "\ufffd" if category in ("Cc", "Cs") else "" if category in ("Cf", "Zl", "Zp") else char


def _width(cell: str) -> int:
    """The terminal columns of what is shown (Unicode Standard Annex 11)."""
    if len(cell) != 1:
        return len(cell)
    if unicodedata.category(cell) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(cell) in "WF" else 1


def clean(text: str) -> str:
    """Return a text on one line without control and formatting characters."""
    return " ".join("".join(map(_cell, text.replace("\n", " ").replace("\r", " "))).split(" "))


def cut(text: str, room: int) -> str:
    """Return a text on one line, with … for what does not fit into ``room`` terminal columns."""
    line = clean(text)
    if sum(map(_width, line)) <= room:
        return line
    used = 0
    for position, char in enumerate(line):
        used += _width(char)
        if used > room - 1:
            return line[:position] + "…"
    return line


def headed(text: str, name: str | None) -> str:
    """Return a report's text with the name of its file before the summary, which is the last line."""
    before, newline, last = text.rstrip("\n").rpartition("\n")
    return text if name is None else f"{before}{newline}{clean(name)}: {last}\n"
