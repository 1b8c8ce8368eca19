"""What templates and namespaces of wikitext mean, as ``ontology/wikitext.ttl`` says it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from ..errors import DomainError
from .english import English
from .graph import DomainGraph
from .shapes import MOST_FAULTS, refuse

R = TypeVar("R")

CORE = "https://w3id.org/lodkit/core#"

KINDS = frozenset(
    "items words date dates quantity number ratio country language address coordinates qualifier note"
    " citation named references identifiers link nothing".split()
)
"""What ``lk:reads`` may say of a template."""

NAMESPACES = frozenset({"file", "category", "other"})
"""What ``lk:reads`` may say of a namespace."""

CITED = frozenset({"words", "date", "address"})
"""What ``lk:reads`` may say of a part of a reference."""

_BOX_NAMES = ("infobox", "infoboks")
"""How the names of infobox templates begin; those with other names have a ``lk:Template`` rule."""

Ignored = tuple[frozenset[str], tuple[re.Pattern[str], ...]]
"""Keys, and patterns of keys."""


@dataclass(frozen=True, slots=True)
class Call:
    """What a template means that is called in running text or in a value.

    ``reads`` is one of `KINDS`, ``arguments`` are the names of what it is given by position, ``writes`` are
    the words that people see, with ``{1}`` for an argument: of several the first whose arguments are all
    given. ``links`` is the title of the page that they link to.
    """

    iri: str
    names: tuple[str, ...]
    reads: str
    arguments: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    links: str | None = None


@dataclass(frozen=True, slots=True)
class BoxRule:
    """An infobox template: the class of what it is about, the keys that say nothing of it, and those whose
    value is its name. A rule with ``when`` holds where a key has one of these values, as "key = value";
    one without for all others of its names.
    """

    iri: str
    names: tuple[str, ...]
    types: str | None = None
    ignored: tuple[str, ...] = ()
    ignored_patterns: tuple[str, ...] = ()
    named_by: tuple[str, ...] = ()
    when: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Namespace:
    """A namespace by its names in some languages; ``reads`` is one of `NAMESPACES`, ``types`` the class of
    what its pages are.
    """

    iri: str
    names: tuple[str, ...]
    reads: str
    types: str | None = None


@dataclass(frozen=True, slots=True)
class CitedPart:
    """What arguments of a reference's template say of a work: ``tells`` is the property, ``reads`` one of
    `CITED`, ``writes`` are patterns as a `Call` has them, with ``#`` for a number that an argument may have.
    """

    iri: str
    tells: str
    reads: str
    writes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Identifier:
    """A catalogue: the names of the arguments that give its numbers, the first its own; ``links`` is the IRI
    of a record, with ``{1}`` for the number.
    """

    iri: str
    names: tuple[str, ...]
    links: str | None = None


@dataclass(frozen=True)
class Wikitext:
    """What is said of wikitext: templates in values and text, infoboxes, namespaces, and the names of months
    and languages (by tag) that dates and labels are written with.
    """

    calls: tuple[Call, ...] = ()
    boxes: tuple[BoxRule, ...] = ()
    namespaces: tuple[Namespace, ...] = ()
    cited: tuple[CitedPart, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    months: tuple[str, ...] = ()
    languages: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)

    def call(self, name: str) -> tuple[Call | None, str]:
        """Return what a template means, and what its name has in place of the rule's star: "de" of "lang-de"
        where the rule says "lang-*", or the code that it is.
        """
        found = self._calls.get(folded(name))
        if found is not None:
            return found, ""
        for sign in (":", "-"):
            stem, mark, rest = name.partition(sign)
            found = self._calls.get(f"{folded(stem)}{sign}*") if mark else None
            if found is not None:
                return found, rest.strip()
        return (self._country if name in self.codes else None), name

    def box(self, name: str) -> BoxRule | None:
        """Return the rule of an infobox template, None for one that only its name tells of."""
        return self._boxes.get(folded(name))

    def box_with(self, name: str, rows: Iterable[tuple[str, str]]) -> BoxRule | None:
        """Return the rule of an infobox template that has these keys and values."""
        given = {f"{folded(key)} = {folded(value)}" for key, value in rows}
        of_name = (rule for rule in self.boxes if rule.when and folded(name) in map(folded, rule.names))
        return next((rule for rule in of_name if rule.when & given), None) or self.box(name)

    def is_box(self, name: str) -> bool:
        """Tell whether a template is an infobox: a rule says so, or its name begins as theirs do."""
        plain = folded(name)
        return plain in self._boxes or (plain.startswith(_BOX_NAMES) and plain not in self._calls)

    def namespace(self, prefix: str) -> str | None:
        """Return what pages with a prefix are: file, category or other; None for no namespace."""
        return self._namespaces.get(folded(prefix))

    @property
    def category_class(self) -> str | None:
        """The class of categories, if a rule says it."""
        return next((one.types for one in self.namespaces if one.reads == "category"), None)

    def identifier(self, name: str) -> Identifier | None:
        """Return the catalogue that an argument gives a number of."""
        return self._identifiers.get(folded(name))

    def ignores(self, box: str, key: str) -> bool:
        """Tell whether a key of an infobox says nothing of what it is about."""
        plain = folded(key)
        of_boxes = (self._ignored.get(name) for name in (_BOX_NAMES[0], folded(box)))
        return any(
            plain in keys or any(pattern.search(plain) for pattern in patterns)
            for keys, patterns in filter(None, of_boxes)
        )

    def names(self, box: str, key: str) -> bool:
        """Tell whether the value of a key is the name of what an infobox is about."""
        rules = (self._boxes.get(name) for name in (_BOX_NAMES[0], folded(box)))
        return any(folded(key) in map(folded, rule.named_by) for rule in rules if rule is not None)

    @cached_property
    def _calls(self) -> dict[str, Call]:
        return {folded(name): call for call in self.calls for name in call.names}

    @cached_property
    def _country(self) -> Call | None:
        """What a template means that is named by the code of a country."""
        return next((call for call in self.calls if call.reads == "country"), None)

    @cached_property
    def _identifiers(self) -> dict[str, Identifier]:
        return {folded(name): one for one in self.identifiers for name in one.names}

    @cached_property
    def _boxes(self) -> dict[str, BoxRule]:
        return {folded(name): box for box in self.boxes if not box.when for name in box.names}

    @cached_property
    def _namespaces(self) -> dict[str, str]:
        return {folded(name): one.reads for one in self.namespaces for name in one.names}

    @cached_property
    def _ignored(self) -> dict[str, Ignored]:
        return {
            name: (frozenset(map(folded, box.ignored)), tuple(map(re.compile, box.ignored_patterns)))
            for name, box in self._boxes.items()
        }


def folded(name: str) -> str:
    """Return a name as names of templates and keys are told apart: without capitals and underscores."""
    return " ".join(name.replace("_", " ").split()).casefold().removeprefix("template:")


def argument_key(name: str) -> str:
    """Return the name of an argument as those of references are told apart: "archive-url" is "archiveurl"."""
    return "".join(char for char in name.casefold() if char not in "-_ ")


def read_wikitext(
    graph: DomainGraph,
    classes: Collection[str],
    english: English,
    *,
    codes: Mapping[str, str],
    is_own: bool,
) -> Wikitext:
    """Read the ``lk:Call``, ``lk:Template``, ``lk:Namespace``, ``lk:CitedPart`` and ``lk:Identifier``
    nodes of a graph.

    ``codes`` are of the gazetteer, ``classes`` those of the domain; a class of another than the domain's
    ``is_own`` file types nobody.

    Raises:
        DomainError: a rule has no name, reads what nothing reads, types what is no class, or has a pattern
            that is none; names file, line and term.
    """
    faults: list[DomainError] = []
    wikitext = Wikitext(
        tuple(_each(graph, "Call", _call, faults)),
        tuple(_each(graph, "Template", lambda g, iri: _box(g, iri, classes, is_own=is_own), faults)),
        tuple(_each(graph, "Namespace", _namespace, faults)),
        tuple(_each(graph, "CitedPart", _cited, faults)),
        tuple(_each(graph, "Identifier", _identifier, faults)),
        _months(english),
        {tag: name.title() for name, tag in reversed([*english.table("language").items()])},
        codes,
    )
    refuse(faults[:MOST_FAULTS])
    return wikitext


def _each(
    graph: DomainGraph, kind: str, build: Callable[[DomainGraph, str], R], faults: list[DomainError]
) -> Iterator[R]:
    for iri in graph.instances.get(CORE + kind, ()):
        try:
            yield build(graph, iri)
        except DomainError as error:
            faults.append(error)


def _names(graph: DomainGraph, iri: str) -> tuple[str, ...]:
    names = graph.texts(iri, CORE + "name")
    if not names or not all(folded(name) for name in names):
        raise graph.error("has no lk:name, or an empty one", iri, 'write lk:name "the name of a template"')
    return names


def _reads(graph: DomainGraph, iri: str, known: frozenset[str]) -> str:
    reads = graph.texts(iri, CORE + "reads")
    if len(reads) != 1 or reads[0] not in known:
        words = " and ".join(map(repr, reads)) or "nothing"
        raise graph.error(f"lk:reads says {words}", iri, f"one of {', '.join(sorted(known))}")
    return reads[0]


def _call(graph: DomainGraph, iri: str) -> Call:
    return Call(
        iri,
        _names(graph, iri),
        _reads(graph, iri, KINDS),
        graph.texts(iri, CORE + "arguments"),
        graph.texts(iri, CORE + "writes"),
        graph.text(iri, CORE + "links"),
    )


def _box(graph: DomainGraph, iri: str, classes: Collection[str], *, is_own: bool) -> BoxRule:
    patterns = graph.texts(iri, CORE + "ignorePattern")
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            raise graph.error(f"lk:ignorePattern {pattern!r}: {error}", iri) from None
    types = next(iter(graph.iris(iri, CORE + "types")), None)
    if types is not None and types not in classes:
        if is_own:
            raise graph.error(f"lk:types says {types}, which is no class", iri)
        types = None
    return BoxRule(
        iri,
        _names(graph, iri),
        types,
        graph.texts(iri, CORE + "ignore"),
        patterns,
        graph.texts(iri, CORE + "namedBy"),
        frozenset(map(folded, graph.texts(iri, CORE + "ifRow"))),
    )


def _namespace(graph: DomainGraph, iri: str) -> Namespace:
    types = next(iter(graph.iris(iri, CORE + "types")), None)
    return Namespace(iri, _names(graph, iri), _reads(graph, iri, NAMESPACES), types)


def _cited(graph: DomainGraph, iri: str) -> CitedPart:
    tells, writes = graph.iris(iri, CORE + "tells"), graph.texts(iri, CORE + "writes")
    if len(tells) != 1 or not writes:
        message = "has no lk:writes" if tells else "does not say which property it tells"
        raise graph.error(message, iri, 'write lk:tells dcterms:title ; lk:writes "{title}"')
    return CitedPart(iri, tells[0], _reads(graph, iri, CITED), writes)


def _identifier(graph: DomainGraph, iri: str) -> Identifier:
    return Identifier(iri, _names(graph, iri), graph.text(iri, CORE + "links"))


def _months(english: English) -> tuple[str, ...]:
    """The longest name of each month; none where one has no name."""
    names: dict[int, str] = {}
    for name, number in english.months.items():
        names[number] = max(names.get(number, ""), name, key=len)
    return tuple(names[number].title() for number in sorted(names)) if len(names) == 12 else ()
