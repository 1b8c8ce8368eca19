"""Values of XML Schema 1.1, of RDF's own datatypes and of EDTF: which texts are forms of them, what they
stand for, and which comes first. Texts in, plain values out; all of it by the specifications and none of it
by Python's types, which know no year 0000 or 12020, no 24:00:00 and no gYear.
"""

from __future__ import annotations

from .lexical import EDTF, RDF, TABLE, XSD, is_derived, is_known, is_valid, kind_of, why_invalid
from .values import Value, compare, line_of, value

__all__ = [
    "EDTF",
    "RDF",
    "TABLE",
    "XSD",
    "Value",
    "compare",
    "is_derived",
    "is_known",
    "is_valid",
    "kind_of",
    "line_of",
    "value",
    "why_invalid",
]
