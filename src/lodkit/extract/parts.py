"""The parts of a cell: the items that a source knows, or what commas, bullets, slashes and *and* cut."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import takewhile

from ..domain import Domain, FieldRule, PropertyShape
from ..domain.graph import XSD
from ..source import Cell as Row
from ..statement import Span
from .cells import halves, is_list, mend, unquoted, without_postcode
from .context import Context, Reading, is_readable
from .mentions import build_scene, name_node
from .nodes import Node
from .phrases import run_nominal
from .structured import cut_item, part_of_item, parts_of_row
from .values import Part, split_list

FILE = re.compile(r"\.(?:svg|png|jpe?g|gif|tiff?|webp|pdf)$", re.IGNORECASE)
ADDRESS = XSD + "anyURI"
_LONGEST_NAME = 4
_MOST_PLACES = 8
_BULLET = re.compile(r"\s*[•·∙▪]\s*")
_WEB = re.compile(r"(?<![^\s(,;])(?:[a-z][a-z0-9+.-]*://)?[^\s/()]+\.[^\s()]+[^\s(),;]", re.IGNORECASE)
_BRACKET = re.compile(r"\s*\((?P<inner>[^()]*)\)")


@lru_cache(maxsize=8)
def place_classes(domain: Domain) -> frozenset[str]:
    """Return the classes of the gazetteer's places."""
    return frozenset(entry.cls for entry in domain.gazetteer.entries.values())


@dataclass(frozen=True, slots=True)
class Cell:
    """A row of an infobox; ``items`` are the parts of its value where its source tells them: they are not
    cut again. ``label`` are the words that name the row where its key does not, ``row`` is the row as its
    source structures it.
    """

    span: Span
    key: Span
    value: Span
    items: tuple[Part, ...] | None = None
    label: Span | None = None
    row: Row | None = None

    @property
    def is_structured(self) -> bool:
        """Whether the source of the row separates its values."""
        return self.items is None and self.row is not None and bool(self.row.items)

    @property
    def named(self) -> Span:
        """The words under which the row is read."""
        return self.label or self.key


def cell_of(row: Row, text: str) -> Cell:
    """Return a row as a cell, its value without blanks at its ends."""
    words = row.value.of(text)
    start = row.value.start + len(words) - len(words.lstrip())
    end = max(start, row.value.start + len(words.rstrip()))
    return Cell(row.span, row.key, Span(start, end), row=row)


@dataclass(frozen=True, slots=True)
class Split:
    """The parts of a cell for one rule; ``address`` is what another rule reads as a street address, and
    ``left`` are its parts that are no places.
    """

    parts: list[Part]
    address: Span | None = None
    left: tuple[Span, ...] = ()


