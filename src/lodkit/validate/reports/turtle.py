"""Reports as RDF: a ``sh:ValidationReport`` a file (SHACL §3.6), in Turtle to be read by people."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple

from ...domain.shapes import Either, Inverse, Path, Predicate, Steps
from ...statement import BASE, short_hash
from ..groups import grouped
from ..render import clean
from ..report import PROV, SH, XSD
from .words import left_out, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..groups import Group
    from ..report import Report, Result, Term
    from .model import Run, Validated

_NODES = BASE + "report/"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_STANDARD = {"rdfs": _RDFS, "sh": SH, "prov": PROV, "xsd": XSD}
_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*")
_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_REPEATED = {"*": "zeroOrMorePath", "+": "oneOrMorePath", "?": "zeroOrOnePath"}


def write_turtle(run: Run) -> str:
    """Return one report for each file that could be read, and a comment for each that could not."""
    names = _Names(run)
    body = [part for one in run.files for part in _file(one, names)]
    used = sorted(pair for pair in names.prefixes.items() if pair[0] in names.used)
    return "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in used) + "".join(body)


class _Names:
    """The CURIEs of a run's reports, and which of their prefixes are used."""

    def __init__(self, run: Run) -> None:
        self.prefixes = dict(_STANDARD)
        self.used: set[str] = set()
        for one in run.files:
            for iri, name in one.report.compact.items() if one.report else ():
                prefix, _, local = name.partition(":")
                if _PREFIX.fullmatch(prefix) and local and iri.endswith(local):
                    self.prefixes.setdefault(prefix, iri.removesuffix(local))
        self._by_namespace = {namespace: prefix for prefix, namespace in self.prefixes.items()}

    def iri(self, iri: str) -> str:
        """Return an IRI with a prefix where that needs no escapes."""
        end = max(iri.rfind("#"), iri.rfind("/")) + 1
        prefix = self._by_namespace.get(iri[:end])
        if prefix is None or not _LOCAL.fullmatch(iri[end:]):
            return str(NamedNode(iri))
        self.used.add(prefix)
        return f"{prefix}:{iri[end:]}"

    def term(self, term: Term) -> str:
        if isinstance(term, NamedNode):
            return self.iri(term.value)
        if isinstance(term, Literal) and not term.language and term.datatype.value != XSD + "string":
            return f"{Literal(term.value)}^^{self.iri(term.datatype.value)}"
        return str(term)


def _file(one: Validated, names: _Names) -> Iterator[str]:
    if one.report is None:
        yield f"\n# {_comment(str(one.error))}\n"
        return
    groups = grouped(one.report)
    hashes = {result: _hash(result) for group in groups for result in group.results}
    node = NamedNode(_NODES + short_hash((one.file, str(one.report.focus_nodes), *hashes.values())))
    conforms = not any(one.report.counts.values())
    yield f"\n# {_comment(one.file)}\n{names.term(node)} a {names.iri(SH + 'ValidationReport')} ;\n"
    # SHACL §3.6.1.1: false where there is a result of any severity
    said = [(SH + "conforms", str(conforms).lower()), (_RDFS + "comment", str(Literal(_said(one.report))))]
    items = [(SH + "result", names.term(NamedNode(_NODES + name))) for name in hashes.values()]
    yield _pairs([*said, *items], names)
    for group in groups:
        yield f"\n# {_comment(_heading(one.report, group))}\n"
        for result in group.results:
            yield from _blocks(_NODES + hashes[result], result, names)


def _said(report: Report) -> str:
    return "; ".join(filter(None, (verdict(report), left_out(report.left_out))))


def _heading(report: Report, group: Group) -> str:
    more = left_out(group.left_out)
    return f"{report.name(group.shape)}: {sum(group.counts.values())}{f' ({more})' if more else ''}"


def _hash(result: Result) -> str:
    parts = (result.path or "", str(result.value), result.source_shape, result.component, result.message)
    return short_hash((str(result.focus_node), *parts))


def _blocks(iri: str, result: Result, names: _Names) -> Iterator[str]:
    """A result, and each of the results within it."""
    queue = [(iri, result)]
    while queue:
        node, one = queue.pop(0)
        inner = [(f"{node}.{number}", detail) for number, detail in enumerate(one.details)]
        details = [(SH + "detail", str(NamedNode(name))) for name, _ in inner]
        yield f"{NamedNode(node)} a {names.iri(SH + 'ValidationResult')} ;\n"
        yield _pairs([*_properties(one, names), *details], names)
        queue += inner


def _properties(result: Result, names: _Names) -> Iterator[tuple[str, str]]:
    if not isinstance(result.focus_node, Triple):
        yield SH + "focusNode", names.term(result.focus_node)
    if result.steps is not None:
        yield SH + "resultPath", _path(result.steps, names)
    elif result.path:
        yield SH + "resultPath", names.iri(result.path)
    if result.value is not None and not isinstance(result.value, Triple):
        yield SH + "value", names.term(result.value)
    yield SH + "resultMessage", str(Literal(result.message))
    yield SH + "resultSeverity", names.iri(SH + result.severity.value)
    shape = result.source_shape
    yield SH + "sourceShape", shape if shape.startswith("_:") else names.iri(shape)
    yield SH + "sourceConstraintComponent", names.iri(result.component)
    for place in result.places:
        yield PROV + "wasDerivedFrom", names.iri(place.iri)


def _path(path: Path, names: _Names) -> str:
    """A property path as a node (SHACL §2.3.1); its depth has a measure (`DEEPEST_PATH`)."""
    if isinstance(path, Predicate):
        return names.iri(path.iri.value)
    if isinstance(path, Steps):
        return f"( {' '.join(_path(one, names) for one in path.paths)} )"
    if isinstance(path, Either):
        members = " ".join(_path(one, names) for one in path.paths)
        return f"[ {names.iri(SH + 'alternativePath')} ( {members} ) ]"
    name = "inversePath" if isinstance(path, Inverse) else _REPEATED[path.sign]
    return f"[ {names.iri(SH + name)} {_path(path.path, names)} ]"


def _pairs(pairs: list[tuple[str, str]], names: _Names) -> str:
    lines = [f"    {names.iri(predicate)} {_escaped(value)}" for predicate, value in pairs]
    return " ;\n".join(lines) + " .\n"


def _escaped(value: str) -> str:
    """A term whose control characters are escapes (Turtle §6.4)."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04X}", value)


def _comment(text: str) -> str:
    """A text on the line of a comment."""
    return clean(text)
