"""lodkit as a library: what articles are given as, what a corpus and a table are, what goes wrong, and that the
command gives the same.
"""

from __future__ import annotations

import csv
import doctest
import inspect
import io
import json
import pickle
import re
import shutil
import subprocess
import sys
import tomllib
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode
from tests.sampled import mostly_slow

import lodkit
import lodkit.api
from lodkit import Corpus, Domain, Table
from lodkit.api import SAMPLE
from lodkit.cli import main
from lodkit.errors import LimitError, LodkitError, UsageError
from lodkit.query import Cite, Solutions
from lodkit.query.layout import columns_of
from lodkit.query.table import value_of
from lodkit.xsd import XSD

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent
FOLDER = Path(__file__).parent / "api"
ARTICLES = ROOT / "data" / "articles"
SECOND = Path(__file__).parent / "second_domain"


@pytest.fixture(scope="module")
def reader() -> Domain:
    return Domain()


@pytest.fixture(scope="module")
def corpus(reader: Domain) -> Corpus:
    return reader.read(SAMPLE)


@pytest.fixture(scope="module")
def three(reader: Domain) -> Corpus:
    return reader.read(ARTICLES)


# ---------------------------------------------------------------- what the names are


@pytest.mark.parametrize("name", sorted(lodkit.__all__))
def test_the_package_offers_what_the_library_has(name: str) -> None:
    assert name == "__version__" or getattr(lodkit, name) is getattr(lodkit.api, name)
    assert name in dir(lodkit)


def test_the_package_offers_nothing_else() -> None:
    assert {*lodkit.__all__, "SAMPLE"} == {*lodkit.api.__all__, "__version__"}
    with pytest.raises(AttributeError, match="nothing_of_that_name"):
        lodkit.nothing_of_that_name  # noqa: B018


def public(kind: type) -> list[tuple[str, Any]]:
    own = [(name, value) for name, value in vars(kind).items() if not name.startswith("_")]
    return [(name, getattr(value, "fget", None) or getattr(value, "func", value)) for name, value in own]


METHODS = [
    (kind, name) for kind in (Domain, Corpus, Table) for name, value in public(kind) if callable(value)
]


@pytest.mark.parametrize(("kind", "name"), METHODS, ids=lambda value: getattr(value, "__name__", value))
def test_what_is_offered_is_documented(kind: type, name: str) -> None:
    function = dict(public(kind))[name]
    assert inspect.getdoc(function), name
    takes = set(inspect.signature(function).parameters) - {"self"}
    assert not takes or name in {"quads", "to_rdflib"} or "Raises:" in (inspect.getdoc(function) or "")


@pytest.mark.parametrize("kind", [Domain, Corpus, Table])
def test_classes_have_an_example(kind: type) -> None:
    assert ">>>" in (inspect.getdoc(kind) or "")


# ---------------------------------------------------------------- reading