class Splitter:
    """Cuts the values of cells into parts."""

    def __init__(self, context: Context, naming: frozenset[str], short: frozenset[str]) -> None:
        """Take the property shapes of names, and those of them that are abbreviations."""
        self.context = context
        self.naming = naming
        self.short = short

    def split(self, rule: FieldRule, shape: PropertyShape, cell: Cell) -> Split:
        """Return the parts of a cell that a rule reads."""
        if cell.items is not None:
            return Split(list(cell.items))
        if cell.is_structured and cell.row is not None and rule.part not in ("start", "end", "whole"):
            return self._structured(rule, shape, cell.row)
        text, whole = self.context.text, self._whole(rule, shape, cell)
        if whole is not None:
            return Split(whole)
        value = unquoted(text, cell.value)
        parts = self._cut(value)
        if shape.iri in self.short:
            return Split([piece for part in parts for piece in halves(text, part, "/")])
        if rule.part == "list":
            return Split([piece for part in parts for piece in self._halves(part)])
        if rule.with_digits and any(c.isdigit() for part in parts for c in part.span.of(text)):
            return self._address(parts)
        if shape.kind == "node":
            return Split(self._pairs(cell.value, parts) if self._admits_pairs(shape) else parts)
        if shape.kind == "text" and not (rule.clause or is_list(text, parts)):
            return Split([Part(value)])
        return Split(parts)

    def _structured(self, rule: FieldRule, shape: PropertyShape, row: Row) -> Split:
        """The values of a row whose source separates them."""
        context, text = self.context, self.context.text
        naming = shape.iri in self.naming and shape.iri not in self.short
        if shape.kind in ("date", "number", "word") or naming or FILE.search(row.value.of(text)):
            return Split([part_of_item(context, item) for item in row.items])
        if rule.with_digits and any(c.isdigit() for c in row.value.of(text)):
            return self._address([one for item in row.items for one in cut_item(context, item)])
        if shape.kind == "text" and not rule.clause:
            is_list = len(row.items) > 1
            return Split([part_of_item(context, one) if is_list else Part(one.span) for one in row.items])
        pairs = shape.kind == "node" and self._admits_pairs(shape)
        parts = parts_of_row(context, row, every=pairs)
        return Split(self._pairs(row.value, parts) if pairs else parts)

    def _whole(self, rule: FieldRule, shape: PropertyShape, cell: Cell) -> list[Part] | None:
        """The parts of a value that commas do not cut; None where they do."""
        text = self.context.text
        if ADDRESS in shape.read_as:
            return addresses(text, cell.value)
        naming = shape.iri in self.naming and shape.iri not in self.short
        if naming and rule.part is None:
            return self._names(cell.value)
        if (
            shape.kind in ("date", "number", "word")
            or rule.part == "whole"
            or FILE.search(cell.value.of(text))
        ):
            return [Part(unquoted(text, cell.value))] if rule.part else [Part(cell.value)]
        return None

    def _names(self, value: Span) -> list[Part]:
        """Names with a bracket behind each are several; any others are one, whatever commas it has."""
        parts = split_list(self.context.text, value)
        if all(part.qualifiers for part in parts):
            return parts
        return [Part(value)]

    def _cut(self, value: Span) -> list[Part]:
        text, lexis = self.context.text, self.context.lexis
        english = lexis.english
        kept = english.words("name-suffix") | english.words("post-nominal") | {"d.c"}
        heads = frozenset(lexis.heads)
        cut: Callable[[Span], list[Part]] = partial(split_list, text, kept=kept, heads=heads)
        pieces = bulleted(text, value)
        return mend(text, [part for piece in pieces for part in cut(piece)])

    def _halves(self, part: Part) -> list[Part]:
        """The items around the slash or the *and* of a part."""
        pieces = halves(self.context.text, part, "/")
        for joint in self.context.lexis.joints:
            pieces = [piece for one in pieces for piece in halves(self.context.text, one, joint)]
        return pieces

    # ---- places

    def _address(self, parts: list[Part]) -> Split:
        """A street address: the whole is one, and its known places, from the first on, are places."""
        text, domain = self.context.text, self.context.domain
        whole = Span(parts[0].span.start, parts[-1].span.end)
        bare = [
            Part(without_postcode(text, part.span, at == 0), part.qualifiers) for at, part in enumerate(parts)
        ]
        entries = [domain.gazetteer.find(part.span.of(text)) if part.span.of(text) else None for part in bare]
        for at, entry in enumerate(entries):  # "Arvika 12" is a place only where no other of its kind follows
            if (
                entry
                and bare[at].span.end < parts[at].span.end
                and any(later and later.cls == entry.cls for later in entries[at + 1 :])
            ):
                entries[at] = None
        places = [part for part, entry in zip(bare, entries, strict=True) if entry]
        found = self._joined(Span(places[0].span.start, whole.end), places) if places else []
        found = self._chained(places, found)[:1]
        left = [
            part.span
            for part in parts
            if not any(one.span.start < part.span.end and part.span.start < one.span.end for one in found)
        ]
        return Split(found, whole, tuple(left))

    def _admits_pairs(self, shape: PropertyShape) -> bool:
        """Tell whether the values of a property are of a kind that a comma joins, as in "City, Country"."""
        targets = {compiled.target for compiled in self.context.book.nominal.get(",", ())}
        return any(self.context.domain.is_a(target, cls) for target in targets for cls in shape.classes)

    def _pairs(self, value: Span, parts: list[Part]) -> list[Part]:
        """Join what belongs together, in stretches of the value that are no longer than a sentence."""
        found: list[Part] = []
        start, first = value.start, 0
        for at in range(1, len(parts) + 1):
            end = parts[at].span.end if at < len(parts) else value.end
            if at == len(parts) or not is_readable(Span(start, end)):
                stop = parts[at].span.start if at < len(parts) else value.end
                found += self._joined(Span(start, stop), parts[first:at])
                start, first = stop, at
        return self._chained(parts, found)

    def _chained(self, parts: list[Part], joined: list[Part]) -> list[Part]:
        """The country after a city and its region, "Arvika, Westshire, Norland", or after a bracket is no
        value of its own.
        """
        found: list[Part] = []
        for part in joined:
            inner = _inside(parts, found[-1]) if found else []
            outer = next(iter(_inside(parts, part)), part)
            cls = self._around(inner, outer) if inner else ""
            country = self._around([outer], inner[0], before=True) if len(inner) == 1 else ""
            if cls:
                self._lies_in(inner[-1], outer.span, cls)
            elif country:
                self._lies_in(outer, inner[0].span, country)
                found[-1] = part
            else:
                found.append(part)
        return found

    def _around(self, inner: list[Part], outer: Part, *, before: bool = False) -> str:
        """The class of a place around others; nothing where it is not known to be around them.

        ``before``: the larger place stands first, "Norland, Arvika".
        """
        gazetteer, text = self.context.domain.gazetteer, self.context.text
        around = gazetteer.find(outer.span.of(text))
        entries = [gazetteer.find(one.span.of(text)) for one in inner]
        if around is None:
            return ""
        is_country = any(entry and entry.country == around.name for entry in entries)
        is_around = is_country and (before or len(inner) > 1 or bool(inner[0].qualifiers))
        return around.cls if is_around else ""

    def _lies_in(self, part: Part, outer: Span, cls: str) -> None:
        """Keep that one place lies in another, of a class, as the noun phrase with a comma does."""
        context = self.context
        phrase, shape = next(
            (one.phrase, shape)
            for one in context.book.nominal[","]
            for shape in one.phrase.slots.values()
            if any(context.domain.is_a(cls, of) for of in shape.classes)
        )
        inner = part.span
        nodes = [name_node(context, place.of(context.text), place, placed=True) for place in (inner, outer)]
        for bracket in part.qualifiers:
            names_again(context, nodes[0], bracket)
        span = inner.cover(outer)
        context.readings.append(
            Reading(nodes[0], shape, nodes[1], phrase.iri, span, subject_span=inner, value_span=outer)
        )

    def _joined(self, value: Span, parts: list[Part]) -> list[Part]:
        """Join parts that a noun-phrase rule reads as one: "Arvika, Norland" is one place inside another."""
        if len(parts) < 2 or not is_readable(value):
            return parts
        scene, before = build_scene(self.context, value), len(self.context.readings)
        scene.row = True
        run_nominal(self.context, scene, [])
        joined = [scene.sentence.cover(m.first, m.last) for m in scene.mentions() if m.kind == "phrase"]
        joined = [span for span in joined if any(part.span.start == span.start for part in parts)]
        pairs = [r for r in self.context.readings[before:] if any(span.holds(r.span) for span in joined)]
        self.context.readings[before:] = pairs
        found: list[Part] = []
        for part in parts:
            whole = next((span for span in joined if span.holds(part.span)), None)
            if whole is None:
                found.append(part)
            elif not found or found[-1].span != whole:
                found.append(Part(whole, part.qualifiers))
        return found


