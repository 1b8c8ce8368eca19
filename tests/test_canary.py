"""Nothing is fetched and nobody is told: each command, given files that would make others call, calls nobody."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.canary import Canary, canary

from lodkit.cli import main

pytestmark = pytest.mark.slow

DOMAIN = Path(__file__).parent / "second_domain"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

DATA = {
    "imports.ttl": "<x:o> a <http://www.w3.org/2002/07/owl#Ontology> ; "
    "<http://www.w3.org/2002/07/owl#imports> <{url}/imported> ; "
    "<http://www.w3.org/ns/shacl#shapesGraph> <{url}/shapes> ; "
    "<http://www.w3.org/2000/01/rdf-schema#seeAlso> <{url}/see> .",
    "graph.trig": "<{url}/graph> { <{url}/s> <{url}/p> <{url}/o> . }",
    "lines.nt": "<{url}/s> <{url}/p> <{url}/o> .\n",
    "lines.nq": "<{url}/s> <{url}/p> <{url}/o> <{url}/g> .\n",
    "context.jsonld": '{"@context": "{url}/context", "@id": "x:a", "name": "b"}',
    "contexts.jsonld": '{"@context": [{"a": "x:a"}, "{url}/context"], "@id": "x:a", "a": "b"}',
    "import.jsonld": '{"@context": {"@version": 1.1, "@import": "{url}/context"}, "@id": "x:a"}',
    "scoped.jsonld": '{"@context": {"a": {"@id": "x:a", "@context": "{url}/context"}}, "a": {"b": "c"}}',
    "propagated.jsonld": '{"@context": {"@vocab": "{url}/v#", "@base": "{url}/"}, "@id": "a", "b": "c"}',
    "entity.rdf": '<!DOCTYPE r [<!ENTITY e SYSTEM "{url}/entity">]>'
    f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:x="x:"><rdf:Description rdf:about="x:a"><x:b>&e;</x:b>'
    "</rdf:Description></rdf:RDF>",
    "parameter.rdf": f'<!DOCTYPE r [<!ENTITY % e SYSTEM "{{url}}/entity"> %e;]><rdf:RDF xmlns:rdf="{RDF}"/>',
    "external.rdf": f'<!DOCTYPE r SYSTEM "{{url}}/dtd"><rdf:RDF xmlns:rdf="{RDF}"/>',
    "style.xml": f'<?xml-stylesheet href="{{url}}/style.xsl" type="text/xsl"?><rdf:RDF xmlns:rdf="{RDF}"/>',
}

QUERIES = {
    "service.rq": "SELECT * { SERVICE <{url}/sparql> { ?s ?p ?o } }",
    "exists.rq": "SELECT * { ?s ?p ?o FILTER EXISTS { SeRvIcE <{url}/sparql> { ?s ?p ?o } } }",
    "prefixed.rq": "PREFIX c: <{url}/> SELECT * { SERVICE c:sparql { ?s ?p ?o } }",
    "from.rq": "SELECT * FROM <{url}/graph> { ?s ?p ?o }",
    "named.rq": "SELECT * FROM NAMED <{url}/graph> { GRAPH ?g { ?s ?p ?o } }",
    "load.rq": "LOAD <{url}/graph>",
    "describe.rq": "DESCRIBE <{url}/s>",
    "graph.rq": "SELECT * { GRAPH <{url}/graph> { ?s ?p ?o } }",
}

ARTICLE = """= {url}/title =

Infobox lighthouse:
Name: {url}/name
Builder: <a href="{url}/link">Ada Holm</a>

{url}/first is a lighthouse. [[{url}/link]] See {url}/see and <img src="{url}/image">.

== See also ==

* {url}/also
"""
SOURCE = 'title = "{url}/t"\nsource_url = "{url}/source"\nlicence_url = "{url}/licence"\n'


@pytest.fixture(scope="module")
def bird() -> Iterator[Canary]:
    with canary() as found:
        yield found


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bird: Canary) -> Path:
    for name, text in {**DATA, **QUERIES, "article.txt": ARTICLE, "article.toml": SOURCE}.items():
        (tmp_path / name).write_text(text.replace("{url}", bird.url), encoding="utf-8")
    (tmp_path / "plain.nt").write_text("<x:s> <x:p> <x:o> .\n")
    monkeypatch.chdir(tmp_path)
    for name in ("http_proxy", "https_proxy", "all_proxy"):  # nor by way of a proxy
        monkeypatch.setenv(name, bird.url)
    return tmp_path


def commands(name: str) -> list[list[str]]:
    return [
        ["validate", name],
        ["validate", name, "--domain", str(DOMAIN)],
        ["query", "classes", "--on", name],
        ["export", name, "--to", "out.nq"],
        ["export", name, "--to", "out.jsonld"],
        ["export", name, "--to", "out.ttl", "--evidence"],
        ["load", name, "--into", "store"],
    ]


@pytest.mark.parametrize("name", DATA)
def test_no_data_make_a_command_call(name: str, here: Path, bird: Canary) -> None:
    codes = [main(command) for command in commands(name)]
    assert bird.hits == []
    assert all(code in (0, 1, 3) for code in codes)


@pytest.mark.parametrize("name", QUERIES)
def test_no_query_makes_a_command_call(name: str, here: Path, bird: Canary) -> None:
    places: list[list[str]] = [[], ["--on", "plain.nt"], ["--on", "store"]]
    assert main(["load", "lines.nq", "--into", "store"]) == 0
    codes = {main(["query", name, *place]) for place in places}
    assert bird.hits == []
    assert codes == ({0} if name in ("describe.rq", "graph.rq") else {2})


def test_no_article_makes_a_command_call(here: Path, bird: Canary) -> None:
    for form in ("trig", "ttl", "nq", "jsonld"):
        assert main(
            ["build", "article.txt", "-o", f"out.{form}", "--domain", str(DOMAIN), "--with-text"]
        ) in (0, 1)
    main(["build", "article.txt", "--into", "store"])
    main(["validate", "article.txt"])
    main(["check", "--usage", "article.txt"])
    main(["store", "store"])
    main(["query", "about", "-p", f"entity={bird.url}/title", "--on", "out.trig", "--evidence"])
    assert bird.hits == []


def test_the_canary_hears(bird: Canary, here: Path) -> None:
    """A call that is asked for comes: else the tests above would pass whatever happens."""
    main(["query", "classes", "--on", f"{bird.url}/sparql", "--timeout", "5"])
    assert bird.hits
    bird.hits.clear()
    shutil.rmtree(here / "store", ignore_errors=True)
