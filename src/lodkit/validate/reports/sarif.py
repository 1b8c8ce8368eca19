"""Reports as SARIF 2.1.0, which code scanning reads
(https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode

from ... import __version__
from ...statement import short_hash
from ..groups import grouped
from ..render import advice, clean
from ..report import Severity
from .model import artifact_uri, spots
from .words import idle_words, left_out, reasons, triple_text, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..report import Report, Result
    from .model import Run, Spot, Validated

LEVELS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_HOME = "https://w3id.org/lodkit/"
_ROOT = "%SRCROOT%"


def write_sarif(run: Run) -> str:
    """Return one run: the shapes with results are its rules, files that could not be read and numbers of
    results that are not given its notifications.
    """
    rules = _rules(run)
    numbers = {rule["id"]: number for number, rule in enumerate(rules)}
    results = [
        _result(one, one.report, result, numbers, run)
        for one in run.files
        if one.report
        for group in grouped(one.report)
        for result in group.results
    ]
    failed = any(one.error for one in run.files)
    notifications = [note for one in run.files for note in _notifications(one, run)]
    notifications += [{"level": "error", "message": {"text": idle_words(run)}}] if run.idle else []
    invocation = {"executionSuccessful": not failed, "toolExecutionNotifications": notifications}
    return sarif_log(rules, results, invocation)


def sarif_log(rules: list[dict[str, Any]], results: list[dict[str, Any]], invocation: dict[str, Any]) -> str:
    """Return a log of one run of lodkit; columns and offsets count code points (§3.14.27)."""
    driver = {
        "name": "lodkit",
        "informationUri": _HOME,
        "semanticVersion": __version__,
        "rules": rules,
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [invocation],
        "results": results,
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _rules(run: Run) -> list[dict[str, Any]]:
    """A rule for each shape with results (§3.49), by its IRI."""
    found: dict[str, dict[str, Any]] = {}
    for one in run.files:
        for group in grouped(one.report) if one.report else ():
            if one.report and group.shape not in found:
                found[group.shape] = _rule(one.report, group.shape, group.results)
    return [found[shape] for shape in sorted(found)]


def _rule(report: Report, shape: str, results: tuple[Result, ...]) -> dict[str, Any]:
    said = report.texts.get(shape)
    name = report.name(shape)
    severity = said.severity if said else next((one.severity for one in results), Severity.VIOLATION)
    texts = {
        "shortDescription": (said.name if said else "") or name,
        "fullDescription": (said.description if said else "") or (said.name if said else "") or name,
        "help": advice(report, results[0]) if results else "",
    }
    return {
        "id": shape,
        "name": name,
        **{key: {"text": clean(text)} for key, text in texts.items() if text},
        "defaultConfiguration": {"level": LEVELS[severity]},
    }


def _result(
    one: Validated, report: Report, result: Result, numbers: dict[str, int], run: Run
) -> dict[str, Any]:
    places = spots(one, result)
    said = f"{clean(result.message)} ({triple_text(report, result)})"
    message = "\n".join([said, *reasons(report, result)])
    return {
        "ruleId": result.source_shape,
        "ruleIndex": numbers[result.source_shape],
        "level": LEVELS[result.severity],
        "message": {"text": message},
        "locations": [_location(places[0], report, result, run)],
        **({"relatedLocations": _related(places[1:], run)} if places[1:] else {}),
        "partialFingerprints": {"lodkit/v1": fingerprint(result)},
        "properties": {
            "component": result.component,
            **({"path": result.path} if result.path else {}),
            **({"morePlaces": result.more_places} if result.more_places else {}),
        },
    }


def _location(spot: Spot, report: Report, result: Result, run: Run) -> dict[str, Any]:
    name = clean(report.term(result.focus_node))
    logical = {"logicalLocations": [{"fullyQualifiedName": name, "kind": "resource"}]}
    physical = _physical(spot, run)
    return {**({"physicalLocation": physical} if physical else {}), **logical}


def _related(places: tuple[Spot, ...], run: Run) -> list[dict[str, Any]]:
    physical = [found for spot in places if (found := _physical(spot, run))]
    return [{"id": number, "physicalLocation": found} for number, found in enumerate(physical, 1)]


def _physical(spot: Spot, run: Run) -> dict[str, Any] | None:
    if spot.file is None:
        return None
    region = sarif_region(spot.line, spot.column, spot.end)
    if spot.begin is not None and spot.words:
        region |= {"charOffset": spot.begin, "charLength": len(spot.words), "snippet": {"text": spot.words}}
    return {
        "artifactLocation": sarif_artifact(spot.file, run.folder),
        **({"region": region} if region else {}),
    }


def sarif_artifact(file: str, folder: str) -> dict[str, str]:
    """Return the location of a file (§3.4), below the root of the sources where it is relative."""
    uri = artifact_uri(file, folder)
    return {"uri": uri} if uri.startswith("file:") else {"uri": uri, "uriBaseId": _ROOT}


def sarif_region(line: int | None, column: int | None, end: tuple[int, int] | None = None) -> dict[str, Any]:
    """Return a region (§3.30), empty where no line is known."""
    if line is None:
        return {}
    region: dict[str, Any] = {"startLine": line}
    if column is not None:
        region["startColumn"] = column
    if end is not None:
        region |= {"endLine": end[0], "endColumn": end[1]}
    return region


def fingerprint(result: Result) -> str:
    """Return what stays the same of a result when lines move and other results come and go: what it says of
    what, by which shape. Labels of blank nodes, which others number, are no part of it.
    """
    terms = (result.focus_node, result.value)
    parts = ["_:" if isinstance(term, BlankNode) else str(term) for term in terms]
    return short_hash((*parts, result.path or "", result.source_shape, result.component, result.message))


def _notifications(one: Validated, run: Run) -> Iterator[dict[str, Any]]:
    if one.error:
        yield _notification("error", str(one.error), one, run)
    if one.report:
        more = left_out(one.report.left_out)
        level = "error" if one.report.has_gaps else "note" if one.report.focus_nodes else "warning"
        yield _notification(level, "; ".join(filter(None, (verdict(one.report), more))), one, run)


def _notification(level: str, text: str, one: Validated, run: Run) -> dict[str, Any]:
    found: dict[str, Any] = {"level": level, "message": {"text": clean(text)}}
    if one.file != "-":
        artifact = sarif_artifact(one.file, run.folder)
        found["locations"] = [{"physicalLocation": {"artifactLocation": artifact}}]
    return found