def names_again(context: Context, node: Node, bracket: Span) -> bool:
    """Note another name of a place that stands in a bracket after it; tell whether it is one."""
    words = bracket.of(context.text)
    is_same = node.entry is not None and context.domain.gazetteer.find(words) == node.entry
    if is_same:
        node.note(words, bracket)
    return is_same


def _inside(parts: list[Part], whole: Part) -> list[Part]:
    """The parts, which are in the order of the text, that a longer one holds."""
    first = bisect_left(parts, whole.span.start, key=lambda part: part.span.start)
    return list(takewhile(lambda part: part.span.end <= whole.span.end, parts[first : first + _MOST_PLACES]))


def bulleted(text: str, span: Span) -> list[Span]:
    """Return what stands between bullets and middle dots with a blank beside them; all of it without any.

    >>> [piece.of("• Ada Lund · Bo Ek") for piece in bulleted("• Ada Lund · Bo Ek", Span(0, 18))]
    ['Ada Lund', 'Bo Ek']
    """
    pieces, at = [], span.start
    for match in _BULLET.finditer(text, span.start, span.end):
        if len(match.group()) > 1 or match.start() == span.start:
            pieces.append(Span(at, match.start()))
            at = match.end()
    pieces.append(Span(at, span.end))
    return [piece for piece in pieces if piece.start < piece.end] or [span]


