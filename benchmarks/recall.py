"""How much of what an infobox says is found: against statements of Wikidata whose value the infobox has, and
the plain form of an article against its wikitext.

    python benchmarks/recall.py wikidata parties.jsonl
    python benchmarks/recall.py forms articles/ wikitext/

The first takes lines of JSON with ``title``, ``infobox`` (keys and values as wikitext) and ``wikidata``
("label (property)" to a value or a list of values). The second compares facts whose quote both texts have.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Literal

from lodkit.build import Built, build_article, build_text
from lodkit.domain import Domain, local_name, read_domain

COMPARED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "P571": (("founded", "foundation", "established"), ("foundingDate", "situationDate")),
    "P576": (("dissolved", "dissolution", "disbanded"), ("dissolutionDate", "situationDate")),
    "P856": (("website", "url"), ("url",)),
    "P1705": (("native_name",), ("nativeName",)),
    "P159": (("headquarters",), ("headquarters", "address", "location")),
    "P17": (("country",), ("country", "activeRegion")),
    "P1142": (("ideology",), ("ideology",)),
    "P1387": (("position",), ("politicalPosition",)),
    "P154": (("logo",), ("logo",)),
    "P112": (("founder", "founders"), ("founder",)),
    "P488": ((), ()),
    "P463": (("international", "european", "regional", "europarl"), ()),
    "P1813": (("abbreviation",), ("abbreviation",)),
}
"""The properties of Wikidata that are compared, with the keys of rows and the properties of the domain that may
hold the value; none for any.
"""

NOT_IN_PLAIN = {"isPrimaryTopicOf", "subject", "lat", "long", "identifier", "sameAs", "label"}


def plain(text: str) -> str:
    """Words alone, in lower case."""
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def values_of(built: Built) -> dict[str, list[str]]:
    """What the facts say, as words by the local name of their property; of a node its names and its IRI."""
    facts = [one for one in built.extraction.statements if one.modality == "asserted"]
    names: dict[str, list[str]] = defaultdict(list)
    for one in facts:
        if local_name(one.predicate.value) in ("label", "alternateName"):
            names[one.subject.value].append(one.object.value)
    found: dict[str, list[str]] = defaultdict(list)
    for one in facts:
        words = [one.object.value]
        if not isinstance(one.object, Literal):
            spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local_name(one.object.value))
            words = [*names[one.object.value], spaced, spaced.replace("centre", "centrism")]
        found[local_name(one.predicate.value)] += map(plain, words)
    return found


def wanted(number: str, value: str) -> str:
    """What of a value of Wikidata is looked for: the year, the host, the words of a label."""
    if number in ("P571", "P576"):
        return value.lstrip("+")[:4]
    if number == "P856":
        return " ".join(plain(re.sub(r"^https?://(www\.)?", "", value)).split()[:2])
    return plain(re.sub(r" \(Q\d+\)$", "", value))


def wikidata(path: str, domain: Domain) -> None:
    """Print for each property how many of the values that the infobox has are found."""
    said: Counter[str] = Counter()
    met: Counter[str] = Counter()
    for line in Path(path).read_text("utf-8").splitlines():
        party = json.loads(line)
        box = party["infobox"]
        rows = "".join(f"| {key} = {value}\n" for key, value in box.items())
        lead = f"'''{party['title'].partition(' (')[0]}''' is a political party.\n"
        text = f"{{{{Infobox political party\n{rows}}}}}\n{lead}"
        built = build_text(text, domain, form="wikitext", title=party["title"])
        values = values_of(built)
        for name, given in party["wikidata"].items():
            number = name.rpartition("(")[2].rstrip(")")
            if number not in COMPARED:
                continue
            for value in given if isinstance(given, list) else [given]:
                words = wanted(number, str(value))
                keys, properties = COMPARED[number]
                cells = [str(box[key]) for key in keys or box if key in box]
                if words and f" {words} " in f" {plain(' '.join(cells))} ":
                    said[number] += 1
                    holders = properties or tuple(values)
                    met[number] += any(words in one for key in holders for one in values[key])
    for number in sorted(said):
        print(f"{number:6} {met[number]:4} of {said[number]:4} = {met[number] / said[number]:.3f}")
    print(f"all    {met.total():4} of {said.total():4} = {met.total() / said.total():.3f}")


def facts_of(built: Built) -> dict[tuple[str, str, str], str]:
    """Facts in words, with their quotes in plain words."""
    text = built.article.text
    facts = [one for one in built.extraction.statements if one.modality == "asserted"]
    names = {
        one.subject.value: one.object.value for one in facts if local_name(one.predicate.value) == "label"
    }
    names[built.extraction.subject.value] = "the subject"
    found = {}
    for one in facts:
        key = local_name(one.predicate.value)
        words = names.get(one.object.value, local_name(one.object.value))
        value = one.object.value if isinstance(one.object, Literal) else words
        if key not in NOT_IN_PLAIN:
            found[plain(names.get(one.subject.value, "")), key, plain(value)] = plain(one.span.of(text))
    return found


def name_of(path: Path) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKD", path.stem).casefold())


def pairs_of(texts: str, pages: str) -> Iterator[tuple[Path, Path]]:
    """Articles that are there in both forms, by the names of their files."""
    known = {name_of(path): path for path in Path(texts).glob("*.txt")}
    for path in sorted(Path(pages).glob("*.wiki")):
        if name_of(path) in known:
            yield known[name_of(path)], path


def forms(texts: str, pages: str, domain: Domain) -> None:
    """Print the share of the facts whose quote both forms have that both give, and which one alone gives."""
    same = both = 0
    for text, page in pairs_of(texts, pages):
        one = build_article(text, domain)
        other = build_article(page, domain, title=one.article.name)
        for mine, its, its_text in (
            (facts_of(one), facts_of(other), plain(other.article.text)),
            (facts_of(other), facts_of(one), plain(one.article.text)),
        ):
            shared = {fact for fact, quote in mine.items() if quote and quote in its_text}
            both += len(shared)
            same += len(shared & its.keys())
            for fact in sorted(shared - its.keys()):
                print(f"{page.stem}: only one form says {' – '.join(fact)}")
    print(f"{same} of {both} = {same / both:.3f}")


if __name__ == "__main__":
    asked, *paths = sys.argv[1:]
    if asked == "forms":
        forms(paths[0], paths[1], read_domain())
    else:
        wikidata(paths[0], read_domain())
