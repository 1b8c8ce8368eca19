"""Whether an article is what was loaded, and whether its quotes are in the text that it was read from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from ..errors import InputError, StoreError
from ..rdf import EVIDENCE
from ..rdf.quads import LK, NIF
from .claims import check_claims
from .contents import quads_of
from .places import evidence_of, faults_of, unpaired
from .units import make_unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .contents import Loaded
    from .layout import Layout
    from .loading import Target
    from .units import Unit

_SHA256, _TEXT, _QUOTE = NamedNode(LK + "sha256"), NamedNode(NIF + "isString"), NamedNode(NIF + "anchorOf")


@dataclass
class Verification:
    """What was verified, and what was found.

    ``texts`` are those of articles by their SHA-256 (hexadecimal), ``used`` those of them that an article was
    read from. ``problems`` are names with what is wrong there; ``without_text``, ``without_count`` and
    ``without_digest`` the articles of which the text, the number of quads or the digest could not be
    compared.
    """

    texts: Mapping[str, str]
    units: int = 0
    quotes: int = 0
    problems: list[tuple[str, str]] = field(default_factory=list)
    without_text: list[str] = field(default_factory=list)
    without_count: list[str] = field(default_factory=list)
    without_digest: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def add(self, unit: Unit) -> None:
        """Verify what a unit says of itself, and its quotes."""
        self.units += 1
        try:
            check_claims(unit)
        except InputError as error:
            self.problems.append((error.term or unit.name, error.message))
        if unit.name + EVIDENCE not in unit.graphs:
            if unit.is_article:
                self.without_text.append(unit.name)
            return
        evidence = evidence_of(unit)
        digests = (str(getattr(quad.object, "value", "")) for quad in evidence if quad.predicate == _SHA256)
        digest = min(digests, default="")
        text = self.texts.get(digest)
        if text is not None:
            self.used.add(digest)
        elif not any(quad.predicate == _TEXT for quad in evidence):
            self.without_text.append(unit.name)
        self.quotes += sum(quad.predicate == _QUOTE for quad in evidence)
        self.problems += faults_of(unit, text)
        for what, count in unpaired(unit).items():
            if count:
                kind = (
                    "facts without an asserted statement"
                    if what == "facts"
                    else "asserted statements without a fact"
                )
                self.problems.append((unit.name, f"{count} {kind}"))

    def add_loaded(
        self, target: Target, layout: Layout, loaded: Loaded, datatypes: Mapping[str, str], page: int
    ) -> None:
        """Verify a unit of a store: its number of quads, its digest, and what `add` does."""
        if loaded.digest is None:
            self.problems.append((loaded.name, "its load was not finished"))
            return
        try:
            quads = quads_of(target, layout, loaded, datatypes, page=page)
        except StoreError as error:
            self.problems.append((loaded.name, error.message))
            return
        if loaded.quads is None:
            self.without_count.append(loaded.name)
        unit = make_unit(loaded.name, quads)
        if loaded.changed or not (loaded.is_article or layout.name == "graphs"):
            self.without_digest.append(loaded.name)
        elif unit.digest != loaded.digest:
            self.problems.append((loaded.name, "its quads have another digest than when they were loaded"))
        self.add(unit)
