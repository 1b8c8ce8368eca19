"""Write the articles of ``cases.toml`` and, where it says what to plant, the data built from them with the
violation in it.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path
from typing import Any

from pyoxigraph import RdfFormat, parse

from lodkit.build import build_article
from lodkit.domain import Domain, read_domain
from lodkit.rdf import format_named, quad_lines, write

HERE = Path(__file__).parent
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DOCUMENT = "https://w3id.org/lodkit/article/Blue_Lantern"
SUBJECT = "https://w3id.org/lodkit/id/"
CASES: dict[str, dict[str, Any]] = tomllib.loads((HERE / "cases.toml").read_text(encoding="utf-8"))


def expanded(term: str, domain: Domain) -> str:
    """A CURIE as N-Quads; a literal's datatype may be one."""
    if term.startswith('"'):
        return re.sub(r"\^\^(\w+:\w+)$", lambda found: "^^" + expanded(found[1], domain), term)
    prefix, _, local = term.partition(":")
    return f"<{({**domain.prefixes, 'id': SUBJECT})[prefix]}{local}>"


def planted(lines: list[str], case: dict[str, Any], domain: Domain) -> list[str]:
    for old, new in case.get("replace", ()):
        assert any(old in line for line in lines), old
        lines = [line.replace(old, new) for line in lines]
    for subject, predicate in case.get("unsay", ()):
        lines = without(lines, expanded(subject, domain), expanded(predicate, domain))
    for *triple, quote, basis in [[*one, "lk:stated"][:5] for one in case.get("say", ())]:
        statement = [expanded(term, domain) for term in triple]
        lines += said(statement, quote, expanded(basis, domain), lines, domain)
    return lines


def without(lines: list[str], subject: str, predicate: str) -> list[str]:
    """The quads but for a fact and the statements that say it."""

    def with_part(part: str, value: str) -> set[str]:
        ending = f" <{RDF}{part}> {value} "
        return {line.split(" ")[0] for line in lines if ending in line}

    gone = with_part("predicate", predicate) & with_part("subject", subject)
    assert gone, predicate
    return [
        line
        for line in lines
        if not line.startswith(f"{subject} {predicate} ") and line.split(" ")[0] not in gone
    ]


def said(triple: list[str], quote: str, basis: str, lines: list[str], domain: Domain) -> list[str]:
    """A fact, and a statement of it at the first place with some words."""
    anchor = f'#anchorOf> "{quote}" '
    place = min(line.split(" ")[0] for line in lines if anchor in line)
    node = f"<{DOCUMENT}#statement-{hashlib.sha256(' '.join(triple).encode()).hexdigest()[:16]}>"
    core = domain.prefixes["lk"]
    pairs = [
        (f"{RDF}type", f"<{core}Statement>"),
        *(
            (f"{RDF}{part}", term)
            for part, term in zip(("subject", "predicate", "object"), triple, strict=True)
        ),
        (f"{core}modality", f"<{core}asserted>"),
        (f"{core}basis", basis),
        (f"{core}rule", f"<{core}planted>"),
        ("http://www.w3.org/ns/prov#wasDerivedFrom", place),
    ]
    facts = [" ".join(triple) + f" <{DOCUMENT}#facts> ."]
    return facts + [f"{node} <{predicate}> {value} <{DOCUMENT}#evidence> ." for predicate, value in pairs]


def plant(name: str, domain: Domain) -> None:
    case = CASES[name]
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    article = folder / "article.txt"
    article.write_text(case["article"], encoding="utf-8")
    if not {"say", "unsay", "replace"} & case.keys():
        return
    quads = build_article(article, domain).quads()
    lines = [re.sub('(#(?:tool|domain)Version>) ".*?"', r'\1 "0"', line) for line in quad_lines(quads)]
    text = "\n".join(planted(lines, case, domain))
    with (folder / "data.trig").open("wb") as out:
        write(parse(text, RdfFormat.N_QUADS), out, format_named("trig"), domain=domain)


if __name__ == "__main__":
    bundled = read_domain()
    for each in CASES:
        plant(each, bundled)
