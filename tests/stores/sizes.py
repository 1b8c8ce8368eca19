"""How many quads the invented articles of ``tests/queries/small.trig`` have: counted in the file by the parser
alone, so that what lodkit says of a load is compared with something else than lodkit.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, parse
from tests.stores.conftest import SMALL


def count_quads(file: Path) -> Counter[str]:
    """Return how many different quads of a TriG file are in graphs of each document, by its IRI."""
    found: Counter[str] = Counter()
    for quad in set(parse(file.read_bytes(), RdfFormat.TRIG)):
        assert isinstance(quad.graph_name, NamedNode)
        found[quad.graph_name.value.partition("#")[0]] += 1
    return found


OF_ARTICLE = count_quads(SMALL)
OF_ALL = OF_ARTICLE.total()

assert len(OF_ARTICLE) == 3
assert min(OF_ARTICLE.values()) > 100
