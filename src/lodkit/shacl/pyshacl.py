"""pySHACL as the second engine: for what the compiled one does not do (SHACL-AF), and to be asked for by
name.
"""

from __future__ import annotations

import warnings
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from ..domain.graph import OWL, RDF, SH, key_of
from ..domain.patterns import written_pattern
from ..domain.shapes import Constraint, PathError, TargetKind, read_path, vocabulary
from ..errors import DomainError, InputError
from ..sandbox import TaskError, worked
from .result import Checked, Outcome, ValidationResult
from .targets import focus_nodes
from .values import is_well_formed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import rdflib

    from ..domain import DomainGraph
    from ..domain.graph import Term
    from ..domain.shapes import Shape, ShapesGraph
    from .data import Data, Plain

Terms = dict["Term", Any]

_DATA, _SHAPES = NamedNode("urn:x-lodkit:data"), NamedNode("urn:x-lodkit:shapes")
_STRING = "http://www.w3.org/2001/XMLSchema#string"

PATTERN = SH + "pattern"
LINEAR_PATTERN = "https://w3id.org/lodkit/core#linearPattern"
"""What stands for ``sh:pattern`` in the shapes that are handed to pySHACL, which would run it by Python's
backtracking expressions: 27 characters can take it 7 seconds.
"""


