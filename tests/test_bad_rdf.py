"""RDF with something bad in it: an error by default, left out and listed where that is asked for; and what
JSON-LD drops, which is said.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodkit import cli, rdf
from lodkit.rdf import Reading

GOOD = [f"<http://x/{name}> <http://x/p> <http://x/o> ." for name in "abc"]
BAD_LINES = {
    "an IRI with a space": "<http://x/a b> <http://x/p> <http://x/o> .",
    "a relative IRI": "<a> <http://x/p> <http://x/o> .",
    "a language tag": '<http://x/a> <http://x/p> "x"@en_GB .',
    "no end": "<http://x/a> <http://x/p> <http://x/o>",
    "an open text": '<http://x/a> <http://x/p> "x .',
    "a word": "hello",
    "triples too deep": "<< " * 300,
    "a surrogate": '<http://x/a> <http://x/p> "\\ud800" .',
}


def written(tmp_path: Path, lines: list[str], name: str = "data.nt") -> Path:
    file = tmp_path / name
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


@pytest.mark.parametrize("form", ["nt", "nq"])
@pytest.mark.parametrize("what", BAD_LINES)
def test_a_bad_line_is_an_error_or_left_out(
    what: str, form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, [GOOD[0], BAD_LINES[what], GOOD[1], GOOD[2]], f"data.{form}")
    assert cli.main(["export", str(file), "--format", "nt"]) == 3
    strict = capsys.readouterr()
    assert strict.out == ""
    assert f"{file}:" in strict.err
    assert cli.main(["export", str(file), "--format", "nt", "--skip-bad"]) == 5
    skipped = capsys.readouterr()
    assert skipped.out.splitlines() == GOOD
    assert skipped.err.startswith(f"lodkit: skipped: {file}:2: not N-")
    assert skipped.err.count("\n") == 1


@given(st.lists(st.sampled_from([*GOOD, *BAD_LINES.values(), "", "# nothing"]), max_size=30))
def test_good_lines_are_those_that_are_good_alone(lines: list[str]) -> None:
    reading = Reading(skips_bad=True)
    found = [str(quad.subject) for quad in rdf.read("\n".join(lines).encode(), "nt", reading=reading)]
    assert found == [line.split(" ")[0] for line in lines if line in GOOD]
    assert [error.line for error in reading.errors] == [
        number for number, line in enumerate(lines, start=1) if line in BAD_LINES.values()
    ][:20]
    assert reading.bad == sum(line in BAD_LINES.values() for line in lines)


@pytest.mark.slow
def test_lines_of_any_length_are_told_by_their_number() -> None:
    lines = [
        '<http://x/a> <http://x/p> "' + "x" * 200_000 + '" .',
        *GOOD * 3000,
        "bad",
        *GOOD * 3000,
        "worse",
    ]
    reading = Reading(skips_bad=True)
    assert len(list(rdf.read("\n".join(lines).encode(), "nt", reading=reading))) == len(lines) - 2
    assert [error.line for error in reading.errors] == [9002, 18003]


def test_many_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, ["bad"] * 50)
    assert cli.main(["export", str(file), "--format", "nt", "--skip-bad"]) == 5
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 22
    assert lines[20] == f"lodkit: skipped: {file}: 30 more"


BAD_TERMS = {
    "ttl": "<http://x/a> <http://x/p> <http://x/o>, <http://x/a b>, 'ü' .",
    "trig": "<http://x/g> { <http://x/a> <http://x/p> <http://x/{b}> . } <http://x/a> <http://x/p> 1 .",
    "rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="http://x/">'
    '<rdf:Description rdf:about="http://x/a b"><x:p>v</x:p></rdf:Description>'
    '<rdf:Description rdf:about="http://x/a"><x:p>v</x:p></rdf:Description></rdf:RDF>',
}


@pytest.mark.parametrize("form", BAD_TERMS)
def test_a_bad_term_is_an_error_or_left_out(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, [BAD_TERMS[form]], f"data.{form}")
    assert cli.main(["export", str(file), "--format", "nt"]) == 3
    assert capsys.readouterr().out == ""
    assert cli.main(["export", str(file), "--format", "nt", "--skip-bad"]) == 5
    skipped = capsys.readouterr()
    assert skipped.out
    assert skipped.err.count("\n") == 1
    assert "holds a term that RDF does not have: Invalid IRI code point" in skipped.err


def test_what_is_no_turtle_stays_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, ["<http://x/a> <http://x/p> ; ; <"], "data.ttl")
    assert cli.main(["export", str(file), "--format", "nt", "--skip-bad"]) == 3


DROPPED = {
    '{"@id": "http://x/a", "http://x/p": 1, "colour": "red"}': "drops the property colour",
    '{"@id": "http://x/a", "http://x/p": 1, "a": [1, 2], "b": 3}': "drops the property a (2); the property b",
    '{"@id": "http://x/a b", "http://x/p": 1}': "drops what has a bad term: <http://x/a b> <http://x/p>",
    '{"@id": "http://x/a", "http://x/p": {"@id": "x{y}", "http://x/q": 1}}': "what has a bad term: ",
    '{"@id": "http://x/a", "http://x/p": {"@value": "a", "@language": "en_GB"}}': '"a"@en_GB',
    '{"@id": "http://x/a", "http://x/p": {"@value": "a", "@type": "http://x/{d}"}}': "what has a bad term: ",
    '{"@id": "http://x/g h", "@graph": [{"@id": "http://x/a", "http://x/p": 1}]}': "<http://x/g h>",
    '{"@context": {"name": "http://x/n"}, "@id": "http://x/a", "name": 1}': "",
    '{"@context": {"gone": null}, "@id": "http://x/a", "http://x/p": 1, "gone": 1}': "",
}


@pytest.mark.parametrize("text", DROPPED)
def test_what_json_ld_drops_is_said(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, [text], "data.jsonld")
    assert cli.main(["export", str(file), "--format", "nt"]) == 0
    found = capsys.readouterr()
    said = [line for line in found.err.splitlines() if "0 triples" not in line]
    if DROPPED[text]:
        assert len(said) == 1
        assert DROPPED[text] in said[0]
        assert said[0].startswith(f"lodkit: {file}: JSON-LD drops ")
    else:
        assert said == []
        assert found.out


COMMANDS = ["export {} --format nt", "validate {}", "load {} --into store", "verify {}"]


@pytest.mark.slow
@pytest.mark.parametrize("command", [*COMMANDS, "query --on {}"])
def test_all_commands_that_read_rdf_are_so(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, [GOOD[0].replace(" .", " <http://x/g> ."), "bad"], "data.nq")
    words = command.format("data.nq").split()
    words[1:1] = ["SELECT * { ?s ?p ?o }"] if words[0] == "query" else []
    assert cli.main([*words, "--no-cache"] if words[0] == "validate" else words) == 3
    assert "data.nq:2:" in capsys.readouterr().err
    code = cli.main([*words, "--skip-bad"])
    assert code in (1, 5)
    assert "lodkit: skipped: data.nq:2: not N-Quads" in capsys.readouterr().err
