"""Reports as workflow commands of GitHub Actions, which annotate the lines of a pull request
(https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..groups import grouped
from ..render import clean
from ..report import Severity
from .model import relative_name, spots
from .words import idle_words, left_out, reasons, shape_title, triple_text, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..groups import Group
    from .model import Run, Validated

COMMANDS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def write_github(run: Run) -> str:
    """Return a command for each result, for each file that could not be read, and one for each verdict."""
    lines = [line for one in run.files for line in _file(one, run)]
    lines += [command("error", {"title": "lodkit"}, idle_words(run))] if run.idle else []
    return "".join(f"{line}\n" for line in lines)


def _file(one: Validated, run: Run) -> Iterator[str]:
    if one.report is None:
        where = {"file": relative_name(one.file, run.folder), "title": "not validated"}
        yield command("error", where, str(one.error))
        return
    for group in grouped(one.report):
        yield from _group(one, group, run)
    more = left_out(one.report.left_out)
    name = relative_name(one.file, run.folder)
    # What results say is told by theirs.
    fails = one.report.has_gaps or not (one.report.focus_nodes or run.is_checked)
    yield command(
        "error" if fails else "notice",
        {"title": "lodkit"},
        f"{name}: {verdict(one.report)}{'; ' * bool(more)}{more}",
    )


def _group(one: Validated, group: Group, run: Run) -> Iterator[str]:
    report = one.report
    if report is None:
        return
    title = shape_title(report, group.shape)
    for result in group.results:
        spot = spots(one, result)[0]
        where = {
            "file": relative_name(spot.file, run.folder) if spot.file else None,
            "line": spot.line,
            "endLine": spot.end[0] if spot.end else None,
            "col": spot.column,
            "endColumn": spot.end[1] if spot.end and spot.end[0] == spot.line else None,
            "title": title,
        }
        said = (clean(result.message), triple_text(report, result), *reasons(report, result))
        yield command(COMMANDS[result.severity], where, "\n".join([*said, report.name(group.shape)]))
    more = left_out(group.left_out)
    if more:
        yield command("notice", {"title": title}, f"{report.name(group.shape)}: {more}")


def command(name: str, properties: Mapping[str, str | int | None], message: str) -> str:
    r"""Return a workflow command; properties that are None are left out.

    >>> command("error", {"file": "a,b.ttl", "line": 3, "col": None}, "100 % of\nit")
    '::error file=a%2Cb.ttl,line=3::100 %25 of%0Ait'
    """
    known = [f"{key}={_property(str(value))}" for key, value in properties.items() if value is not None]
    message = "\n".join(clean(line) for line in message.split("\n"))
    return f"::{name}{' ' * bool(known)}{','.join(known)}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(clean(text)).replace(":", "%3A").replace(",", "%2C")
