"""What an article costs grows as its length: generated articles of two lengths, by the bytes that come out and the
calls that are made, never by seconds.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from itertools import islice, product
from pathlib import Path
from string import ascii_lowercase

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse, serialize
from tests.sampled import thinned

from lodkit import rdf
from lodkit.domain import Domain
from lodkit.extract import Extraction, extract
from lodkit.rdf.lines import quad_lines, sorted_lines
from lodkit.rdf.quads import order
from lodkit.source import parse_article
from lodkit.validate import Report, Severity, render, report_json, validate
from lodkit.validate.report import MOST_PLACES, MOST_RESULTS

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
LEAD = "Blue Lantern is a political party in Norland. "
MOST_BYTES, BESIDES = 3_000, 100_000
"""How many bytes of N-Quads a byte of an article gives at most, and what comes besides (docs/commands.md)."""

SHORT, LONG = 3_000, 10_000

ANYBODY = "Adaaa Lundaa"

Generator = Callable[[int], str]


def names(count: int) -> list[str]:
    """Different names of two words."""
    letters = islice(product(ascii_lowercase, repeat=4), count)
    return [f"Ada{a}{b} Lund{c}{d}" for a, b, c, d in letters]


def box(rows: str = "", body: str = "", title: str = "Blue Lantern") -> str:
    return f"= {title} =\n\n{title}\n{rows or '- Wobble: 1'}\n\n{LEAD}{body}\n"


def row(key: str, item: str, tail: str = "") -> Generator:
    """One row with an item as often as fits; ``{}`` in it is another name each time."""

    def text(length: int) -> str:
        count = max(1, length // len(item.format(ANYBODY)))
        return box(f"- {key}: " + "".join(item.format(name) for name in names(count)) + tail)

    return text


def rows(line: str) -> Generator:
    """A row as often as fits; ``{0}`` is its number, ``{1}`` a name, ``{2}`` a year of four digits."""

    def text(length: int) -> str:
        found = enumerate(names(max(1, length // len(line.format(1000, ANYBODY, 1990)))))
        return box("\n".join(line.format(i, name, 1100 + i % 900) for i, name in found))

    return text


def prose(piece: str, before: str = "", after: str = "") -> Generator:
    def text(length: int) -> str:
        found = enumerate(names(max(1, length // len(piece.format(1000, ANYBODY)))))
        return box(body=before + "".join(piece.format(i, name) for i, name in found) + after)

    return text


EXPLOSIONS: dict[str, Generator] = {
    # rows
    "title-and-rows": lambda n: box("- Founder: Ada Lund\n" * (n // 300), title="A" + "b" * n),
    "title-and-wobbles": lambda n: box("- Wobble: 1\n" * (n // 300), title="A" + "b" * n),
    "commas": row("Founder", ", "),
    "tight-commas": row("Founder", "a,"),
    "names": row("Founder", "{}, "),
    "names-with-brackets": row("Founder", "{} (a), "),
    "short-names": lambda n: box(
        "- Founder: " + ", ".join(f"A{a}{b}" for a, b in islice(product(ascii_lowercase, repeat=2), n // 5))
    ),
    "words": row("Purpose", "Alpha, Beta, "),
    "ideologies": row("Ideology", "socialism, Nationalism, "),
    "labels": row("Ideology", "Majority: socialism; "),
    "places": row("Headquarters", "Paris, France, "),
    "statuses": row("Status", "Active (Banned in Peru), "),
    "nested-brackets": lambda n: box(f"- Founder: {'(' * (n // 2)}{')' * (n // 2)}"),
    "entities": row("Founder", "&amp;"),
    "slashes": row("Founder", "Ada / "),
    "ands": row("Founder", "Ada Lund and "),
    "blanks-in-a-row": lambda n: box(f"- Founder: a{' ' * n}b"),
    "digits": lambda n: box(f"- Membership: {'1' * n}"),
    "year-of-many-digits": lambda n: box(f"- Founded: {'1' * n}"),
    "years-in-a-chain": lambda n: box("- Founded: " + "–".join(str(1000 + i % 1900) for i in range(n // 5))),
    "long-name": lambda n: box(f"- Founder: Ada{'b' * n}"),
    "long-key": lambda n: box(f"- {'K' * n}: v"),
    "long-address": lambda n: box(f"- Website: http://example.org/{'a' * n}"),
    "native-name": lambda n: box(f"- Native Name: {'x' * n}\n- Native Name Lang: es"),
    "rows-of-names": rows("- Founder: {1}"),
    "rows-of-years": rows("- Founded: {2}"),
    "rows-of-joined-names": rows("- Founder: {1} and {1} Lund"),
    "rows-without-a-rule": rows("- Key {0}: v"),
    "rows-of-offices": rows("- Leader{0} Title: Founder\n- Leader{0} Name: {1}"),
    "rows-of-births-and-deaths": rows("- Born: {2}\n- Died: {2}"),
    "pictures-and-captions": lambda n: box(
        "- Logo: " + ", ".join(f"A{i}" for i in range(n // 10)) + "\n- Logo Caption: " + "Alpha, " * (n // 14)
    ),
    "rows-of-pictures-and-captions": lambda n: box(
        "".join(f"- Logo: A{i}.svg\n" for i in range(n // 40)) + "- Logo Caption: Alpha\n" * (n // 40)
    ),
    # prose
    "one-line": lambda n: box(body="x" * n),
    "one-sentence": prose("It was founded by {1} and "),
    "sentences": prose("It was founded by {1} in 1990. "),
    "paragraphs": prose("It was founded by {1} in 1990.\n\n"),
    "clauses": prose("It was founded by {1} in 1990", after="."),
    "lists-in-sentences": lambda n: box(
        body=" ".join(f"It was founded by {', '.join(names(100))}." for _ in range(max(1, n // 1400)))
    ),
    "sections": prose("== Section {0} ==\n\n", before="\n\n"),
    "sections-of-one-title": prose("== A ==\n\n", before="\n\n"),
    "sections-in-sections": lambda n: box(
        body="\n" + "\n".join(f"{'=' * (2 + i % 5)} A {'=' * (2 + i % 5)}" for i in range(n // 12))
    ),
    "titles": prose("= A =\n\n", before="\n\n"),
    "see-also": prose("- {1}\n", before="\n\n== See also ==\n"),
    "items": prose("- {1} was founded by {1}.\n", before="\n\n"),
    "open-brackets": lambda n: box(body="(" * n),
    "quotes": lambda n: box(body='"' * n),
    "single-quotes": lambda n: box(body=" '" * (n // 2)),
    "curly-quotes": lambda n: box(body="“" * n),
    "long-quotes": prose('He said "' + "a" * 150 + '" and '),
    "brackets-after-the-name": lambda n: (
        f"= Blue Lantern =\n\nBlue Lantern {'(AB) ' * (n // 5)}is a party.\n"
    ),
    "brackets-in-brackets": lambda n: (
        f"= Blue Lantern =\n\nBlue Lantern {'(' * (n // 2)}AB{')' * (n // 2)} is a party.\n"
    ),
    "names-in-a-bracket": lambda n: (
        f"= Blue Lantern =\n\nBlue Lantern ({', '.join(names(n // 13))}) is a party.\n"
    ),
    "digits-in-prose": lambda n: box(body=f"It had {'1' * n} members."),
    "years-in-prose": lambda n: box(body=f"It ran {'–'.join(str(1000 + i % 1900) for i in range(n // 5))}."),
    "blanks": lambda n: box(body="a" + " " * n + "b."),
    "blank-lines": lambda n: box(body="\n" * n),
    "stops": lambda n: box(body="." * n),
    "stops-and-blanks": lambda n: box(body=". " * (n // 2)),
    "initials": lambda n: box(body="A." * (n // 2) + " B."),
    "hyphens": lambda n: box(body="a-" * (n // 2)),
    "equals-signs": lambda n: box(body="\n" + "=" * n),
    "stars": lambda n: box(body="\n" + "*" * n),
    "acronyms": prose("Alpha Beta (AB). "),
    "long-names-in-prose": prose("It was founded by A" + "b" * 900 + ".\n\n"),
    # titles
    "title-of-many-words": lambda n: (
        f"= {'A b' * (n // 3)} =\n\nIt is a party. It was founded by Ada Lund.\n"
    ),
    "title-of-adjectives": lambda n: (
        f"= {'Norlandic Party ' * (n // 16)} =\n\nIt is a party. The Party was founded by Ada Lund.\n"
    ),
    "title-of-brackets": lambda n: f"= Blue {'(a) ' * (n // 4)} =\n\nIt is a party.\n",
}


def read(text: str, domain: Domain) -> Extraction:
    return extract(parse_article(text, abbreviations=domain.english.words("abbreviation")), domain)


def written(extraction: Extraction) -> int:
    """How many bytes of N-Quads an article gives."""
    return sum(len(line) + 1 for line in sorted_lines(rdf.quads(extraction)))


def calls(function: Callable[[], object]) -> int:
    """How many functions are called, those of C included."""
    count = 0

    def see(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(see)
    try:
        function()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("name", EXPLOSIONS)
def test_output_and_work_grow_as_the_article(domain: Domain, name: str) -> None:
    check_growth(domain, EXPLOSIONS[name], SHORT)


@pytest.mark.slow
@pytest.mark.parametrize("name", thinned(EXPLOSIONS, 3))
def test_output_and_work_grow_as_a_long_article(domain: Domain, name: str) -> None:
    check_growth(domain, EXPLOSIONS[name], LONG)


def check_growth(domain: Domain, generator: Generator, length: int) -> None:
    texts = [generator(length), generator(2 * length)]
    read(generator(length // 2), domain)  # what is made once for a domain is made now
    sizes: list[int] = []
    work: list[int] = []
    for text in texts:
        work.append(calls(lambda text=text: sizes.append(written(read(text, domain)))))  # type: ignore[misc]
        assert sizes[-1] <= MOST_BYTES * len(text.encode()) + BESIDES
    assert sizes[1] <= 2.3 * sizes[0] + BESIDES / 10, "bytes"
    assert work[1] <= 2.5 * work[0] + 2_000, "calls"


# ---- the figures that were found once: input, and what came out of it


@pytest.mark.parametrize(
    ("text", "most"),
    [
        (EXPLOSIONS["title-and-rows"](100_000), 3_000_000),  # 379 MiB
        (row("Founder", "{}, ")(36_000), 30_000_000),  # 289 MiB
    ],
    ids=["title", "names"],
)
def test_articles_that_gave_hundreds_of_megabytes(domain: Domain, text: str, most: int) -> None:
    assert written(read(text, domain)) < most


def test_many_years_give_one_warning_a_node(domain: Domain) -> None:
    extraction = read(
        box("".join(f"- Founded: {1100 + i}\n- Dissolved: {1000 + i}\n" for i in range(400))), domain
    )
    report = validate(rdf.quads(extraction), domain, articles={extraction.document.value: extraction.article})
    met = [(result.source_shape, result.focus_node) for result in report.results]
    assert len(met) == len(set(met))
    assert report.counts[Severity.WARNING] < 10
    assert sum(len(result.places) for result in report.results) < 1000


# ---- quads are made and sorted as they come


def test_the_quads_of_an_article_are_made_when_they_are_asked_for(domain: Domain) -> None:
    extraction = read(EXPLOSIONS["sentences"](SHORT), domain)
    whole = calls(lambda: list(rdf.quads(extraction)))
    assert calls(lambda: list(islice(rdf.quads(extraction), 10))) < whole / 3


@pytest.mark.parametrize("most_held", [7, 100, 10_000])
def test_lines_are_the_same_however_many_are_held(domain: Domain, most_held: int) -> None:
    quads = list(rdf.quads(read(EXPLOSIONS["see-also"](1000), domain)))
    twice = [*quads[::-1], *quads]
    data: bytes = serialize(quads, format=RdfFormat.N_QUADS) or b""
    expected = sorted(set(data.split(b"\n")) - {b""})
    assert list(sorted_lines(iter(twice), most_held=most_held)) == expected
    assert [line.encode() for line in quad_lines(twice)] == expected


def test_lines_of_nothing() -> None:
    assert list(sorted_lines(())) == []
    assert quad_lines(()) == []


def test_each_subject_comes_once_and_in_order(domain: Domain) -> None:
    text = box("- Founder: Ada Lund, Jo Berg", "It was founded in 1990.")
    for with_text in (False, True):
        quads = list(rdf.quads(read(text, domain), with_text=with_text))
        assert len(quads) == len(set(quads))
        for graph in (rdf.FACTS, rdf.EVIDENCE):
            keys = [
                (order(q.subject), q.predicate.value, order(q.object))
                for q in quads
                if isinstance(q.graph_name, NamedNode) and q.graph_name.value.endswith(graph)
            ]
            assert keys == sorted(keys)
            assert keys


# ---- the place of a row's value


def test_the_place_of_a_row_s_value_is_the_value(domain: Domain) -> None:
    text = box(
        "- Founder: Ida Holm, Jo Berg (chair)\n- Purpose: Alpha\n- Founded: 1990",
        "It was founded by Eva Lund.",
    )
    extraction = read(text, domain)
    fields = extraction.article.cells
    seen = set()
    for statement in extraction.statements:
        inside = [f for f in fields if f.span.start <= statement.span.start < f.span.end]
        assert (statement.key_span is None) == (not inside)
        for field in inside:
            assert statement.key_span == field.key
            assert field.value.start <= statement.span.start
            assert statement.span.end <= field.value.end
            seen.add(statement.span.of(text))
    assert {"Ida Holm", "Jo Berg", "Alpha", "1990"} <= seen
    assert not any("," in words for words in seen)


def test_a_row_is_shown_with_its_key(domain: Domain) -> None:
    extraction = read(box("- Founder: Ida Holm, Jo Berg\n- Dissolved: 1950\n- Founded: 1990"), domain)
    quads = list(rdf.quads(extraction))
    alone = validate(quads, domain)
    beside = validate(quads, domain, articles={extraction.document.value: extraction.article})
    for report in (alone, beside):
        (result,) = report.results
        place = result.places[0]
        assert (place.key, place.quote, place.words) == ("Dissolved", "1950", "Dissolved: 1950")
        assert report_json(report)["results"][0]["places"][0]["key"] == "Dissolved"  # type: ignore[index]
    assert '"Dissolved: 1950"' in render(alone)
    assert "- Dissolved: 1950\n                 ^^^^" in render(beside)


# ---- reports are bounded

MESSAGES = 250


def crowded(count: int = MESSAGES) -> list[Quad]:
    """A node whose founding dates are all ill-formed, and another with three of them."""
    graph = NamedNode("https://example.org/a#facts")
    founded = NamedNode("https://schema.org/foundingDate")
    year = NamedNode("http://www.w3.org/2001/XMLSchema#gYear")
    quads = []
    for name, many in (("one", count), ("other", 3)):
        node = NamedNode(f"https://example.org/{name}")
        quads.append(
            Quad(
                node,
                NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
                NamedNode("https://w3id.org/lodkit/movement#PoliticalParty"),
                graph,
            )
        )
        quads.append(
            Quad(
                node,
                NamedNode("http://www.w3.org/2000/01/rdf-schema#label"),
                Literal(name, language="en"),
                graph,
            )
        )
        quads += [Quad(node, founded, Literal(f"year {i}", datatype=year), graph) for i in range(many)]
    return quads


@pytest.fixture(scope="module")
def report(domain: Domain) -> Report:
    return validate(crowded(), domain)


def test_results_of_a_shape_at_a_node_are_capped(report: Report) -> None:
    shown = [str(result.focus_node) for result in report.results]
    assert shown.count("<https://example.org/one>") == MOST_RESULTS
    assert shown.count("<https://example.org/other>") == 3


def test_what_is_left_out_is_said(report: Report) -> None:
    left_out = MESSAGES - MOST_RESULTS
    assert report.left_out == {Severity.VIOLATION: left_out}
    assert report.counts[Severity.VIOLATION] == MESSAGES + 3
    assert not report.conforms
    answer = json.loads(json.dumps(report_json(report)))
    assert answer["leftOut"] == {"violation": left_out, "warning": 0, "info": 0}
    assert (answer["counts"]["violation"], len(answer["results"])) == (MESSAGES + 3, MOST_RESULTS + 3)
    assert f"{left_out} more not shown" in render(report)
    assert render(report).splitlines()[-1].startswith(f"does not conform: {MESSAGES + 3} violations")


def test_nothing_is_said_where_nothing_is_left_out(domain: Domain) -> None:
    report = validate(crowded(MOST_RESULTS), domain)
    assert not report.left_out
    assert "not shown" not in render(report)


def test_places_of_a_result_are_capped(domain: Domain) -> None:
    extraction = read(box("- Founder: Ada Lund\n" * (MOST_PLACES + 50)), domain)
    quads = [*rdf.quads(extraction)]
    founder = next(q for q in quads if q.predicate.value.endswith("/founder"))
    clash = Quad(
        founder.object,  # type: ignore[arg-type]
        NamedNode("https://schema.org/birthDate"),
        Literal("x", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#gYear")),
        founder.graph_name,
    )
    report = validate([*quads, clash], domain)
    most = max(report.results, key=lambda result: len(result.places) + result.more_places)
    assert len(most.places) <= MOST_PLACES


@pytest.mark.parametrize("before", [0, 100_000])
def test_a_long_line_is_shown_in_part(domain: Domain, before: int) -> None:
    """A report on a line of a megabyte holds the words around each place."""
    text = box(f"- Dissolved:{' ' * before} 1950 ({'x' * 100_000})\n- Founded: 1990")
    extraction = read(text, domain)
    report = validate(rdf.quads(extraction), domain, articles={extraction.document.value: extraction.article})
    (result,) = report.results
    assert len(result.places[0].text or "") <= 400
    shown, carets = render(report).splitlines()[1:3]
    assert shown[carets.index("^") :].startswith("1950")


# ---- one warning a node


def dated(*triples: tuple[str, str, str]) -> Iterator[Quad]:
    """Facts in Turtle's terms: subject, property and object."""
    prefixes = (
        "@prefix schema: <https://schema.org/> . @prefix mvt: <https://w3id.org/lodkit/movement#> ."
        "@prefix dcterms: <http://purl.org/dc/terms/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> ."
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix : <https://example.org/> . "
    )
    text = prefixes + " ".join(f"{s} {p} {o} ." for s, p, o in triples)
    yield from parse(io.BytesIO(text.encode()), RdfFormat.TURTLE)


