"""What ontology, shapes and JSON-LD context say of a property's values, held against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..domain.graph import OWL, RDFS, SH, XSD
from ..rdf.jsonld import context
from ..xsd import is_derived

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..domain import Domain, PropertyShape
    from ..errors import DomainError
    from .model import Checked

_RANGE = RDFS + "range"
_LITERAL = frozenset({RDFS + "Literal", XSD + "anySimpleType", XSD + "anyAtomicType"})
_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"


def disagreements(checked: Checked) -> Iterator[DomainError]:
    """Yield property shapes whose values the declaration of their property excludes, and coercions that
    do.
    """
    domain = checked.domain
    if domain is None:
        return
    for shape in domain.property_shapes.values():
        yield from _of_kind(shape, checked)
        yield from _of_range(shape, domain, checked)
    yield from _of_context(domain, checked)


def _of_kind(shape: PropertyShape, checked: Checked) -> Iterator[DomainError]:
    """An object property has nodes, a datatype property has literals (OWL 2 §5.3, §5.4)."""
    kinds = checked.graph.instances
    if shape.datatypes and shape.path in kinds.get(OWL + "ObjectProperty", ()):
        message = (
            f"sh:datatype on {checked.compact(shape.path)}, which ontology/ declares as an object property"
        )
        hint = "declare it as a datatype property, or ask for a class"
        yield checked.error(message, shape.iri, hint=hint)
    if shape.classes and shape.path in kinds.get(OWL + "DatatypeProperty", ()):
        message = (
            f"sh:class on {checked.compact(shape.path)}, which ontology/ declares as a datatype property"
        )
        hint = "declare it as an object property, or ask for a datatype"
        yield checked.error(message, shape.iri, hint=hint)


def _of_range(shape: PropertyShape, domain: Domain, checked: Checked) -> Iterator[DomainError]:
    for declared in checked.graph.iris(shape.path, _RANGE):
        wrong = [
            *(iri for iri in shape.datatypes if not _is_within(iri, declared)),
            *(iri for iri in shape.classes if not _may_meet(iri, declared, domain)),
        ]
        for iri in wrong:
            message = (
                f"asks for {checked.compact(iri)}, and the range of {checked.compact(shape.path)} is"
                f" {checked.compact(declared)}"
            )
            hint = "change the range or the shape"
            yield checked.error(message, shape.iri, hint=hint)


def _is_within(datatype: str, declared: str) -> bool:
    """Tell whether values of a datatype are of a range."""
    return declared in _LITERAL or is_derived(datatype, declared)


def _may_meet(cls: str, declared: str, domain: Domain) -> bool:
    """Tell whether something can be of a class and in a range: one is below the other, or a class is below
    both.
    """
    if declared not in domain.classes or cls not in domain.classes:
        return declared not in _LITERAL and not declared.startswith(XSD)
    if domain.is_a(cls, declared) or domain.is_a(declared, cls):
        return True
    return any(cls in above and declared in above for above in domain.ancestors.values())


def _of_context(domain: Domain, checked: Checked) -> Iterator[DomainError]:
    """Coercions of the JSON-LD context that read values as what the property's declaration excludes."""
    terms = context(domain)
    # Where shapes say neither class nor datatype, the coercion is a guess that the writer corrects.
    telling = {shape.path for shape in domain.property_shapes.values() if shape.datatypes or shape.classes}
    by_name = {checked.compact(iri): iri for iri in telling}
    objects = frozenset(checked.graph.instances.get(OWL + "ObjectProperty", ()))
    data = frozenset(checked.graph.instances.get(OWL + "DatatypeProperty", ()))
    for definition in terms.values():
        if not isinstance(definition, dict) or "@id" not in definition:
            continue
        iri = by_name.get(definition["@id"])
        coercion = definition.get("@type", "")
        if iri is None or not coercion:
            continue
        if (iri in data) if coercion == "@id" else (iri in objects):
            message = f"JSON-LD would read its values as {coercion}, which its declaration excludes"
            hint = "make its shapes and its declaration agree"
            yield checked.error(message, iri, hint=hint)


def shapes_apart(checked: Checked) -> Iterator[DomainError]:
    """Yield properties of which one shape wants nodes and another literals, so that JSON-LD has no coercion
    for them.
    """
    domain = checked.domain
    if domain is None:
        return
    found: dict[str, dict[bool, PropertyShape]] = {}
    for shape in domain.property_shapes.values():
        if bool(shape.datatypes) != bool(shape.classes):
            found.setdefault(shape.path, {}).setdefault(bool(shape.classes), shape)
    for path, shapes in sorted(found.items()):
        if len(shapes) > 1:
            other, one = checked.compact(shapes[True].iri), shapes[False]
            message = f"wants literals for {checked.compact(path)}, and {other} wants nodes"
            hint = "JSON-LD can coerce them to neither: use two properties"
            yield checked.error(message, one.iri, word=path, predicate=SH + "path", hint=hint)
