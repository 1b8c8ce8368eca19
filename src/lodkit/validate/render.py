"""A report as text: place, message, source line with a caret, and what to do."""

from __future__ import annotations

import unicodedata
from textwrap import wrap
from typing import TYPE_CHECKING

from .report import MOST_RESULTS, Report, Result, ResultPlace, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

_COLUMNS = 80
_INDENT = "    "
_ROOM = _COLUMNS - len(_INDENT)
_TAB = 4
_MOST_PLACES = 3
_COLORS = {Severity.VIOLATION: "31", Severity.WARNING: "33", Severity.INFO: "36"}

_ADVICE = {
    "MinCount": "nothing read there gives it: say it in the article, or add a rule that reads it",
    "MaxCount": "keep one of these, or make the rule that reads the other more precise",
    "Datatype": "write the value so that it is of this type",
    "Class": "say what the value is, or name something of this kind",
    "NodeKind": "this slot takes another kind of value",
    "In": "use one of these words, or add yours to the list",
    "Pattern": "write the value so that it fits the pattern",
    "LanguageIn": "tag the value with one of these languages",
    "UniqueLang": "keep one value for each language",
    "MinLength": "write a longer value",
    "MaxLength": "write a shorter value",
    "Closed": "remove the property, or add it to the shape",
    "LessThan": "one of the two values is wrong, or they are not as precise as each other",
    "LessThanOrEquals": "one of the two values is wrong, or they are not as precise as each other",
    "Or": "the value fits none of what is allowed",
    "Xone": "exactly one of these must hold",
    "Not": "two things are said of it that exclude each other",
    "Disjoint": "the two properties must not share a value",
    "Statement": "build the data again from the article that they were read from",
    "SPARQL": "check the facts that the message names against the article",
}


def render(report: Report, *, color: bool = False) -> str:
    """Return a report as text that ends with one summary line."""
    blocks = ["\n".join(_block(report, result, color)) for result in report.results]
    return "\n".join([*blocks, *_summary(report)]) + "\n"


def _block(report: Report, result: Result, color: bool) -> Iterator[str]:
    place = result.places[0] if result.places else None
    severity = result.severity.value.lower()
    shown = f"\x1b[1;{_COLORS[result.severity]}m{severity}\x1b[0m" if color else severity
    yield (
        f"{_where(place, report) if place else clean(report.term(result.focus_node))}: {shown}:"
        f" {clean(result.message)}"
    )
    if place:
        yield from _quote(place, color)
    for other in result.places[1:_MOST_PLACES]:
        yield f"  also {_where(other, report)}: {cut(other.words, 40)}"
    more = len(result.places) + result.more_places - _MOST_PLACES
    if more > 0:
        yield f"  and {more} more place{'s' * (more > 1)}"
    for line in (_subject(report, result), *_rule(report, result)):
        yield from wrap(
            clean(line), _COLUMNS, initial_indent="  ", subsequent_indent=_INDENT, break_on_hyphens=False
        )


def _where(place: ResultPlace, report: Report) -> str:
    return f"{clean(report.name(place.file))}:{place.line}:{place.column}"


def _quote(place: ResultPlace, color: bool) -> Iterator[str]:
    if place.text is None:
        yield f'{_INDENT}"{cut(place.words, _ROOM - 2)}"'
        return
    line, carets = underline(place.text, place.indent, place.width, _ROOM)
    yield _INDENT + line
    yield _INDENT + (carets.replace("^", "\x1b[1;32m^", 1) + "\x1b[0m" if color else carets)


def _subject(report: Report, result: Result) -> str:
    terms = [report.term(result.focus_node)]
    if result.path:
        terms.append(report.name(result.path))
    if result.value is not None and (result.path or result.value != result.focus_node):
        terms.append(report.term(result.value))
    return (f"{result.label}: " if result.label else "") + " ".join(terms)


def _rule(report: Report, result: Result) -> Iterator[str]:
    short = report.name(result.component).rpartition(":")[2].removesuffix("ConstraintComponent")
    name = short.lower() if short.isupper() else short[:1].lower() + short[1:]
    allowed = " | ".join((*result.expected[:6], *("…" for _ in result.expected[6:7])))
    yield f"{report.name(result.source_shape)} ({name}{': ' * bool(allowed)}{allowed})"
    yield f"{_ADVICE.get(short, 'make the value fit, or change the shape')}"


def _summary(report: Report) -> Iterator[str]:
    if not report.focus_nodes:
        yield "does not conform: nothing was checked, because no shape has a target in this data"
        return
    if report.results and not report.located:
        yield (
            "There is no evidence in this data, so only the nodes are named; build with evidence to see where"
            " the text says it."
        )
    left_out = sum(report.left_out.values())
    if left_out:
        yield f"{left_out} more not shown: of one shape at one node, the first {MOST_RESULTS} are."
    counts = [
        f"{count} {severity.value.lower()}{'s' * (count > 1)}"
        for severity, count in report.counts.items()
        if count
    ]
    verdict = "conforms" if report.conforms else "does not conform"
    nodes = f"{report.focus_nodes} node{'s' * (report.focus_nodes > 1)} checked"
    yield f"{verdict}: {', '.join([*counts, nodes])}"


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