def years(first: int, count: int, step: int = 1) -> list[str]:
    return [f'"{year:04d}"^^xsd:gYear' for year in range(first, first + count * step, step)]


ORDERS = {
    "dissolution": ("schema:dissolutionDate", "schema:foundingDate"),
    "death": ("schema:deathDate", "schema:birthDate"),
    "active": ("mvt:activeUntil", "mvt:activeFrom"),
    "event": ("schema:endDate", "dcterms:date"),
    "issue": ("mvt:finalIssueDate", "mvt:firstIssueDate"),
    "publication": ("schema:datePublished", "schema:dateCreated"),
    "launch": ("mvt:launchDate", "mvt:layingDownDate"),
    "commissioning": ("mvt:commissioningDate", "mvt:launchDate"),
    "decommissioning": ("mvt:decommissioningDate", "mvt:commissioningDate"),
}


def warnings(domain: Domain, shape: str, triples: list[tuple[str, str, str]]) -> list[str]:
    report = validate(dated(*triples), domain)
    return [result.message for result in report.results if shape in result.source_shape]


@pytest.mark.parametrize("name", ORDERS)
def test_dates_in_disorder_give_one_warning(domain: Domain, name: str) -> None:
    late, early = ORDERS[name]
    triples = [(":a", late, value) for value in years(1900, 30)] + [
        (":a", early, value) for value in years(1910, 30)
    ]
    (message,) = warnings(domain, "plausible-order", triples)
    assert "1900" in message
    assert "1939" in message


