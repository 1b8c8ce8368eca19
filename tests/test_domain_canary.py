"""Nothing that stands in a domain folder reaches the network: a server on loopback records who asks it."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.sampled import rotated

from lodkit import cli
from lodkit.domain import read_domain
from lodkit.errors import DomainError

pytestmark = pytest.mark.slow

LIGHTS = Path(__file__).parent / "second_domain"
ARTICLE = LIGHTS / "articles" / "Gull_Head_Light.txt"
ONTOLOGY, LEXICON, SHAPES = "ontology/lighthouse.ttl", "ontology/lexicon.ttl", "shapes/lighthouse.ttl"
QUERY = "queries/keepers.rq"


class Canary(NamedTuple):
    url: str
    hits: list[str]


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    hits: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            hits.append(f"{self.command} {self.path}")
            self.send_response(200)
            self.end_headers()

        do_GET = do_POST = do_HEAD = do_OPTIONS = do_PUT = answer

        def log_message(self, *args: object) -> None:
            """Print nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Canary(f"http://127.0.0.1:{server.server_port}/x", hits)
    server.shutdown()
    server.server_close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for part in ("ontology", "shapes", "queries"):
        shutil.copytree(LIGHTS / part, tmp_path / "domain" / part)
    return tmp_path / "domain"


def add(folder: Path, file: str, words: str) -> None:
    with (folder / file).open("a", encoding="utf-8") as out:
        out.write(f"\n{words}\n")


# Texts that would leave the data, with URL for the canary's address.
LEAVING = {
    "select": "SELECT $this { $this a ?c . SERVICE <URL> { ?a ?b ?c } }",
    "silent": "SELECT $this { $this a ?c . SERVICE SILENT <URL> { ?a ?b ?c } }",
    "mixed case": "SELECT $this { $this a ?c . sErViCe <URL> { ?a ?b ?c } }",
    "exists": "SELECT $this { $this a ?c . FILTER EXISTS { SERVICE <URL> { ?a ?b ?c } } }",
    "not exists": "SELECT $this { $this a ?c . FILTER NOT EXISTS { SERVICE <URL> { ?a ?b ?c } } }",
    "sub-select": "SELECT $this { $this a ?c . { SELECT ?a { SERVICE <URL> { ?a ?b ?c } } } }",
    "prefixed name": "PREFIX far: <URL#> SELECT $this { $this a ?c . SERVICE far:x { ?a ?b ?c } }",
    "variable": "SELECT $this { $this a ?c . BIND(<URL> AS ?u) SERVICE ?u { ?a ?b ?c } }",
    "no blanks": "SELECT $this{$this a ?c.SERVICE<URL>{?a ?b ?c}}",
    "after a number": "SELECT $this { $this a ?c . FILTER(1=1)SERVICE <URL> { ?a ?b ?c } }",
    "after an IRI with #": "PREFIX a: <http://e/#> SELECT $this { $this a ?c . SERVICE <URL> { ?a ?b ?c } }",
    "after a comment": 'SELECT $this { $this a ?c . # "\n SERVICE <URL> { ?a ?b ?c } }',
    "escaped": r"SELECT $this { $this a ?c . \\u0053ERVICE <URL> { ?a ?b ?c } }",
    "long escape": r"SELECT $this { $this a ?c . SERVIC\\U00000045 <URL> { ?a ?b ?c } }",
    "escaped quotes": r'SELECT $this { $this a ?c . FILTER(?c != "\\u0022) SERVICE <URL> { ?a ?b ?c } #\\u0022" ) }',
    "from": "SELECT $this FROM <URL> { $this a ?c }",
    "from named": "SELECT $this FROM NAMED <URL> { $this a ?c }",
    "load": "LOAD <URL>",
    "load after": "INSERT DATA {} ; LOAD SILENT <URL> INTO GRAPH <x:g>",
    "insert": "INSERT { ?a ?b ?c } WHERE { SERVICE <URL> { ?a ?b ?c } }",
}
# Where such a text can stand, TEXT for the text.
PLACES = {
    "constraint": (SHAPES, "shape:Light sh:sparql [ sh:message 'x' ; sh:select '''TEXT''' ] ."),
    "constraint of a property": (
        SHAPES,
        "shape:Light-on sh:sparql [ sh:message 'x' ; sh:select '''TEXT''' ] .",
    ),
    "constraint in nested shapes": (
        SHAPES,
        "shape:Light-on sh:not [ sh:or ( [ sh:node [ sh:sparql [ sh:select '''TEXT''' ] ] ] ) ] .",
    ),
    "shape without a target": (
        SHAPES,
        "shape:Idle a sh:NodeShape ; sh:sparql shape:Far . shape:Far sh:select '''TEXT''' .",
    ),
    "component": (
        SHAPES,
        "shape:Far a sh:ConstraintComponent ; sh:parameter [ sh:path lh:far ] ; "
        "sh:nodeValidator [ sh:ask '''TEXT''' ] . shape:Light lh:far 1 .",
    ),
    "target": (SHAPES, "shape:Light sh:target [ a sh:SPARQLTarget ; sh:select '''TEXT''' ] ."),
    "rule": (SHAPES, "shape:Light sh:rule [ a sh:SPARQLRule ; sh:construct '''TEXT''' ] ."),
    "update": (SHAPES, "[] sh:update '''TEXT''' ."),
    "ontology": (ONTOLOGY, "lh:Light a sh:NodeShape ; sh:sparql [ sh:select '''TEXT'''@en ] ."),
    "lexicon": (LEXICON, "rule:raised <http://www.w3.org/ns/shacl#select> '''TEXT''' ."),
    "datatype": (SHAPES, "shape:Light sh:sparql [ sh:select '''TEXT'''^^shape:sparql ] ."),
    "second value": (SHAPES, "shape:Light sh:sparql [ sh:select 'SELECT $this {}' , '''TEXT''' ] ."),
}
COMMANDS: dict[str, list[str]] = {
    "build": [str(ARTICLE), "-o", "OUT"],
    "validate": [str(ARTICLE)],
    "check": [],
    "query": ["keepers", "--on", str(LIGHTS / ONTOLOGY)],
}


