"""Why lodkit says what it says, and why it does not say more."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from lodkit.cli import main
from lodkit.domain import Domain
from lodkit.errors import QueryError
from lodkit.explain import find_property, read_watched, why_absent
from lodkit.extract import extract
from lodkit.source import Article, parse_article

HERE = Path(__file__).parent
MISSES = tomllib.loads((HERE / "explain" / "misses.toml").read_text("utf-8"))["miss"]
TEXT = """= Blue Lantern =

Blue Lantern
- Founder: Ada Lund
- Members: some

Blue Lantern is a political party in Norland. It was possibly led by Jo Berg.
She disbanded it in 2004.
"""


def article_of(text: str, domain: Domain) -> Article:
    return parse_article(f"= Blue Lantern =\n\n{text}\n", abbreviations=domain.english.words("abbreviation"))


@pytest.mark.parametrize("case", MISSES, ids=lambda case: f"{case['property']}: {case['text'][:60]}")
def test_the_cause_of_a_miss(case: dict[str, str], domain: Domain) -> None:
    explained = read_watched(article_of(case["text"], domain), domain)
    causes = why_absent(explained, domain, case["entity"], find_property(domain, case["property"]))
    assert causes[0].kind == case["kind"], causes
    assert case["words"] in causes[0].words, causes


def test_there_are_enough_planted_misses() -> None:
    assert len(MISSES) >= 40


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", sorted((HERE.parent / "data" / "articles").glob("*.txt")), ids=lambda p: p.stem
)
def test_watching_changes_nothing(path: Path, domain: Domain) -> None:
    article = parse_article(path.read_text("utf-8"), abbreviations=domain.english.words("abbreviation"))
    explained = read_watched(article, domain)
    assert explained.extraction == extract(article, domain)
    assert len(explained.sentences) > 5


def test_a_property_is_found_by_all_its_names(domain: Domain) -> None:
    founder = domain.expand("schema:founder")
    for name in ("founder", "schema:founder", founder, "Founder"):
        assert find_property(domain, name) == founder
    with pytest.raises(QueryError, match="no shape has a property 'foundr'") as raised:
        find_property(domain, "foundr")
    assert raised.value.hint == "perhaps founder"


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "Blue_Lantern.txt"
    path.write_text(TEXT, "utf-8")
    return str(path)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["explain", *arguments])
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def test_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "Blue Lantern is a political party that was possibly founded by Ada Lund.")
    assert code == 0
    assert "schema:founder id:Blue_Lantern/Ada_Lund (hedged)" in out
    assert "by phrase:founded (ontology/lexicon.ttl:" in out
    assert "cues          possibly" in out


@pytest.mark.slow
def test_a_line(capsys: pytest.CaptureFixture[str], file: str) -> None:
    code, out, _ = run(capsys, f"{file}:8")
    assert code == 0
    assert "nobody, or more than one, may be meant by 'She'" in out
    code, out, _ = run(capsys, f"{file}:5")
    assert out.endswith("the row 'Members' is refused ('some' is not a number)\n")
    code, _, err = run(capsys, f"{file}:2")
    assert code == 3
    assert "no sentence and no row stands in this line" in err


def test_a_fact(capsys: pytest.CaptureFixture[str], file: str) -> None:
    code, out, _ = run(capsys, "Blue Lantern", "founder", "Ada Lund", "--on", file)
    assert code == 0
    assert "“Founder: Ada Lund”" in out
    assert "by field:founder (ontology/lexicon-fields.ttl:" in out
    assert "shape shape:Organization-founder (shapes/movement.ttl:" in out
    code, _, err = run(capsys, "Blue Lantern", "founder", "Jo Berg", "--on", file)
    assert code == 3
    assert "nothing says Blue Lantern founder Jo Berg" in err


def test_a_thing_of_data(capsys: pytest.CaptureFixture[str], file: str, tmp_path: Path) -> None:
    graph = str(tmp_path / "lantern.trig")
    assert main(["build", file, "-o", graph]) == 0
    capsys.readouterr()
    code, out, _ = run(capsys, "Ada Lund", "--on", graph)
    assert code == 0
    assert "Blue Lantern – schema:founder – Ada Lund" in out


@pytest.mark.slow
def test_as_json(capsys: pytest.CaptureFixture[str], file: str) -> None:
    for arguments in (
        ("It was founded by Ada Lund.", "--class", "political party"),
        (f"{file}:7",),
        ("Ada Lund", "--on", file),
        ("--not", "Blue Lantern", "leader", "--on", file),
    ):
        code, out, _ = run(capsys, *arguments, "--json")
        assert code == 0
        assert json.loads(out)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--not", "Blue Lantern"), "--not takes an entity, a property and one article"),
        (("a", "b"), "explain takes a sentence, a thing, or subject, predicate and object"),
        (("It is.", "--class", "zeppelins"), "no class is called 'zeppelins'"),
    ],
)
def test_what_is_none_of_these(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert message in err