@pytest.mark.parametrize("name", ORDERS)
def test_dates_in_order_give_none(domain: Domain, name: str) -> None:
    late, early = ORDERS[name]
    vague = '"199X"^^<http://id.loc.gov/datatypes/edtf/EDTF>'
    triples = [(":a", late, value) for value in [*years(1950, 9), vague]]
    triples += [(":a", early, value) for value in [*years(1940, 11), vague]]
    assert warnings(domain, "plausible-order", triples) == []


@pytest.mark.parametrize(
    ("late", "early", "expected"),
    [
        (['"1990-05-02"^^xsd:date'], ['"1990-05-03"^^xsd:date'], 1),
        (['"1990-05-03"^^xsd:date'], ['"1990-05-03"^^xsd:date'], 0),
        (['"1990"^^xsd:gYear', '"1990-05-02"^^xsd:date'], ['"1990-05-03"^^xsd:date', '"1990"^^xsd:gYear'], 1),
        (['"1990"^^xsd:gYear'], ['"1990-05-03"^^xsd:date'], 0),
        (['"1991"^^xsd:gYear', '"1990-05-02"^^xsd:date'], ['"1990-05-03"^^xsd:date', '"1980"^^xsd:gYear'], 1),
        (['"-0043"^^xsd:gYear'], ['"0001"^^xsd:gYear'], 1),
    ],
)
def test_the_first_and_the_last_date_decide(
    domain: Domain, late: list[str], early: list[str], expected: int
) -> None:
    triples = [(":a", "schema:dissolutionDate", value) for value in late]
    triples += [(":a", "schema:foundingDate", value) for value in early]
    assert len(warnings(domain, "plausible-order-of-dissolution", triples)) == expected


@pytest.mark.parametrize(
    "path",
    [
        "schema:foundingDate",
        "schema:dissolutionDate",
        "schema:birthDate",
        "schema:deathDate",
        "schema:dateCreated",
    ],
)
def test_a_date_of_many_years_gives_one_warning(domain: Domain, path: str) -> None:
    triples = [(":a", path, value) for value in years(1900, 40)] + [(":b", path, years(1950, 1)[0])]
    (message,) = warnings(domain, "plausible-one-year", triples)
    assert "1900" in message
    assert "1939" in message
