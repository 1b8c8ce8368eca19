"""Wikitext: how fast it is scanned and read, next to mwparserfromhell where that is installed, and how the
time grows with the length.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from lodkit.domain import read_domain
from lodkit.source import parse_article
from lodkit.source.wikitext.scan import scan
from measure import Table, interleaved

PAGES = Path(__file__).resolve().parent.parent / "tests" / "wikitext" / "pages"
TIMES_AS_FAST = 40
LENGTHS = (16_000, 64_000, 256_000, 900_000)
OTHER = "mwparserfromhell"


def readers(texts: Sequence[str]) -> dict[str, Callable[[], object]]:
    """What reads pages: the scanner, all of the reader, and the other one."""
    rules = read_domain().wikitext
    actions: dict[str, Callable[[], object]] = {
        "scan": lambda: [scan(text) for text in texts],
        "read": lambda: [
            parse_article(text, form="wikitext", title="Title", wikitext=rules) for text in texts
        ],
    }
    if find_spec(OTHER) is not None:
        other = import_module(OTHER)
        actions[OTHER] = lambda: [other.parse(text) for text in texts]
    return actions


def wikitext() -> Table:
    """Pages as they are, and longer and longer stretches of all of them."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(PAGES.glob("*.wiki"))]
    size = sum(map(len, texts))
    whole = "\n\n".join(texts)
    actions = readers(texts)
    rules = read_domain().wikitext
    lengths = {f"read, {number // 1000} thousand characters": number for number in LENGTHS}
    for name, number in lengths.items():
        actions[name] = partial(parse_article, whole[:number], form="wikitext", title="Title", wikitext=rules)
    times = {name: min(taken) for name, taken in interleaved(actions, 3).items()}
    other = times.get(OTHER)
    rows = [
        (
            name,
            f"{lengths.get(name, size) / 1e6 / taken:.2f} MB/s",
            f"{other / taken:.1f}×" if other and name in ("scan", "read") else "",
            f"{TIMES_AS_FAST}×" if name == "scan" else "",
        )
        for name, taken in times.items()
    ]
    is_missed = other is not None and other / times["scan"] < TIMES_AS_FAST
    missed = [f"wikitext: scanned {other / times['scan']:.1f} times as fast"] if other and is_missed else []
    note = f"{len(texts)} pages, {size // 1000} thousand characters; the least of 3 interleaved passes."
    return Table("Wikitext", note, ("what", "speed", f"against {OTHER}", "goal"), rows, missed)