def call(command: str, folder: Path) -> int:
    arguments = [word.replace("OUT", str(folder.parent / "out.nq")) for word in COMMANDS[command]]
    return cli.main([command, *arguments, "--domain", str(folder)])


TEXTS = [*((text, "constraint") for text in LEAVING), *(("select", place) for place in [*PLACES][1:])]


@pytest.mark.parametrize(("case", "command"), rotated(TEXTS, ("build", "validate", "check")), ids=str)
def test_no_text_of_a_domain_reaches_the_network(
    folder: Path, canary: Canary, capsys: pytest.CaptureFixture[str], command: str, case: tuple[str, str]
) -> None:
    text, place = case
    file, words = PLACES[place]
    add(folder, file, words.replace("TEXT", LEAVING[text].replace("URL", canary.url)))
    code = call(command, folder)
    done = capsys.readouterr()
    assert canary.hits == []
    if command == "check":  # lists all that is wrong
        told = [line for line in done.out.splitlines() if " is refused" in line or "would" in line]
        assert (code, len(told), done.err) == (1, 1, ""), done
        assert re.match(rf"{file}:\d+:\d+: .*is refused", told[0]), told
    else:
        told = [line for line in done.err.splitlines() if "and not one" not in line]
        assert (code, done.out, len(told)) == (3, "", 1), done
        assert re.match(rf"lodkit: error: {file}:\d+: .*is refused", told[0]), done.err
    assert not (folder.parent / "out.nq").exists()


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("file", "words"),
    [
        (ONTOLOGY, "<https://example.org/lighthouse> owl:imports <URL> ."),
        (SHAPES, "<x:s> <http://www.w3.org/2002/07/owl#imports> <URL> ."),
        (SHAPES, "<x:s> sh:shapesGraph <URL> ."),
        (SHAPES, "shape:Light sh:js [ sh:jsLibrary [ sh:jsLibraryURL '''URL'''^^xsd:anyURI ] ] ."),
        (QUERY, "# \nSERVICE <URL> {}"),
    ],
    ids=["import", "import of shapes", "shapes graph", "JavaScript", "query"],
)
def test_no_address_in_a_domain_is_asked(
    folder: Path, canary: Canary, capsys: pytest.CaptureFixture[str], command: str, file: str, words: str
) -> None:
    add(folder, file, words.replace("URL", canary.url))
    code = call(command, folder)
    said = "".join(capsys.readouterr())
    assert canary.hits == []
    if command in ("check", "query") if file == QUERY else command != "query":
        assert code in ((1, 3) if command == "check" else (3,)), said  # 3: it is no Turtle
        assert re.search(rf"{file}:\d+:", said), said


def test_a_text_is_refused_at_its_line(folder: Path) -> None:
    add(
        folder, SHAPES, "shape:Light sh:sparql [\n sh:select '''\nSELECT $this {\n SERVICE <x:y> {}\n}''' ] ."
    )
    with pytest.raises(DomainError) as caught:
        read_domain(folder)
    assert caught.value.line is not None
    lines = (folder / SHAPES).read_text("utf-8").split("\n")
    assert "SERVICE" in lines[caught.value.line - 1]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT $this { $this <x:SERVICE> ?c }",
        "PREFIX service: <x:> SELECT $this { $this service:SERVICE ?c }",
        'SELECT $this ?service { $this a ?service . FILTER(?service != "SERVICE <x:y>") }',
        "SELECT $this { $this a ?c } # SERVICE <x:y> {}",
        "PREFIX : <x:> SELECT $this { $this :from ?from ; :with ?load }",
    ],
)
def test_words_that_are_no_keywords_are_free(folder: Path, text: str) -> None:
    add(folder, SHAPES, f"shape:Light sh:sparql [ sh:message 'x' ; sh:select '''{text}''' ] .")
    read_domain(folder)
