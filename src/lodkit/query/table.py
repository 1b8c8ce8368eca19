"""The answer to a query as people use it: rows of values of Python, a data frame, a page, a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Literal

from ..errors import UsageError
from ..extras import package
from ..files import write_bytes
from ..xsd import XSD, is_valid, kind_of
from .html import html_table
from .output import FORMATS, LABELLED, SPREADSHEET_FORMATS, format_solutions, without_formulas
from .solutions import Cell, Solutions, add_labels, cited, labels, plain, without

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    import pandas

    from .solutions import Cite, Queryable

Value = str | int | float | bool | Decimal | None
"""What a cell is to Python."""

MOST_SHOWN = 200
"""How many rows a notebook shows; the others are counted."""

_WIDTH = 100


@dataclass(frozen=True, repr=False)
class Table:
    """An answer: named columns and rows, with the labels of the IRIs in them.

    It is a sequence of rows, each a dict from the names of all columns to values: an IRI is its text, a
    number or a boolean is Python's, everything else is the literal's lexical form, and what is not bound is
    None. After a column ``x`` that holds an IRI stands ``xLabel``. Where quotes were asked for,
    ``evidence`` has each row's (file:line:column "quote", a line each), ``evidenceQuote`` the quotes alone
    and ``evidenceSource`` where their articles come from.

    ``solutions`` has the same cells as RDF terms (pyoxigraph's), with ``cites`` as values of their own;
    ``notes`` say why there may be no rows, such as a term of the query that the data have nowhere.

    >>> from lodkit.api import SAMPLE, Domain
    >>> table = Domain().read(SAMPLE).query("founders")
    >>> table
    <Table of 1 row, 7 columns: founded, foundedLabel, founder, founderLabel, date, article, articleLabel>
    >>> [row["founderLabel"] for row in table]
    ['Ada Lund']
    """

    solutions: Solutions
    labels: Mapping[str, str] = field(default_factory=dict)
    prefixes: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @cached_property
    def _wide(self) -> Solutions:
        return cited(add_labels(self.solutions, self.labels))

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, those of labels and quotes included."""
        return self._wide.variables

    @cached_property
    def rows(self) -> tuple[dict[str, Value], ...]:
        """The rows, each a dict from the name of each column to a value."""
        return tuple(dict(zip(self.columns, map(value_of, row), strict=True)) for row in self._wide.rows)

    @property
    def cites(self) -> tuple[tuple[Cite, ...], ...] | None:
        """The quotes of each row, as values; None where they were not asked for."""
        return self.solutions.cites

    def __len__(self) -> int:
        return len(self.solutions.rows)

    def __iter__(self) -> Iterator[dict[str, Value]]:
        return iter(self.rows)

    def __getitem__(self, index: int) -> dict[str, Value]:
        return self.rows[index]

    def to_pandas(self) -> pandas.DataFrame:
        """Return the rows as a data frame: a row each, the columns in their order.

        Raises:
            UsageError: pandas is not installed (the extra ``pandas``).
        """
        frame: pandas.DataFrame = package("pandas").DataFrame(self.rows, columns=list(self.columns))
        return frame

    def text(
        self,
        form: str = "table",
        *,
        width: int = _WIDTH,
        labels: bool | None = None,
        iris: bool = False,
        safe: bool = False,
    ) -> str:
        """Return the answer as ``lodkit query`` writes it: as ``table``, ``csv``, ``tsv``, ``json``, ``md``
        or ``html``.

        A table is at most ``width`` character cells wide, with a list of its IRIs below, or ``iris`` beside
        the labels. ``labels`` are there for people and left out in csv, tsv and json, unless said otherwise.
        In ``safe`` csv and tsv no cell is a formula to a spreadsheet.

        >>> from lodkit.api import SAMPLE, Domain
        >>> print(Domain().read(SAMPLE).query("founders").text(width=60))
        founded           founder       date  article
        ────────────────  ────────────  ────  ────────────────
        Blue Lantern [1]  Ada Lund [2]  1996  Blue Lantern [3]
        <BLANKLINE>
        [1] id:Blue_Lantern
        [2] id:Blue_Lantern/Ada_Lund
        [3] article:Blue_Lantern
        <BLANKLINE>

        Raises:
            UsageError: there is no such format.
        """
        known = self.labels if (form in LABELLED if labels is None else labels) else {}
        solutions = self.solutions
        if safe and form in SPREADSHEET_FORMATS:
            solutions, known = without_formulas(add_labels(solutions, known)), {}
        return format_solutions(solutions, form, labels=known, prefixes=self.prefixes, width=width, iris=iris)

    def workbook(self) -> bytes:
        """Return the answer as a workbook (Office Open XML, ``.xlsx``) of one sheet, labels beside IRIs;
        numbers are numbers, everything else is text and never a formula.

        Raises:
            UsageError: openpyxl is not installed (the extra ``xlsx``).
            LimitError: a cell or the rows are more than a sheet takes.
        """
        from .workbook import workbook

        return workbook(self.columns, [tuple(row.values()) for row in self.rows])

    def write(self, path: Path | str) -> None:
        """Write the answer to a file: ``.csv``, ``.tsv``, ``.json``, ``.md``, ``.html`` or ``.xlsx``.

        Raises:
            UsageError: the extension is of none of them, or openpyxl is not installed.
            LimitError: it is more than a sheet takes.
            StoreError: the file cannot be written.
        """
        form = Path(path).suffix.lower().removeprefix(".")
        if form not in (*FORMATS[1:], "xlsx"):
            hint = f".{', .'.join(FORMATS[1:])} or .xlsx"
            raise UsageError("no format of tables has this extension", file=str(path), hint=hint)
        write_bytes(path, self.workbook() if form == "xlsx" else self.text(form).encode())

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        rows = f"{len(self)} row{'s' * (len(self) != 1)}"
        columns = f"{len(self.columns)} column{'s' * (len(self.columns) != 1)}"
        notes = "".join(f"; {note}" for note in self.notes)
        return f"<Table of {rows}, {columns}: {', '.join(self.columns)}{notes}>"

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        shown = without(self.solutions, self.solutions.hidden)
        notes = "".join(f"<p>{escape(note)}</p>\n" for note in self.notes)
        return html_table(shown, self.labels, self.prefixes, most=MOST_SHOWN) + notes


def tabulated(
    solutions: Solutions, store: Queryable, prefixes: Mapping[str, str], notes: Iterable[str] = ()
) -> Table:
    """Return an answer with the labels that the store has for its IRIs.

    Raises:
        StoreError: the store fails.
    """
    return Table(solutions, labels(solutions, store), prefixes, tuple(notes))


def value_of(cell: Cell) -> Value:
    """Return what a cell is to Python; a number that is none by its datatype stays a text.

    >>> value_of(Literal(3)), value_of(Literal("3"))
    (3, '3')
    """
    if cell is None:
        return None
    if not isinstance(cell, Literal) or cell.language:
        return plain(cell)
    datatype = cell.datatype.value
    read = _VALUES.get("integer" if datatype in _INTEGERS else kind_of(datatype))
    return read(cell.value) if read and is_valid(cell.value, datatype) else cell.value


_INTEGERS = frozenset(
    XSD + name
    for name in (
        "integer",
        *("nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger"),
        *("long", "int", "short", "byte", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    )
)
_LONGEST_INTEGER = 4_000  # digits; Python refuses to read more than 4,300


def _integer(text: str) -> int | str:
    return int(text) if len(text) <= _LONGEST_INTEGER else text


_VALUES: Mapping[str, Callable[[str], Value]] = {
    "integer": _integer,
    "decimal": Decimal,
    "float": lambda text: float(text.replace("INF", "inf")),
    "double": lambda text: float(text.replace("INF", "inf")),
    "boolean": lambda text: text.strip() in ("true", "1"),
}
