"""Whether evidence agrees with itself: offsets, quotes, single values, facts and their statements."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from ..errors import InputError
from ..rdf import EVIDENCE, FACTS
from ..rdf.quads import DCTERMS, FOAF, LK, NIF, PROV, RDF
from .regroup import asserted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pyoxigraph import Quad

    from .units import Unit

_SINGLE = (
    frozenset(NIF + name for name in ("beginIndex", "endIndex", "anchorOf", "referenceContext", "sourceUrl"))
    | frozenset(RDF + name for name in ("subject", "predicate", "object"))
    | frozenset({PROV + "wasDerivedFrom", DCTERMS + "title", FOAF + "primaryTopic", NIF + "isString"})
    | frozenset({DCTERMS + "language", DCTERMS + "license"})
    | frozenset(
        LK + name
        for name in (
            "modality basis rule subjectPlace objectPlace antecedentPlace keyPlace line column length sha256"
            " sourceBegin sourceEnd readAs file toolVersion domainVersion revision position section parent"
            " key value outcome reason"
        ).split()
    )
)
"""The properties that have one value where they have any."""

_BEGIN, _END, _QUOTE, _TEXT = (NIF + name for name in ("beginIndex", "endIndex", "anchorOf", "isString"))
_LENGTH, _LINE, _COLUMN = LK + "length", LK + "line", LK + "column"
_SOURCE_BEGIN = LK + "sourceBegin"
_NUMBER = re.compile(r"[0-9]{1,15}")
_RANGE = re.compile(r"#char=([0-9]{1,15}),([0-9]{1,15})$")  # RFC 5147 §2.2.1
_LINE_END = re.compile(r"\r\n|\r|\n")

Records = dict[str, dict[str, list[object]]]


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of an article's text as the evidence has it; offsets in code points, the end exclusive."""

    name: str
    begin: int
    end: int
    quote: str | None = None
    line: int | None = None
    column: int | None = None


class Text:
    """A text by which places are checked."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(found.end() for found in _LINE_END.finditer(text))]

    def fault(self, place: Place) -> str | None:
        """Return what is wrong with a place by this text, None if nothing is."""
        if place.end > len(self.text):
            return f"ends at {place.end}, and the text has {len(self.text)} characters"
        if place.quote is not None and self.text[place.begin : place.end] != place.quote:
            return (
                f"quotes {_short(place.quote)} where the text has"
                f" {_short(self.text[place.begin : place.end])}"
            )
        line, column = self.position(place.begin)
        if place.line not in (None, line) or place.column not in (None, column):
            return f"is said to be at {place.line}:{place.column}, and is at {line}:{column}"
        return None

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column of an offset, both from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:60] + "…")


def records_of(quads: Iterable[Quad]) -> Records:
    """Return the values of each property of each subject."""
    records: Records = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        if isinstance(quad.subject, NamedNode):
            records[quad.subject.value][quad.predicate.value].append(quad.object)
    return records


def evidence_of(unit: Unit) -> list[Quad]:
    """Return the quads of a unit's evidence."""
    return _of_graph(unit, EVIDENCE)


def _of_graph(unit: Unit, ending: str) -> list[Quad]:
    name = unit.name + ending
    return [quad for quad in unit.quads if getattr(quad.graph_name, "value", "") == name]


def faults_of(unit: Unit, text: str | None = None) -> Iterator[tuple[str, str]]:
    """Yield what in a unit's evidence contradicts itself or the text: the name of the place, and what.

    The text is the one given, else the one that the evidence holds (``nif:isString``).
    """
    records = records_of(evidence_of(unit))
    for name in sorted(records):
        for predicate in sorted(records[name]):
            if predicate in _SINGLE and (count := len(records[name][predicate])) > 1:
                yield name, f"has {count} values of <{predicate}>"
    document = records.get(unit.name, {})
    length, fault = _number(document, _LENGTH)
    if fault:
        yield unit.name, fault
    held = {name: whole for name in sorted(records) if (whole := _literal(records[name], _TEXT)) is not None}
    for name, whole in held.items():
        yield from ((name, fault) for fault in _faults_of_text(whole, document, length, text))
    checked = next((Text(whole) for whole in (text, *held.values()) if whole is not None), None)
    for name in sorted(records):
        of_place = _faults_of_place(name, records[name], length, checked)
        yield from ((name, fault) for fault in of_place)