SOURCES: dict[str, Callable[[Path], list[Any]]] = {
    "text": lambda folder: [SAMPLE],
    "text of another system": lambda folder: [SAMPLE.replace("\n", "\r")],
    "path": lambda folder: [folder / "blue.txt"],
    "name": lambda folder: [str(folder / "blue.txt")],
    "compressed": lambda folder: [folder / "deeper" / "still" / "blue.txt.gz"],
    "folder": lambda folder: [folder / "deeper"],
    "article": lambda folder: [lodkit.parse_article(SAMPLE)],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import gzip

    place = tmp_path_factory.mktemp("sources")
    (place / "deeper" / "still").mkdir(parents=True)
    (place / "empty").mkdir()
    (place / "full").mkdir()
    (place / "full" / "x.txt").write_text("x", encoding="utf-8")
    (place / "blue.txt").write_text(SAMPLE, encoding="utf-8")
    (place / "deeper" / "blue.toml").write_text('title = "no article"\n', encoding="utf-8")
    (place / "deeper" / "still" / "blue.txt.gz").write_bytes(gzip.compress(SAMPLE.encode()))
    return place


@pytest.mark.parametrize("kind", SOURCES)
def test_an_article_is_given_in_many_ways(kind: str, reader: Domain, corpus: Corpus, folder: Path) -> None:
    found = reader.read(*SOURCES[kind](folder))
    assert [built.document for built in found.articles] == ["https://w3id.org/lodkit/article/Blue_Lantern"]
    assert found.facts.rows == corpus.facts.rows
    assert len(corpus.facts) > 5


@pytest.mark.slow
def test_articles_come_in_the_order_of_their_iris(reader: Domain, three: Corpus) -> None:
    files = sorted(ARTICLES.glob("*.txt"), reverse=True)
    assert [built.article for built in reader.read(*files).articles] == [
        one.article for one in three.articles
    ]


@pytest.mark.slow
def test_another_domain_and_another_base() -> None:
    article = next(SECOND.glob("*.txt"), None) or next(SECOND.rglob("*.txt"))
    found = Domain(SECOND).read(article, base="https://example.org/")
    assert len(found.facts) > 0
    assert all(str(row["subject"]).startswith("https://example.org/id/") for row in found.facts)


# ---------------------------------------------------------------- what goes wrong


CASES: list[dict[str, str]] = tomllib.loads((FOLDER / "failures.toml").read_text("utf-8"))["case"]


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["call"])
def test_what_goes_wrong_is_one_line(
    case: dict[str, str], reader: Domain, corpus: Corpus, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    names = {"domain": reader, "corpus": corpus, "folder": folder, "lodkit": lodkit, "SAMPLE": SAMPLE}
    with pytest.raises(LodkitError) as found:
        eval(case["call"], names)
    assert (type(found.value).__name__, "\n" in str(found.value)) == (case["error"], False)
    assert case["words"] in str(found.value)
    assert capfd.readouterr() == ("", "")


def test_what_does_not_conform_is_not_loaded(reader: Domain, tmp_path: Path) -> None:
    from dataclasses import replace

    found = reader.read(SAMPLE)
    [built] = found.articles
    date = next(s for s in built.extraction.statements if s.predicate.value.endswith("foundingDate"))
    bad = replace(date, object=Literal("long ago"))
    broken = replace(built.extraction, statements=(*built.extraction.statements, bad))
    unfit = Corpus(reader, (replace(built, extraction=broken),))
    with pytest.raises(LodkitError, match="force=True"):
        unfit.load(tmp_path / "store")
    assert not (tmp_path / "store").exists()
    assert unfit.load(tmp_path / "store", force=True) == {"new": 1}


@pytest.mark.parametrize("name", ["pandas", "networkx", "openpyxl"])
def test_what_is_not_installed_is_told(name: str, corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = {
        "pandas": corpus.facts.to_pandas,
        "networkx": corpus.to_networkx,
        "openpyxl": corpus.facts.workbook,
    }
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(UsageError, match=rf"needs {name}, .*pip install 'lodkit-articles\["):
        calls[name]()


def test_extras_are_those_of_the_package() -> None:
    from lodkit.extras import EXTRAS

    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert {name: re.match(r"\w+", extras[extra][0])[0] for name, extra in EXTRAS.items()} == {  # type: ignore[index]
        name: name for name in EXTRAS
    }


# ---------------------------------------------------------------- a corpus


@pytest.mark.slow
@pytest.mark.parametrize("name", mostly_slow(["x.trig", "x.ttl", "x.nq", "x.jsonld", "x.rdf"]))
def test_a_corpus_is_what_the_command_builds(name: str, three: Corpus, tmp_path: Path) -> None:
    three.write(tmp_path / name)
    assert main(["build", str(ARTICLES), "-o", str(tmp_path / f"by-command-{name}")]) == 0
    assert (tmp_path / name).read_bytes() == (tmp_path / f"by-command-{name}").read_bytes()


def test_the_command_tells_of_a_folder_without_articles(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = [str(folder / "empty"), str(folder / "deeper")]
    assert main(["build", *places, "-o", str(tmp_path / "x.nq")]) == 5
    assert (tmp_path / "x.nq").stat().st_size > 1000
    assert capsys.readouterr().err.count("no articles in this folder") == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "parameters"),
    mostly_slow(
        [("founders", {}), ("about", {"entity": "Peace Now"}), ("timeline", {"from": "1990", "to": "1999"})]
    ),
)
def test_a_query_answers_what_the_command_answers(
    query: str, parameters: dict[str, str], three: Corpus, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    three.write(tmp_path / "x.nq")
    given = [word for key, value in parameters.items() for word in ("-p", f"{key}={value}")]
    options = ["--on", str(tmp_path / "x.nq"), "--evidence"]
    table = three.query(query, evidence=True, **dict[str, Any](parameters))
    assert len(table) > 0
    for form in ("csv", "tsv", "json", "md", "html", "table"):
        assert main(["query", query, *given, *options, "--format", form]) == 0
        assert capsys.readouterr().out == table.text(form, width=80)


@pytest.mark.slow
def test_loading_is_what_the_command_loads(
    three: Corpus, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert three.load(tmp_path / "store") == {"new": 3}
    assert three.load(str(tmp_path / "store")) == {"unchanged": 3}
    three.write(tmp_path / "x.nq")
    capsys.readouterr()
    assert main(["load", str(tmp_path / "x.nq"), "--into", str(tmp_path / "store"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["articles"], told["triples"], told["ontologyTriples"]) == ({"unchanged": 3}, 0, 0)


@pytest.mark.slow
def test_a_report_is_that_of_each_article(reader: Domain, three: Corpus) -> None:
    alone = [reader.read(built.article).validate() for built in three.articles]
    report = three.validate()
    assert report.conforms == all(one.conforms for one in alone)
    assert report.focus_nodes == sum(one.focus_nodes for one in alone)
    assert len(report.results) == sum(len(one.results) for one in alone)
    assert {one.shape: one.targets for one in report.shapes} == {
        one.shape: sum(other.targets for each in alone for other in each.shapes if other.shape == one.shape)
        for one in report.shapes
    }


def test_a_query_of_ones_own_sees_the_data_alone(corpus: Corpus) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?c a owl:Class }"
    assert corpus.query(count)[0] == {"n": 0}
    assert int(str(corpus.query(count, with_ontology=True)[0]["n"])) > 10
    assert corpus.query("ASK { ?a a lk:Article }").rows == ({"boolean": True},)


def test_why_there_are_no_rows_is_said(corpus: Corpus) -> None:
    table = corpus.query("SELECT ?a { ?a <http://schema.org/founder> ?b }")
    [note] = table.notes
    assert "https://schema.org/founder" in note or "schema:founder" in note
    assert note in repr(table)
    assert "<p>" in table._repr_html_()
    assert corpus.query("SELECT ?a { ?a schema:founder ?b }").notes == ()


def test_statements_say_where_their_words_are(three: Corpus) -> None:
    texts = {built.document: built.article.text.split("\n") for built in three.articles}
    assert len(three.statements) > 200
    for row in three.statements:
        line = texts[str(row["article"])][int(str(row["line"])) - 1]
        words = str(row["quote"]).split("\n")[0]
        assert line[int(str(row["column"])) - 1 :].startswith(words.partition(": ")[2] or words) or line[
            int(str(row["column"])) - 1 :
        ].startswith(words)


@pytest.mark.slow
def test_what_is_unread_is_what_the_command_tells(three: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    main(["build", str(ARTICLES), "-o", "-", "-v"])
    told = capsys.readouterr().err
    assert len(three.unread) > 10
    for row in three.unread:
        assert re.search(rf":{row['line']}:{row['column']}: .*\({re.escape(str(row['reason']))}\)", told)


def test_rdflib_has_the_same_facts(three: Corpus) -> None:
    import rdflib

    dataset = three.to_rdflib(evidence=False)
    rows = csv.DictReader(io.StringIO(three.facts.text("csv"), newline=""))
    found = {(str(s), str(p), str(o)) for s, p, o in dataset.triples((None, None, None))}
    assert found == {(row["subject"], row["predicate"], row["object"]) for row in rows}
    assert len([graph for graph in three.to_rdflib().graphs() if len(graph)]) == 6
    assert isinstance(dataset, rdflib.Dataset)


@pytest.mark.slow
def test_networkx_has_the_things_and_what_joins_them(corpus: Corpus) -> None:
    networkx = pytest.importorskip("networkx")
    graph = corpus.to_networkx()
    named = {data["label"]: node for node, data in graph.nodes(data=True)}
    assert graph.has_edge(named["Blue Lantern"], named["Ada Lund"], key="https://schema.org/founder")
    assert graph.nodes[named["Blue Lantern"]]["schema:foundingDate"] == "1996"
    assert all(isinstance(value, str) for _, data in graph.nodes(data=True) for value in data.values())
    assert "".join(networkx.generate_graphml(graph)).count("<edge") == graph.number_of_edges()


@pytest.mark.slow
def test_domain_and_corpus_are_pickled(reader: Domain, corpus: Corpus) -> None:
    small = pickle.dumps(reader)
    assert len(small) < 1000
    assert pickle.loads(small).read(SAMPLE).facts.rows == corpus.facts.rows
    again = pickle.loads(pickle.dumps(corpus))
    assert len(pickle.dumps(corpus)) < 100_000
    assert again.statements.rows == corpus.statements.rows
    assert again.query("founders", evidence=True).rows == corpus.query("founders", evidence=True).rows


def test_a_domain_that_changed_is_no_longer_the_one_that_was_pickled(tmp_path: Path) -> None:
    shutil.copytree(SECOND, tmp_path / "domain")
    pickled = pickle.dumps(Domain(tmp_path / "domain"))
    changed = next((tmp_path / "domain" / "ontology").glob("*.ttl"))
    changed.write_text(changed.read_text("utf-8") + "\n# changed\n", encoding="utf-8")
    with pytest.raises(LodkitError, match="was pickled"):
        pickle.loads(pickled)


@pytest.mark.slow
def test_a_pool_reads(reader: Domain, three: Corpus) -> None:
    code = """
import sys
from concurrent.futures import ProcessPoolExecutor
import lodkit
if __name__ == "__main__":
    with ProcessPoolExecutor(2) as pool:
        for corpus in pool.map(lodkit.Domain().read, sys.argv[1:]):
            print(len(corpus.facts))
"""
    files = sorted(map(str, ARTICLES.glob("*.txt")))
    done = subprocess.run([sys.executable, "-c", code, *files], capture_output=True, text=True, check=True)
    assert list(map(int, done.stdout.split())) == [len(reader.read(file).facts) for file in files]


# ---------------------------------------------------------------- a table


with (FOLDER / "values.tsv").open(encoding="utf-8") as stream:
    VALUES = list(csv.DictReader(stream, delimiter="\t"))


@pytest.mark.parametrize("row", VALUES, ids=lambda row: f"{row['lexical']}^^{row['datatype']}")
def test_values_of_python(row: dict[str, str]) -> None:
    datatype = NamedNode(XSD + row["datatype"].removeprefix("xsd:"))
    found = value_of(Literal(row["lexical"], datatype=datatype))
    assert repr(found) == row["python"]


def test_other_terms_are_texts() -> None:
    cells = (NamedNode("x:a"), BlankNode("b"), Literal("7", language="en"), Literal("9" * 5000), None)
    assert [*map(value_of, cells)] == ["x:a", "_:b", "7", "9" * 5000, None]
    long = Literal("9" * 5000, datatype=NamedNode(XSD + "integer"))
    assert value_of(long) == "9" * 5000


def test_a_table_is_a_sequence_of_rows(corpus: Corpus) -> None:
    table = corpus.query("founders")
    assert len(table) == len(table.rows) == len(list(table)) == 1
    assert table[0] is table.rows[0]
    assert tuple(table[0]) == table.columns
    assert " ".join(table.columns) == "founded foundedLabel founder founderLabel date article articleLabel"
    assert table.cites is None


def test_the_source_of_a_quote_is_that_of_its_article(three: Corpus) -> None:
    table = three.query("founders", evidence=True)
    sources = {name: tomllib.loads((ARTICLES / f"{name}.toml").read_text("utf-8")) for name in ("Peace_Now",)}
    rows = [row for row in table if "article/Peace_Now" in str(row["article"])]
    assert rows
    for row in rows:
        assert set(str(row["evidenceSource"]).split("\n")) == {sources["Peace_Now"]["source_url"]}
        assert len(str(row["evidenceQuote"]).split("\n")) == len(str(row["evidenceSource"]).split("\n"))


@pytest.mark.slow
def test_pandas_has_the_rows(three: Corpus) -> None:
    pytest.importorskip("pandas")
    table = three.query("timeline")
    frame = table.to_pandas()
    assert frame.shape == (len(table), len(table.columns))
    assert list(frame["year"]) == [row["year"] for row in table]
    assert list(frame.columns) == list(table.columns)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
CELLS = st.one_of(
    st.none(),
    st.sampled_from(
        [NamedNode("https://example.org/id/a"), NamedNode("javascript:alert(1)"), BlankNode("b1")]
    ),
    TEXT.map(Literal),
    TEXT.map(lambda text: Literal(text, language="en")),
    st.integers(-(10**20), 10**20).map(
        lambda number: Literal(str(number), datatype=NamedNode(XSD + "integer"))
    ),
    st.sampled_from(["=1+1", "@SUM(A1)", "#N/A", "<script>alert(1)</script>", "a|b", "\x01", "_x0041_"]).map(
        Literal
    ),
)
TABLES = st.integers(1, 6).flatmap(
    lambda columns: st.lists(st.tuples(*[CELLS] * columns), max_size=5).map(
        lambda rows: Solutions(tuple(f"c{index}" for index in range(columns)), tuple(rows))
    )
)
LABELS = {"https://example.org/id/a": "A <b>thing</b>", "javascript:alert(1)": "click"}


@pytest.mark.slow
@given(TABLES)
def test_csv_holds_every_value(solutions: Solutions) -> None:
    table = Table(solutions, LABELS)
    [head, *rows] = csv.reader(io.StringIO(table.text("csv", labels=True), newline=""))
    assert tuple(head) == table.columns
    assert rows == [["" if value is None else str(value) for value in row.values()] for row in table]


@pytest.mark.slow
@given(TABLES, st.integers(20, 140))
def test_a_table_keeps_to_its_width(solutions: Solutions, width: int) -> None:
    for iris in (False, True):
        text = Table(solutions, LABELS, {"id": "https://example.org/id/"}).text(width=width, iris=iris)
        assert max(map(columns_of, text.split("\n"))) <= width


class Tags(HTMLParser):
    """Collects the tags, links and texts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: set[str] = set()
        self.rows = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.rows += tag == "tr"
        self.links |= {value or "" for name, value in attrs if name == "href"}


@pytest.mark.slow
@given(TABLES)
def test_html_has_no_tag_and_no_link_of_the_data(solutions: Solutions) -> None:
    source = Cite("x:s", "x:a", "<i>.txt", 1, 1, "<b>", "javascript:alert(2)")
    cited = Solutions(solutions.variables, solutions.rows, cites=tuple((source,) for _ in solutions.rows))
    page = Table(cited, LABELS).text("html")
    found = Tags(page)
    assert found.tags <= {
        *("html", "head", "meta", "title", "style", "body", "table", "thead", "tbody", "tr", "th", "td"),
        *("a", "span", "q", "br"),
    }
    assert found.links <= {"https://example.org/id/a"}
    assert found.rows == len(solutions.rows) + 1


def test_a_notebook_shows_so_many_rows_and_counts_the_others() -> None:
    table = Table(Solutions(("n",), tuple((Literal(number),) for number in range(1000))))
    shown = table._repr_html_()
    assert Tags(shown).rows == 201
    assert "… and 800 more rows" in shown
    assert Tags(table.text("html")).rows == 1001


@pytest.mark.slow
@given(TABLES)
def test_a_workbook_has_every_value_and_no_formula(solutions: Solutions) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    table = Table(solutions, LABELS)
    data = table.workbook()
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    rows = [list(row) for row in sheet.iter_rows()]
    assert [cell.value for cell in rows[0]] == list(table.columns)
    for row, values in zip(rows[1:], table, strict=False):
        for cell, value in zip(row, values.values(), strict=True):
            kept = cell.value.replace("_x005F_", "_") if isinstance(cell.value, str) else cell.value
            assert cell.data_type != "f"
            assert as_kept(kept) == as_kept(value)


def as_kept(value: object) -> object:
    """A value as a workbook has it: without what XML does not hold, and nothing for an empty text."""
    if isinstance(value, str):
        if re.fullmatch("-?[0-9]{16,}", value):
            return int(value)
        return (
            re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", value)
            .replace("\r\n", "\n")
            .replace("\r", "\n")
            or None
        )
    return Decimal(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


ODD_TEXTS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "#N/A",
    "#REF!",
    "=",
    "1",
    "TRUE",
    "2001-01-01",
    "10%",
    "_x0041_",
)


def test_a_workbook_takes_no_text_for_anything_else() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    table = Table(Solutions(("x",), tuple((Literal(text),) for text in ODD_TEXTS)))
    sheet = openpyxl.load_workbook(io.BytesIO(table.workbook())).active
    shown = [(cell.data_type, cell.value.replace("_x005F_", "_")) for cell in sheet["A"][1:]]
    assert shown == [("s", text) for text in ODD_TEXTS]
    assert sheet["A"][-1].value == "_x005F_x0041_"  # openpyxl leaves the escape as it stands


def test_a_workbook_has_no_clock_in_it(corpus: Corpus) -> None:
    pytest.importorskip("openpyxl")
    with ZipFile(io.BytesIO(corpus.facts.workbook())) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        told = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", told)) == {"1980-01-01T00:00:00Z"}


def test_a_cell_that_a_sheet_does_not_hold_is_refused() -> None:
    pytest.importorskip("openpyxl")
    table = Table(Solutions(("x",), ((Literal("🙂" * 20_000),),)))
    with pytest.raises(LimitError, match="row 1 has 20000 characters"):
        table.workbook()


@pytest.mark.slow
def test_a_workbook_of_a_query(tmp_path: Path, three: Corpus) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    three.write(tmp_path / "x.nq")
    command = [
        sys.executable,
        "-m",
        "lodkit",
        "query",
        "timeline",
        "--on",
        str(tmp_path / "x.nq"),
        "-f",
        "xlsx",
    ]
    done = subprocess.run(command, capture_output=True, check=True)
    table = three.query("timeline")
    table.write(tmp_path / "timeline.xlsx")
    assert done.stdout == (tmp_path / "timeline.xlsx").read_bytes()
    sheet = openpyxl.load_workbook(tmp_path / "timeline.xlsx").active
    assert [cell.value for cell in sheet[1]] == list(table.columns)
    assert {cell.data_type for cell in sheet["A"][1:]} == {"n"}


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "md", "html"])
def test_a_table_is_written_by_its_extension(form: str, corpus: Corpus, tmp_path: Path) -> None:
    corpus.facts.write(tmp_path / f"facts.{form}")
    assert (tmp_path / f"facts.{form}").read_bytes() == corpus.facts.text(form).encode()


@pytest.mark.slow
def test_the_same_bytes_under_any_hash_seed(tmp_path: Path) -> None:
    code = """
import hashlib, lodkit
corpus = lodkit.Domain().read("data/articles")
for table in (corpus.facts, corpus.query("founders", evidence=True), corpus.unread):
    for form in ("table", "csv", "json", "md", "html"):
        print(hashlib.sha256(table.text(form).encode()).hexdigest())
"""
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT / "src"), "LODKIT_CACHE": "off", "PATH": ""},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(outputs) == 1


# ---------------------------------------------------------------- the walk through


@pytest.mark.slow
def test_the_walk_through_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """docs/library.md does the whole job, in a checkout."""
    shutil.copytree(ARTICLES, tmp_path / "data" / "articles")
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs" / "library.md").read_text("utf-8")
    session = "\n".join(re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))
    test = doctest.DocTestParser().get_doctest(session, {}, "library.md", "docs/library.md", 0)
    told: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    result = runner.run(test, out=told.append)
    assert result.failed == 0, "".join(told)
    assert result.attempted > 15
    assert {path.name for path in tmp_path.iterdir()} == {
        *("data", "founders.csv", "founders.html", "all.trig", "lean.nq", "facts.ttl.gz", "store"),
    }
