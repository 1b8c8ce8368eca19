"""Reports as JUnit's XML, as Ant writes it: a suite a file, a case a shape."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from ..groups import Group, grouped
from ..render import clean
from .model import relative_name, spots
from .words import counted, gaps, idle_words, left_out, reasons, triple_text, verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ..report import Report, Result
    from .model import Run, Validated

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0 §2.2, Char
_MOST_GAPS = 100
_NEVER = "1970-01-01T00:00:00"  # the same reports in the same bytes, whenever they are made


def write_junit(run: Run) -> str:
    """Return a document of a suite a file; a case fails where a result of its shape is as bad as the run
    takes for a failure, other results stand in the suite's output.
    """
    suites = "".join(part for number, one in enumerate(run.files) for part in _suite(one, number, run))
    last = "".join(_of_run(run)) if run.idle else ""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n{suites}{last}</testsuites>\n'


def _suite(one: Validated, number: int, run: Run) -> Iterator[str]:
    name = clean(relative_name(one.file, run.folder)).strip() or "-"
    cases = list(_cases(one, name, run))
    output = "".join(f"{line}\n" for line in _output(one, run))
    yield from _framed(name, number, cases, output)


def _of_run(run: Run) -> Iterator[str]:
    """A suite of what fails the run, and no single file."""
    case = _case("all", "a node for every shape", "failure", idle_words(run), "")
    yield from _framed("all", len(run.files), [case], "")


def _framed(name: str, number: int, cases: Sequence[tuple[str, str]], output: str) -> Iterator[str]:
    kinds = [kind for kind, _ in cases]
    yield (
        f"  <testsuite {_attributes(name=name, package='lodkit', id=number)}"
        f' hostname="localhost" timestamp="{_NEVER}" time="0"'
        f" {_attributes(tests=len(cases), failures=kinds.count('failure'), errors=kinds.count('error'))}"
        ">\n    <properties/>\n"
    )
    yield from (case for _, case in cases)
    yield f"    <system-out>{_text(output)}</system-out>\n    <system-err></system-err>\n  </testsuite>\n"


def _cases(one: Validated, name: str, run: Run) -> Iterator[tuple[str, str]]:
    """The kind of outcome, empty for a case that passes, and the element of each case."""
    report = one.report
    if report is None:
        yield _case(name, "read", "error", str(one.error), "")
        return
    if not report.focus_nodes:
        # One of several files may have nothing to check, all of them may not.
        kind = "skipped" if run.is_checked else "failure"
        yield _case(name, "something to check", kind, report.verdict, verdict(report))
    if report.has_gaps:
        yield _case(name, "a shape for everything", "failure", gaps(report), "\n".join(_gaps(report)))
    groups = {group.shape: group for group in grouped(report)}
    # A shape that fails by its property shapes alone has no case of its own: they have.
    passed = [count.shape for count in report.shapes if count.targets and not count.failed]
    for shape in dict.fromkeys([*groups, *passed]):
        yield _of_shape(one, report, name, groups.get(shape, Group(shape, (), {})), run)


def _gaps(report: Report) -> Iterator[str]:
    yield from (f"no shape looked at {clean(report.term(node))}" for node in report.uncovered[:_MOST_GAPS])
    for one in report.unknown[:_MOST_GAPS]:
        yield f"no shape knows {clean(report.name(one.predicate))} of {clean(report.term(one.example))}"


def _of_shape(one: Validated, report: Report, name: str, group: Group, run: Run) -> tuple[str, str]:
    shape = clean(report.name(group.shape))
    bad = {severity: n for severity, n in group.counts.items() if severity in run.fail_on.at_least}
    if not bad:
        return _case(name, shape, "", "", "")
    failing = [result for result in group.results if result.severity in bad]
    lines = [*_lines(one, report, failing, run), *filter(None, [left_out(group.left_out)])]
    text = report.texts.get(group.shape)
    says = text.description if text and text.description else shape
    return _case(name, shape, "failure", f"{counted(bad)}: {says}", "\n".join(lines))


def _case(file: str, name: str, kind: str, message: str, text: str) -> tuple[str, str]:
    head = f"    <testcase {_attributes(classname=file, name=name)}" + ' time="0"'
    if not kind:
        return kind, f"{head}/>\n"
    type_of = "" if kind == "skipped" else ' type="sh:ValidationResult"'
    inner = f"<{kind} {_attributes(message=message)}{type_of}>{_text(text)}</{kind}>"
    return kind, f"{head}>{inner}</testcase>\n"


def _output(one: Validated, run: Run) -> Iterator[str]:
    """The verdict, and the results that fail nothing."""
    report = one.report
    if report is None:
        return
    rest = [result for result in report.results if result.severity not in run.fail_on.at_least]
    yield from _lines(one, report, rest, run)
    yield verdict(report)
    if any(report.left_out.values()):
        yield left_out(report.left_out)


def _lines(one: Validated, report: Report, results: Iterable[Result], run: Run) -> Iterator[str]:
    for result in results:
        spot = spots(one, result)[0]
        known = (spot.file and relative_name(spot.file, run.folder), spot.line, spot.column)
        where = ":".join(str(part) for part in known if part)
        words = f' "{clean(spot.words)}"' if spot.words else ""
        severity = result.severity.value.lower()
        text = f"{severity}: {clean(result.message)}{words} ({triple_text(report, result)})"
        yield f"{where}: {text}" if where else text
        yield from (f"  {reason}" for reason in reasons(report, result))


def _attributes(**values: str | int) -> str:
    return " ".join(f"{key}={quoteattr(_cleaned(clean(str(value))))}" for key, value in values.items())


def _text(text: str) -> str:
    return escape("\n".join(_cleaned(clean(line)) for line in text.split("\n")))


def _cleaned(text: str) -> str:
    """A text of which XML takes every character (XML 1.0 §2.2)."""
    return _NO_XML.sub("\ufffd", text)