def _faults_of_text(
    held: str, document: Mapping[str, Sequence[object]], length: int | None, text: str | None
) -> Iterator[str]:
    if length is not None and len(held) != length:
        yield f"holds a text of {len(held)} characters, not of {length}"
    if text is not None and held != text:
        yield "holds another text"
    digest = _literal(document, LK + "sha256")
    is_file = LK + "readAs" not in document  # else the file holds what the text was written from
    if is_file and digest is not None and hashlib.sha256(held.encode()).hexdigest() != digest:
        yield "holds a text of another SHA-256 than the article's"


def _faults_of_place(
    name: str, record: Mapping[str, Sequence[object]], length: int | None, text: Text | None
) -> Iterator[str]:
    numbers = {}
    for predicate in (_BEGIN, _END, _LINE, _COLUMN):
        numbers[predicate], fault = _number(record, predicate)
        if fault:
            yield fault
    begin, end = numbers[_BEGIN], numbers[_END]
    if _BEGIN not in record and _END not in record and (named := _RANGE.search(name)):
        begin, end = int(named[1]), int(named[2])  # lean evidence says it by the name alone
    if begin is None or end is None:
        return
    place = Place(name, begin, end, _literal(record, _QUOTE), numbers[_LINE], numbers[_COLUMN])
    fault = _contradiction(place, length)
    if fault is None and text is not None:
        is_of_file = _SOURCE_BEGIN in record  # its line and column count in another text
        fault = text.fault(replace(place, line=None, column=None) if is_of_file else place)
    if fault is not None:
        yield fault


def _contradiction(place: Place, length: int | None) -> str | None:
    begin, end, quote = place.begin, place.end, place.quote
    if begin > end:
        return f"begins at {begin} and ends at {end}"
    if length is not None and end > length:
        return f"ends at {end}, and the text has {length} characters"
    if quote is not None and end - begin != len(quote):
        return f"goes from {begin} to {end}, and its quote has {len(quote)} characters"
    named = _RANGE.search(place.name)
    if named and (int(named[1]), int(named[2])) != (begin, end):
        return f"goes from {begin} to {end}, which its name contradicts"
    if 0 in (place.line, place.column):
        return "is on line or column 0; both count from 1"
    return None


def _number(record: Mapping[str, Sequence[object]], predicate: str) -> tuple[int | None, str | None]:
    """The number that a property has, and what is wrong with it."""
    values = record.get(predicate, ())
    if not values:
        return None, None
    text = getattr(values[0], "value", "") if isinstance(values[0], Literal) else ""
    if not _NUMBER.fullmatch(text):
        return None, f"has {values[0]} for a number (<{predicate}>)"
    return int(text), None


def _literal(record: Mapping[str, Sequence[object]], predicate: str) -> str | None:
    values = record.get(predicate, ())
    return values[0].value if values and isinstance(values[0], Literal) else None


def check_evidence(unit: Unit) -> None:
    """Refuse evidence that contradicts itself.

    Raises:
        InputError: it does; names the place, and tells of how many more.
    """
    faults = list(faults_of(unit))
    if faults:
        name, fault = faults[0]
        more = f", and {len(faults) - 1} more like it" if len(faults) > 1 else ""
        raise InputError(f"{fault}{more}", term=name, hint="the evidence is forged or damaged; build it anew")


def unpaired(unit: Unit) -> dict[str, int]:
    """Return how many ``facts`` have no asserted statement, and how many asserted ``statements`` no fact;
    nothing where there is no evidence.
    """
    evidence = evidence_of(unit)
    if not evidence:
        return {}
    facts = {(quad.subject, quad.predicate, quad.object) for quad in _of_graph(unit, FACTS)}
    read = asserted(evidence)
    return {"facts": len(facts - read), "statements": len(read - facts)}
