"""How much data articles become, with as much evidence as is asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph

from lodkit.build import build_article
from lodkit.domain import read_domain
from lodkit.rdf import Level
from measure import Row, Table

MOST_FOR_A_FACT = 11.0  # quads, with lean evidence


def by_level(files: Sequence[Path]) -> Table:
    """Build articles at each level of evidence, and count quads and bytes of N-Quads."""
    domain = read_domain()
    quads: Counter[Level] = Counter()
    data: Counter[Level] = Counter()
    for file in files:
        article = build_article(file, domain)
        for level in Level:
            made = list(article.quads(evidence=level))
            quads[level] += len(made)
            data[level] += len(pyoxigraph.serialize(made, format=pyoxigraph.RdfFormat.N_QUADS) or b"")
    texts = sum(file.stat().st_size for file in files)
    for_a_fact = {level: quads[level] / quads[Level.NONE] for level in Level}
    rows: list[Row] = [
        (
            level,
            f"{quads[level]:,}",
            f"{for_a_fact[level]:.2f}",
            f"{data[level] / 1e6:.1f} MB",
            f"{data[level] / texts:.1f}×",
            f"{MOST_FOR_A_FACT:g} quads a fact" if level is Level.LEAN else "",
        )
        for level in Level
    ]
    over = for_a_fact[Level.LEAN] > MOST_FOR_A_FACT
    missed = [f"lean evidence: {for_a_fact[Level.LEAN]:.2f} quads a fact"] if over else []
    note = f"{len(files)} articles, {texts / 1000:.0f} kB."
    header = ("evidence", "quads", "quads a fact", "N-Quads", "times the text", "goal")
    return Table("Size", note, header, rows, missed)
