"""What a template leaves of itself: words, items, a value, a reference, or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from ...statement import Span
from ..article import Coordinates
from ..cells import Value
from . import asides
from .dates import Moment, date_words, read_moment
from .nodes import Argument, Call, Mark, Node
from .references import citation_of, cite, named, nested

if TYPE_CHECKING:
    from ...domain.wikitext import Call as CallRule
    from .inline import Writer

XSD = "http://www.w3.org/2001/XMLSchema#"
_PLACE = re.compile(r"\{([^{}]+)\}")
_NUMBER = re.compile(r"[-+−]?[0-9][0-9,]*(?:\.[0-9]+)?")
_HALVES = {"n": 1, "s": -1, "e": 1, "w": -1}
_NOWHERE = Span(0, 0)


class Given:
    """What a template is given: its arguments by position from 1 and by name, and the star of its name."""

    def __init__(self, writer: Writer, node: Call, rule: CallRule, star: str) -> None:
        self.writer, self.node, self.rule, self.star = writer, node, rule, star
        self.by_name: dict[str, Argument] = {}
        position = 0
        for one in node.arguments:
            position += one.name is None
            self.by_name[str(position) if one.name is None else one.name] = one
        for number, name in enumerate(rule.arguments, 1):
            if str(number) in self.by_name:
                self.by_name.setdefault(name, self.by_name[str(number)])

    def positional(self) -> list[Argument]:
        """Return the arguments without a name, in order."""
        return [one for one in self.node.arguments if one.name is None or one.name.isdecimal()]

    def content(self, name: str) -> tuple[Node, ...]:
        """Return the nodes of an argument; none where it is not given."""
        one = self.by_name.get(name)
        return one.content if one else ()

    def plain(self, name: str) -> str:
        """Return the words of an argument, empty where it is not given."""
        if name == "*":
            return self.star
        return self.writer.plain(self.content(name))

    def words(self, name: str) -> str:
        """Return the words of an argument, by the name of a language where it is a tag."""
        words = self.plain(name)
        return self.writer.rules.languages.get(words.lower(), words) if name in ("*", "language") else words

    def write(self, patterns: tuple[str, ...] = ("{1}",)) -> None:
        """Write by the first of the patterns whose arguments are all given."""
        for pattern in patterns:
            names = [part for number, part in enumerate(_pieces(pattern)) if number % 2]
            if all(self.plain(name) for name in names):
                self._write(pattern)
                return

    def _write(self, pattern: str) -> None:
        """Write a pattern; its own words are of the whole template, its signs stand beside the arguments."""
        writer, pieces = self.writer, _pieces(pattern)
        whole = self.node.start, self.node.end
        given = [one for name in pieces[1::2] if (one := self.by_name.get(name)) is not None]
        beside = (given[0].begin, given[0].begin) if given else whole
        for number, part in enumerate(pieces):
            argument = self.by_name.get(part) if number % 2 else None
            if argument is not None and part not in ("*", "language"):
                writer.write(_trimmed(argument.content))
                beside = (argument.end, argument.end)
            else:
                words = self.words(part) if number % 2 else part
                writer.sheet.put(words, *(whole if any(map(str.isalnum, words)) else beside))


@cache
def _pieces(pattern: str) -> list[str]:
    """The words of a pattern, and between them the names of arguments."""
    return _PLACE.split(pattern)


def _trimmed(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """Nodes without line ends before and after them."""
    first, last = 0, len(nodes)
    while first < last and _is_break(nodes[first]):
        first += 1
    while last > first and _is_break(nodes[last - 1]):
        last -= 1
    return nodes[first:last]


def _is_break(node: Node) -> bool:
    return isinstance(node, Mark) and node.kind in ("break", "comment")


def write_call(writer: Writer, node: Call) -> None:
    """Write what a template leaves; one of unknown meaning leaves nothing, and is counted by its name."""
    rule, star = writer.rules.call(node.name)
    if rule is None:
        if not writer.rules.is_box(node.name):
            writer.found.leave_out("template", node.name, node.start)
        return
    _ACTS[rule.reads](writer, Given(writer, node, rule, star))


def _words(writer: Writer, given: Given) -> None:
    given.write(given.rule.writes or ("{1}",))


def _items(writer: Writer, given: Given) -> None:
    node = given.node
    for one in given.positional():
        writer.separate(one.start, one.start)
        writer.write(_trimmed(one.content))
    writer.separate(node.end, node.end)


def _link(writer: Writer, given: Given) -> None:
    start = writer.sheet.settle()
    _words(writer, given)
    pattern = given.rule.links or "{1}"
    parts = (given.plain(part) if number % 2 else part for number, part in enumerate(_pieces(pattern)))
    writer.linked(start, " ".join("".join(parts).replace("_", " ").split()))


def _country(writer: Writer, given: Given) -> None:
    """A name as it is written, or by a code; the code itself is not shown."""
    code = given.star or given.plain("1")
    name = writer.rules.codes.get(code)
    if name is None:
        _link(writer, given)
        return
    start = writer.sheet.settle()
    if given.plain("name"):
        given.write(given.rule.writes)
    else:
        writer.sheet.put(name, given.node.start, given.node.end)
    writer.linked(start, name)


def _language(writer: Writer, given: Given) -> None:
    tag = given.star or given.plain("language")
    patterns = given.rule.writes or ("{1}",)
    if writer.row is not None:  # the item knows its language, whose name is no part of the value
        patterns = tuple(pattern[pattern.rfind("{") :].rstrip() for pattern in patterns)
    given.write(patterns)
    if writer.row is not None and tag:
        writer.row.language = tag


def _qualifier(writer: Writer, given: Given) -> None:
    start = writer.sheet.settle()
    _words(writer, given)
    if writer.row is not None:
        writer.row.qualify(writer.sheet, start)


def _address(writer: Writer, given: Given) -> None:
    words = given.plain("1")
    if words:
        writer.address(words, given.node.start, given.node.end)


def _note(writer: Writer, given: Given) -> None:
    """A note is no reference to a work, but may hold some."""
    content = given.content("1")
    note = citation_of(writer, given.node, content, given.plain("name") or None)
    cite(writer, replace(note, is_note=True))
    for one in nested(writer, content):
        cite(writer, one)


def _citation(writer: Writer, given: Given) -> None:
    """A reference that stands in the text: in a list of literature, or as a short form of one."""
    cite(writer, citation_of(writer, given.node, (given.node,), None))


def _named(writer: Writer, given: Given) -> None:
    for one in given.positional():
        cite(writer, named(writer.plain(one.content), given.node))


def _references(writer: Writer, given: Given) -> None:
    """Where references are shown, some may be defined."""
    writer.found.defined += nested(writer, given.content("refs"))


def _say(writer: Writer, start: int, value: Value) -> None:
    """Say the value of what was written since an offset; its span becomes that."""
    words = writer.sheet.tail(start)
    plain = words.strip()
    if plain and value.lexical and writer.row is not None:
        begin = start + words.index(plain)
        writer.row.add(replace(value, span=Span(begin, begin + len(plain))))


def _date(writer: Writer, given: Given) -> None:
    node = given.node
    moment = _moment(given, "")
    start = writer.sheet.settle()
    if moment is None:
        writer.write(_trimmed(given.content("1")))
        return
    words = date_words(moment, writer.rules.months, day_first=_is_day_first(given))
    pattern = given.rule.writes[0] if given.rule.writes else "{date}"
    before, _, after = pattern.partition("{date}")
    writer.sheet.put(f"{before}{words}{after}", node.start, node.end)
    _say(writer, start, Value(_NOWHERE, "date", moment.lexical, XSD + moment.datatype))


def _dates(writer: Writer, given: Given) -> None:
    """A period, as two dates with a dash between them."""
    node = given.node
    ends = [moment for side in ("", "until-") if (moment := _moment(given, side)) is not None]
    day_first = _is_day_first(given)
    words = [date_words(one, writer.rules.months, day_first=day_first) for one in ends]
    start = writer.sheet.settle()
    writer.sheet.put(" – ".join(words), node.start, node.end)
    if len(ends) == 1:
        _say(writer, start, Value(_NOWHERE, "date", ends[0].lexical, XSD + ends[0].datatype))


def _moment(given: Given, side: str) -> Moment | None:
    parts = [given.plain(f"{side}{part}") for part in ("year", "month", "day")]
    return read_moment(*parts, months=given.writer.rules.months)


def _is_day_first(given: Given) -> bool:
    return given.plain("df").lower() not in ("", "n", "no") or given.plain("mf").lower() in ("n", "no")


def _quantity(writer: Writer, given: Given) -> None:
    start = writer.sheet.settle()
    given.write(given.rule.writes or ("{amount} {unit}", "{amount}"))
    number = _NUMBER.fullmatch(given.plain("amount"))
    if number is not None:
        unit = given.plain("unit") or None
        _say(writer, start, Value(_NOWHERE, "quantity", _plain_number(number.group()), XSD + "decimal", unit))


def _number(writer: Writer, given: Given) -> None:
    start = writer.sheet.settle()
    given.write(given.rule.writes or ("{1}", "{*}"))
    number = _NUMBER.fullmatch(given.plain("1") or given.star)
    if number is not None:
        _say(writer, start, Value(_NOWHERE, "number", _plain_number(number.group()), XSD + "decimal"))


def _plain_number(words: str) -> str:
    return words.replace(",", "").replace("−", "-")


def _ratio(writer: Writer, given: Given) -> None:
    start = writer.sheet.settle()
    given.write(given.rule.writes or ("{1} / {2}", "{1}"))
    if given.plain("1").isdecimal() and given.plain("2").isdecimal():
        _say(writer, start, Value(_NOWHERE, "ratio", f"{given.plain('1')}/{given.plain('2')}", ""))


def _coordinates(writer: Writer, given: Given) -> None:
    """Degrees, minutes and seconds with their halves, or two decimal numbers of degrees."""
    axes: list[list[float]] = [[]]
    signs: list[int] = []
    for one in given.positional():
        words = writer.plain(one.content).lower().replace("−", "-")
        if words in _HALVES:
            signs.append(_HALVES[words])
            axes.append([])
        elif re.fullmatch(r"-?[0-9]{1,3}(?:\.[0-9]{1,20})?", words):
            axes[-1].append(float(words))
    degrees = axes[0][:2] if not signs else [_degrees(axis) for axis in axes[:2]]
    if (len(degrees) == 2 and not signs) or len(signs) == 2:
        latitude, longitude = (d * s for d, s in zip(degrees, signs or (1, 1), strict=True))
        if abs(latitude) <= 90 and abs(longitude) <= 180:
            at = Span(writer.sheet.length, writer.sheet.length)
            place = Coordinates(round(latitude, 6), round(longitude, 6), at)
            writer.found.coordinates.append(place)
            _locate(writer, given, place)


def _locate(writer: Writer, given: Given, place: Coordinates) -> None:
    """Say where what the page is about is: in an infobox, or beside the title."""
    node, shown = given.node, given.plain("display").lower()
    is_of_page = writer.row is not None or shown == "t" or "title" in f"{shown} {node.name.lower()}"
    if is_of_page and all(one.kind != "coordinates" for one in writer.found.asides):
        axes = (f"{axis:.6f}".rstrip("0").rstrip(".") for axis in (place.latitude, place.longitude))
        writer.found.asides.append(asides.Found("coordinates", "", ", ".join(axes), node.start, node.end))


def _identifiers(writer: Writer, given: Given) -> None:
    found = (asides.identifier(writer, one) for one in given.node.arguments if one.name)
    writer.found.asides += filter(None, found)


def _degrees(parts: list[float]) -> float:
    return sum(part / scale for scale, part in zip((1, 60, 3600), parts, strict=False))


def _nothing(_writer: Writer, _given: Given) -> None:
    """Leave nothing: it is of no meaning for what the article says."""


_ACTS: dict[str, Callable[[Writer, Given], None]] = {
    "items": _items,
    "words": _words,
    "link": _link,
    "country": _country,
    "language": _language,
    "qualifier": _qualifier,
    "address": _address,
    "note": _note,
    "citation": _citation,
    "named": _named,
    "references": _references,
    "date": _date,
    "dates": _dates,
    "quantity": _quantity,
    "number": _number,
    "ratio": _ratio,
    "coordinates": _coordinates,
    "identifiers": _identifiers,
    "nothing": _nothing,
}