def addresses(text: str, span: Span) -> list[Part]:
    """Return the web addresses in a value with the brackets after each; the whole value if it has none.

    >>> value = "one.example (archived) two.example"
    >>> [part.span.of(value) for part in addresses(value, Span(0, len(value)))]
    ['one.example', 'two.example']
    """
    parts = []
    for match in _WEB.finditer(text, span.start, span.end):
        bracket = _BRACKET.match(text, match.end(), span.end)
        inner = (Span(*bracket.span("inner")),) if bracket else ()
        parts.append(Part(Span(*match.span()), inner))
    around = text[span.start : parts[0].span.start].strip() if parts else ""
    return parts if parts and not around else [Part(span)]


def apart(context: Context, part: Part, *, personal: bool, placed: bool) -> list[tuple[Part, str]]:
    """Return two names that a joint holds together, each with its words; just the part where there is one.

    ``personal``: the values may be persons, of whom two may share a surname; ``placed``: they may be places,
    which have a slash between two names of one.
    """
    text = context.text
    for joint in ("&", *(() if placed else ("/",)), *sorted(context.lexis.joints)):
        pieces = halves(text, part, joint)
        if len(pieces) == 2:
            words = [piece.span.of(text).split() for piece in pieces]
            if not all(words) or any(word.endswith(",") for side in words for word in side):
                continue
            if _are_names(context, words, joint, personal=personal) or (
                placed and _is_place_and_more(context, words, joint)
            ):
                return [(piece, piece.span.of(text)) for piece in pieces]
            if personal and _shares_surname(context, words, part.span.of(text)):
                first = f"{' '.join(words[0])} {words[1][-1]}"
                return [(pieces[0], first), (pieces[1], pieces[1].span.of(text))]
    return [(part, part.span.of(text))]


def _are_names(context: Context, sides: list[list[str]], joint: str, *, personal: bool) -> bool:
    """Whether both sides of a joint are names: each of two words or more, or known, with a capital first."""
    lexis, gazetteer = context.lexis, context.domain.gazetteer
    words = [word.lower().strip(".") for side in sides for word in side]
    if not all(side[0][0].isupper() and side[-1][0].isupper() for side in sides):
        return False
    if any(side[-1].lower().strip(".") in lexis.english.words("name-suffix") for side in sides):
        return False
    if joint == "/" or all(gazetteer.find(" ".join(side)) for side in sides):
        return True
    if joint in lexis.joints and (not personal or any(word in lexis.closed for word in words)):
        return False
    heads = [side[-1].lower() in lexis.heads or side[-1].lower() in lexis.nouns for side in sides]
    if any(heads):
        return all(heads) and all(len(side) > 1 for side in sides) and joint not in lexis.joints
    return all(1 < len(side) <= _LONGEST_NAME for side in sides) and all(len(side[-1]) > 1 for side in sides)


def _is_place_and_more(context: Context, sides: list[list[str]], joint: str) -> bool:
    """Whether *and* joins a known place to something with an article: "Norland and the Isles"."""
    lexis = context.lexis
    known = context.domain.gazetteer.find(" ".join(sides[0])) is not None
    return joint in lexis.joints and known and len(sides[1]) > 1 and sides[1][0].lower() in lexis.the


def _shares_surname(context: Context, sides: list[list[str]], words: str) -> bool:
    """Whether the name before the joint lacks the surname of the one after it: "Peter and Fred Holm"."""
    first, second = sides
    lexis, gazetteer = context.lexis, context.domain.gazetteer
    names = [*first, *second]
    return (
        len(first) == 1
        and len(second) == 2
        and all(word[0].isupper() and word.isalpha() and not word.isupper() for word in names)
        and not any(word.lower() in lexis.heads or word.lower() in lexis.nouns for word in names)
        and not any(map(gazetteer.find, (first[0], " ".join(second), words)))
    )