def validate(data: Data, shapes: ShapesGraph, *, is_foreign: bool = False) -> Outcome:
    """Validate data as `lodkit.shacl.validate` does, by pySHACL; what others made, in the sandbox.

    Nested results are not kept, and which shapes looked at nodes besides those with targets is not known.

    Raises:
        DomainError: pySHACL cannot make sense of a shape.
        InputError: a term is a triple (RDF 1.2).
        LimitError: the shapes take too much.
    """
    focus = {shape.key: focus_nodes(shape, data) for shape in shapes.targeted}
    used = _used(shapes, [key for key, nodes in focus.items() if nodes])
    make = _report_in_sandbox if is_foreign else report_triples
    report: dict[Term, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for triple in make(data.triples, list(_triples_of(shapes.graph, used))):
        report[triple.subject][triple.predicate.value].append(triple.object)
    results = [_result(result, shapes) for result in report.values()]
    results = [result for result in results if result.focus not in data.background]
    checked = tuple(
        Checked(shape, len(focus[shape.key]), len(_failed(shape, shapes, results) & focus[shape.key].keys()))
        for shape in shapes.targeted
    )
    nodes = frozenset(node for found in focus.values() for node in found)
    return Outcome(tuple(results), checked, nodes, nodes)


def _failed(shape: Shape, shapes: ShapesGraph, results: Sequence[ValidationResult]) -> set[Term]:
    """The focus nodes of results of a shape and of its property shapes."""
    own = {shape.key, *(key_of(term) for term in shape.values("property"))}
    return {result.focus for result in results if result.shape.key in own}


def _result(result: Mapping[str, list[Term]], shapes: ShapesGraph) -> ValidationResult:
    def one(name: str) -> Term:
        return next(iter(result.get(SH + name, ())), NamedNode("urn:x-lodkit:nothing"))

    shape = shapes.at(one("sourceShape"))
    component = key_of(one("sourceConstraintComponent"))
    own = (constraint for constraint in shape.constraints if constraint.component == component)
    messages = tuple(term for term in result.get(SH + "resultMessage", ()) if isinstance(term, Literal))
    path = shape.path
    for node in result.get(SH + "resultPath", ()):
        try:
            path = read_path(shapes.graph, node)
        except PathError:  # pySHACL made its own copy of the path of the shape
            path = shape.path
    return ValidationResult(
        one("focusNode"),
        path,
        next(iter(result.get(SH + "value", ())), None),
        shape,
        next(own, Constraint(component, {})),
        messages,
    )


_NOT_FOLLOWED = frozenset(
    {*(SH + kind.value for kind in TargetKind), SH + "class", SH + "hasValue", SH + "group"}
)


def _used(shapes: ShapesGraph, roots: Iterable[str]) -> Iterable[str]:
    """The nodes of the shapes graph that some shapes lead to: pySHACL takes 50 ms for each shape that is
    idle.

    With features that nothing need lead to, it is all of them.
    """
    graph = shapes.graph
    if shapes.advanced:
        return graph.triples
    components = [iri for iri in shapes.components if iri not in vocabulary().components]
    seen = dict.fromkeys((*roots, *components))
    queue = list(seen)
    for key in queue:  # grows while it is gone through
        for predicate, values in graph.triples.get(key, {}).items():
            if predicate.startswith((SH, RDF, OWL + "imports")) and predicate not in _NOT_FOLLOWED:
                new = [one for one in map(key_of, values) if one in graph.triples and one not in seen]
                seen.update(dict.fromkeys(new))
                queue += new
    return seen


def _triples_of(graph: DomainGraph, keys: Iterable[str]) -> Iterator[Triple]:
    for key in keys:
        predicates = graph.triples.get(key, {})
        node = BlankNode(key[2:]) if key.startswith("_:") else NamedNode(key) if key[:2] != "<<" else None
        for predicate, values in predicates.items() if node is not None else ():
            for value in values:
                if not isinstance(value, Triple) and node is not None:
                    yield Triple(node, NamedNode(predicate), value)


def report_triples(data: Iterable[Triple | Plain], shapes: Iterable[Triple]) -> list[Triple]:
    """Return the results of pySHACL's report: what is said of each, nodes of the data and the shapes as
    they were.

    Raises:
        DomainError: pySHACL cannot make sense of a shape.
        InputError: a term is a triple (RDF 1.2).
    """
    import rdflib

    terms: Terms = {}
    report = run_pyshacl(_graph(data, terms), _graph(_with_linear_patterns(shapes), terms))
    originals = {rdf: term for term, rdf in terms.items()}
    return [
        Triple(
            BlankNode(f"r{number}"), NamedNode(str(predicate)), originals.get(value) or _from_rdflib(value)
        )
        for number, node in enumerate(report.objects(None, rdflib.URIRef(SH + "result")))
        for predicate, value in report.predicate_objects(node)
    ]


def as_rdflib(data: Data, shapes: ShapesGraph) -> tuple[rdflib.Graph, rdflib.Graph]:
    """Return data, and the shapes of which there are focus nodes in them, as pySHACL is given them."""
    keys = [shape.key for shape in shapes.targeted if focus_nodes(shape, data)]
    terms: Terms = {}
    used = _triples_of(shapes.graph, _used(shapes, keys))
    return _graph(data.triples, terms), _graph(_with_linear_patterns(used), terms)


def _graph(triples: Iterable[Triple | Plain], terms: Terms) -> rdflib.Graph:
    import rdflib

    return _fill(rdflib.Graph(bind_namespaces="none"), triples, terms)


def _report_in_sandbox(data: Iterable[Triple | Plain], shapes: Iterable[Triple]) -> Iterable[Triple]:
    quads = [
        Quad(subject, predicate, value, graph)  # type: ignore[arg-type]
        for graph, triples in ((_DATA, data), (_SHAPES, shapes))
        for subject, predicate, value in triples
    ]
    try:
        return [quad.triple for quad in worked("shacl", quads)]
    except TaskError as error:
        if error.is_limit:
            raise error.as_limit("validating with these shapes", "shapes/") from error
        message = f"the shapes cannot be used: {error.message}"
        raise DomainError(message, file="shapes/", hint="see `lodkit check`") from error


def report_of_quads(quads: Iterable[Quad]) -> list[Triple]:
    """Do in the sandbox what `report_triples` does, of data and shapes in a graph each."""
    parts: dict[object, list[Triple]] = {_DATA: [], _SHAPES: []}
    for quad in quads:
        parts[quad.graph_name].append(quad.triple)
    return report_triples(parts[_DATA], parts[_SHAPES])


def run_pyshacl(data_graph: rdflib.Graph, shapes_graph: rdflib.Graph) -> rdflib.Graph:
    """Return pySHACL's report on a data graph.

    Raises:
        DomainError: pySHACL cannot make sense of a shape.
    """
    import pyshacl
    import rdflib
    from pyshacl.errors import ReportableRuntimeError, ValidationFailure

    teach_linear_patterns()
    normalize = rdflib.NORMALIZE_LITERALS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # allow_warnings stays off: it would let nested shapes conform that do not; severity is judged by
            # the report.
            _, report, _ = pyshacl.validate(data_graph, shacl_graph=shapes_graph, inplace=True, advanced=True)
    except (ReportableRuntimeError, ValidationFailure) as error:
        report = error
    finally:
        rdflib.NORMALIZE_LITERALS = normalize  # pySHACL switches it on
    if not isinstance(report, rdflib.Graph):
        message = getattr(report, "message", None) or str(report)
        raise DomainError(f"the shapes cannot be used: {message}", file="shapes/", hint="see `lodkit check`")
    return report


# ---- terms ----


def _fill(graph: rdflib.Graph, triples: Iterable[Triple | Plain], terms: Terms) -> rdflib.Graph:
    """Put triples into an rdflib graph; ``terms`` keeps which term became which."""
    for subject, predicate, value in triples:
        graph.add((_term(subject, terms), _term(predicate, terms), _term(value, terms)))
    return graph


def _term(term: Term, terms: Terms) -> Any:
    found = terms.get(term)
    if found is None:
        found = terms[term] = _to_rdflib(term)
    return found


def _to_rdflib(term: Term) -> Any:
    import rdflib

    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    if not isinstance(term, Literal):
        raise InputError(f"a triple as a term (RDF 1.2) cannot be validated: {term}")
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    if term.datatype.value == _STRING:
        return rdflib.Literal(term.value)
    if is_well_formed(term.value, term.datatype.value):
        return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)
    return _ill_typed(term)


