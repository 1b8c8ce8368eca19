"""rdflib's datatypes as they were: owlrl, which pySHACL and closures use, rebinds them for the whole process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rdflib.term import _toPythonMapping


@contextmanager
def kept_datatypes() -> Iterator[None]:
    """Undo at the end of the block what inference in it has bound anew."""
    bound = dict(_toPythonMapping)
    try:
        yield
    finally:
        _toPythonMapping.clear()
        _toPythonMapping.update(bound)
