"""A run of validations as the formats of reports see it, and where in a file each result belongs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING
from urllib.parse import quote

from pyoxigraph import NamedNode

from ..render import COLUMNS
from ..report import Report, Result, ResultPlace, Severity

if TYPE_CHECKING:
    from ...errors import LodkitError

STANDARD = "-"
_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Source:
    """The file of an article, and whether it begins with a byte order mark, which only lodkit counts."""

    file: str
    has_mark: bool = False


@dataclass(frozen=True, slots=True)
class Validated:
    """A file, or data set, and the report on it, or why it cannot be read.

    ``sources`` leads from the IRIs of documents to the files of their articles, ``lines`` from the subjects
    of an RDF file to their lines (from 1).
    """

    file: str
    report: Report | None = None
    error: LodkitError | None = None
    sources: Mapping[str, Source] = field(default_factory=dict, repr=False)
    lines: Mapping[str, int] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Run:
    """The files of a run in their order; results as bad as ``fail_on`` fail it, and so do shapes that are
    ``idle``: those that found no node in any file, where that is asked for. ``folder`` is where it runs,
    which the names of files are relative to.
    """

    files: tuple[Validated, ...]
    fail_on: Severity = Severity.VIOLATION
    folder: str = ""
    color: bool = False
    columns: int = COLUMNS
    idle: tuple[str, ...] = ()

    @property
    def passes(self) -> bool:
        """Whether all files were read, no data and no shape fail, and anything at all was checked."""
        reports = [one.report for one in self.files if one.report]
        is_clean = len(reports) == len(self.files) and not any(one.fails(self.fail_on) for one in reports)
        return is_clean and not self.idle and self.is_checked

    @property
    def is_checked(self) -> bool:
        """Whether anything at all was checked."""
        return any(one.report.focus_nodes for one in self.files if one.report)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a result belongs: a file, a line and a column (both from 1), of which what is not known is None.

    ``begin`` is the offset of its ``words``, both of an article only.
    """

    file: str | None
    line: int | None = None
    column: int | None = None
    begin: int | None = None
    words: str = ""
    place: ResultPlace | None = None

    @property
    def end(self) -> tuple[int, int] | None:
        """The line and column after the last of the words."""
        if self.line is None or self.column is None or not self.words:
            return None
        lines = self.words.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        last = len(lines[-1])
        return self.line + len(lines) - 1, self.column + last if len(lines) == 1 else last + 1


def spots(one: Validated, result: Result) -> tuple[Spot, ...]:
    """Return where a result belongs, first what says most: the places in articles that are at hand, else
    the line of the focus node's subject, else the file.
    """
    found = [spot for place in result.places if (spot := _of_place(place, one)) is not None]
    return tuple(found) or (_of_subject(one, result),)


def _of_place(place: ResultPlace, one: Validated) -> Spot | None:
    source = one.sources.get(place.iri.partition("#")[0])
    if source is None or source.file == STANDARD or not place.line or not place.column:
        return None
    shift = 1 if source.has_mark else 0
    return Spot(
        source.file,
        place.line,
        max(1, place.column - shift) if place.line == 1 else place.column,
        None if place.begin is None else max(0, place.begin - shift),
        place.quote,
        place,
    )


def _of_subject(one: Validated, result: Result) -> Spot:
    place = result.places[0] if result.places else None
    file = None if one.file == STANDARD else one.file
    node = result.focus_node
    line = one.lines.get(node.value) if isinstance(node, NamedNode) else None
    return Spot(file, line if file else None, place=place)


def relative_name(file: str, folder: str) -> str:
    """Return the name of a file relative to a folder that it is below, with ``/`` between its parts."""
    path = PurePath(file)
    if folder and path.is_absolute() and path.is_relative_to(folder):
        path = path.relative_to(folder)
    return path.as_posix()


def artifact_uri(file: str, folder: str) -> str:
    """Return the name of a file as a URI reference (RFC 3986 §4.1), relative where it is below the folder.

    >>> artifact_uri("/a/b/50% of it.ttl", "/a")
    'b/50%25%20of%20it.ttl'
    """
    name = relative_name(file, folder)
    # a colon in the first segment would make it a scheme (RFC 3986 §4.2)
    encoded = quote(name.encode("utf-8", "surrogateescape"), safe="/-._~!$&'()*+,;=@")
    return (
        f"file://{'' if name.startswith('/') else '/'}{encoded}" if PurePath(name).is_absolute() else encoded
    )


def source_of(file: str, text: str) -> Source:
    """Return an article's file as a source."""
    return Source(file, text.startswith(_MARK))