def _ill_typed(literal: Literal) -> Any:
    """Make a literal that rdflib takes as ill-typed, without rebinding datatypes, which would be for the
    whole process.
    """
    import rdflib

    made: Any = rdflib.Literal(literal.value)
    made._datatype = rdflib.URIRef(literal.datatype.value)
    made._value = None
    made._ill_typed = True
    return made


def _from_rdflib(term: Any) -> Term:
    import rdflib

    if isinstance(term, rdflib.Literal):
        return Literal(str(term), language=term.language) if term.language else Literal(str(term))
    return BlankNode(str(term)) if isinstance(term, rdflib.BNode) else NamedNode(str(term))


# ---- patterns ----


def _with_linear_patterns(triples: Iterable[Triple]) -> Iterator[Triple]:
    for triple in triples:
        linear = triple.predicate.value == PATTERN
        yield Triple(triple.subject, NamedNode(LINEAR_PATTERN), triple.object) if linear else triple


@cache
def teach_linear_patterns() -> None:
    """Add a constraint component to pySHACL that reports as ``sh:PatternConstraintComponent``, and matches
    in linear time; ``sh:pattern`` stays as it is for others who use pySHACL in this process.
    """
    import rdflib
    from pyshacl import constraints
    from pyshacl.constraints.core.string_based_constraints import (
        PatternConstraintComponent,
        StringBasedConstraintBase,
    )

    parameter = rdflib.URIRef(LINEAR_PATTERN)

    class LinearPatternConstraintComponent(PatternConstraintComponent):
        def __init__(self, shape: Any) -> None:
            StringBasedConstraintBase.__init__(self, shape)  # that of the parent compiles the expressions
            self.string_rules = sorted(shape.objects(parameter))
            flags = next(iter(shape.objects(rdflib.URIRef(SH + "flags"))), "")
            self.patterns = {rule: written_pattern(str(rule), str(flags)) for rule in self.string_rules}

        @classmethod
        def constraint_parameters(cls) -> list[rdflib.URIRef]:
            return [parameter]

        def _evaluate_string_rule(self, r: Any, target_graph: Any, f_v_dict: Any) -> tuple[bool, list[Any]]:
            pairs = [(focus, value) for focus, values in f_v_dict.items() for value in values]
            texts = {str(value) for _, value in pairs if not isinstance(value, rdflib.BNode)}
            pattern = self.patterns[r]
            # Nested shapes are given one value at a time, and often the same.
            matching = filter(pattern.matches, texts) if len(texts) == 1 else pattern.matching(sorted(texts))
            matched = frozenset(matching)
            reports = [
                self.make_v_result(target_graph, focus, value_node=value)
                for focus, value in pairs
                if isinstance(value, rdflib.BNode) or str(value) not in matched
            ]
            return bool(reports), reports

    constraints.ALL_CONSTRAINT_PARAMETERS.append(parameter)
    constraints.CONSTRAINT_PARAMETERS_MAP[parameter] = LinearPatternConstraintComponent
