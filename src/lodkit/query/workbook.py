"""Answers as a workbook of Office Open XML (ECMA-376), made by openpyxl: the same bytes for the same rows."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from ..errors import LimitError
from ..extras import package

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
"""How many rows, with the head, and columns a sheet has."""

LONGEST_CELL = 32_767
"""How many characters a cell holds, counted in UTF-16."""

_EXACT = 10**15  # a spreadsheet's numbers have 15 digits; a longer one stays a text
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first day of ZIP
# XML 1.0 §2.2 has none of these
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # would be one character (ECMA-376-1 §22.9.2.19, ST_Xstring)
_DATES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_WIDEST = 60


def workbook(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """Return the bytes of a workbook with one sheet.

    Raises:
        UsageError: openpyxl is not installed.
        LimitError: a cell or the rows are more than a sheet takes.
    """
    if len(rows) >= MOST_ROWS or len(columns) > MOST_COLUMNS:
        message = f"{len(rows)} rows of {len(columns)} columns, and a sheet has {MOST_ROWS} of {MOST_COLUMNS}"
        raise LimitError(message, hint="write csv, or ask for less with LIMIT")
    book = package("openpyxl").Workbook()
    sheet = book.active
    sheet.title = "answer"
    sheet.freeze_panes = "A2"
    for at, row in enumerate((columns, *rows), start=1):
        for column, value in enumerate(row, start=1):
            if value is not None:
                _fill(sheet.cell(at, column), value, at)
    font = package("openpyxl").styles.Font(bold=True)
    for cell in sheet[1]:
        cell.font = font
        sheet.column_dimensions[cell.column_letter].width = _width(cell.column - 1, columns, rows)
    stream = io.BytesIO()
    book.save(stream)
    return _without_clock(stream.getvalue())


def _fill(cell: Any, value: Any, row: int) -> None:
    """Put a value into a cell: a number where it keeps all its digits, else a text."""
    if _is_number(value):
        cell.value = value
    else:
        cell.value = _text(str(value), row)
        cell.data_type = "s"  # "=1+1" would be a formula, "#N/A" an error


def _is_number(value: Any) -> bool:
    if isinstance(value, bool | float):
        return isfinite(value)
    if not isinstance(value, int | Decimal):
        return False
    number = Decimal(value)
    return abs(number) < _EXACT and Decimal(repr(float(number))) == number


def _text(text: str, row: int) -> str:
    if len(text.encode("utf-16-le", "surrogatepass")) // 2 > LONGEST_CELL:
        message = f"a cell of row {row - 1} has {len(text)} characters, and a sheet's have {LONGEST_CELL}"
        raise LimitError(message, hint="write csv or json")
    return _ESCAPE.sub("_x005F_", _CONTROL.sub("\ufffd", text))


def _width(index: int, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
    longest = max((len(str(row[index])) for row in rows[:200]), default=0)
    return min(max(longest, len(columns[index])) + 2, _WIDEST)


def _without_clock(data: bytes) -> bytes:
    """The same archive without the times at which it was made."""
    stream = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as old, ZipFile(stream, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _DATES.sub(rb"\g<1>1980-01-01T00:00:00Z", content)
            new.writestr(ZipInfo(name, _EPOCH), content, ZIP_DEFLATED)
    return stream.getvalue()
