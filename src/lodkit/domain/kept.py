"""A domain folder as it was read before: the same values, kept under a hash of all that they are made of."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import chain
from typing import Any
from weakref import WeakKeyDictionary

import pyoxigraph

from .. import __version__
from ..cache import keep, read_kept
from . import model, notation, wikitext
from .english import English
from .folder import read_text
from .gazetteer import Entry, Gazetteer, gazetteer_files
from .graph import PARTS, DomainGraph, TurtleFile, turtle_files
from .model import Domain, with_shapes
from .rows import NoRowError, RowReader, RowWriter
from .shapes import Component, Parameter, ShapesGraph, paths
from .shapes import model as shapes_model

_KINDS = (
    model.Class,
    model.PropertyShape,
    model.NodeShape,
    model.Phrase,
    model.Relation,
    model.FieldRule,
    model.NounRule,
    model.TermRule,
    model.NameRule,
    model.PartRule,
    model.QuantityRule,
    model.SectionRule,
    model.StateRule,
    model.GroupRow,
    model.RowGroup,
    model.IgnoreRule,
    notation.Pattern,
    notation.Words,
    notation.Slot,
    notation.Maybe,
    English,
    Gazetteer,
    Entry,
    wikitext.Wikitext,
    wikitext.Call,
    wikitext.BoxRule,
    wikitext.Namespace,
    wikitext.CitedPart,
    wikitext.Identifier,
    shapes_model.Target,
    shapes_model.TargetKind,
    shapes_model.Query,
    shapes_model.Constraint,
    shapes_model.Documentation,
    shapes_model.Shape,
    paths.Predicate,
    paths.Inverse,
    paths.Steps,
    paths.Either,
    paths.Repeated,
    Component,
    Parameter,
)
_SHARED: frozenset[type] = frozenset(
    {model.Class, model.PropertyShape, model.NodeShape, model.Phrase, Entry, shapes_model.Shape}
)
"""Those that several others hold, or that few calls need."""

_ANEW = frozenset({"folder", "graph", "is_bundled", "is_shapes_only", "version"})
"""What of a domain is not kept: it is at hand, or kept in another form."""

_ROOMS = ("domain", "domain/shapes", "extract", "language", "sparql", "xsd")
"""The code by which files of a domain become what is kept."""

_keys: WeakKeyDictionary[Domain, str] = WeakKeyDictionary()


class Texts:
    """The texts of a domain folder's files, each read once, so that what is kept is what was hashed."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def read(self, folder: Traversable, path: Traversable, name: str) -> str:
        """Return the text of a file, as `lodkit.domain.read_text`.

        Raises:
            DomainError: it is no text, or leads out of the folder.
        """
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = read_text(folder, path, name)
        return known

    def items(self) -> tuple[tuple[str, str], ...]:
        """Return the names and texts of the files that were read."""
        return tuple(self._known.items())


def read_texts(texts: Texts, folder: Traversable) -> None:
    """Read all files that a domain is made of.

    Raises:
        DomainError: one cannot be read.
    """
    files_of = [turtle_files(folder, part) for part in PARTS]
    for name, path in chain(*files_of, gazetteer_files(folder)):
        texts.read(folder, path, name)


def key_of_texts(texts: Texts, shared: Texts | None = None) -> str:
    """Return the key of all that a domain is made of: its files, those of the domain that ships with lodkit
    where it is another one, lodkit's code, and the versions of what runs it.
    """
    made_by = [__version__, sys.version, pyoxigraph.__version__, _code()]
    read = [texts, shared] if shared is not None else [texts]
    return _digest(
        [*made_by, *(_digest(part for item in sorted(one.items()) for part in item) for one in read)]
    )


@cache
def _code() -> str:
    root = files("lodkit")
    found = [
        file
        for room in _ROOMS
        for file in root.joinpath(room).iterdir()
        if file.name.endswith((".py", ".ttl"))
    ]
    return _digest(text.read_text("utf-8") for text in sorted(found, key=str))


def _digest(parts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d\0" % len(data) + data)
    return digest.hexdigest()


def kept_domain(key: str, texts: Texts, folder: Traversable, *, is_bundled: bool) -> Domain | None:
    """Return the domain that was kept under a key, or None."""
    data = read_kept(f"{key}.domain")
    if data is None:
        return None
    said = RowReader(data, _KINDS).last()
    text_of = dict(texts.items())
    turtle = tuple(
        TurtleFile(name, text_of[name], prefixes, first) for name, prefixes, first in said["files"]
    )
    graph = DomainGraph(turtle, said["triples"], said["instances"])
    parts = {field.name: said[field.name] for field in fields(Domain) if field.name not in _ANEW}
    domain = Domain(folder=folder, graph=graph, is_bundled=is_bundled, version=said["version"], **parts)
    shapes = ShapesGraph(graph, said["shapes"], said["components"], said["advanced"])
    # what cached properties would find out again
    shapes.__dict__.update(targeted=said["targeted"], predicates=said["predicates"])
    domain.__dict__.update(ancestors=said["ancestors"], shapes_of_class=said["shapes_of_class"])
    _keys[domain] = key
    return with_shapes(domain, shapes)


def keep_domain(key: str, domain: Domain) -> None:
    """Keep a domain under a key, unless it holds what no row is made of, such as triples as terms."""
    graph, shapes = domain.graph, domain.shapes
    parts = {field.name: getattr(domain, field.name) for field in fields(Domain) if field.name not in _ANEW}
    writer = RowWriter(_KINDS, _SHARED)
    try:
        writer.add(
            parts
            | {
                "version": domain.version,
                "files": [(file.name, dict(file.prefixes), file.first) for file in graph.files],
                "triples": graph.triples,
                "instances": graph.instances,
                "shapes": shapes.shapes,
                "components": shapes.components,
                "advanced": shapes.advanced,
                "targeted": shapes.targeted,
                "predicates": shapes.predicates,
                "ancestors": domain.ancestors,
                "shapes_of_class": domain.shapes_of_class,
            }
        )
    except (NoRowError, RecursionError):
        return
    keep(f"{key}.domain", writer.data())
    _keys[domain] = key


def kept_with(domain: Domain, part: str, make: Callable[[], Any]) -> Any:
    """Return what is made of a domain, of JSON's types only; kept where the domain is."""
    key = _keys.get(domain)
    data = read_kept(f"{key}.{part}") if key is not None else None
    if data is not None:
        return json.loads(data)
    made = make()
    if key is not None:
        keep(f"{key}.{part}", json.dumps(made, separators=(",", ":")).encode())
    return made
