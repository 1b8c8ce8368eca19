"""Tables of cases of which `make check` runs some, and `make test` all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def mostly_slow(cases: Iterable[Any], every: int = 7) -> list[Any]:
    """Return cases as parameters, all but the first and every n-th after it marked as slow; a case of several
    parameters is a tuple.
    """
    return [
        pytest.param(
            *(case if isinstance(case, tuple) else (case,)),
            marks=[pytest.mark.slow] if position % every else [],
        )
        for position, case in enumerate(cases)
    ]
