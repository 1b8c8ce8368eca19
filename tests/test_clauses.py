"""Clauses of sentences, with what is the subject and what are the arguments of each verb."""

from __future__ import annotations

import pytest

from lodkit.domain import read_domain
from lodkit.extract.frames import frame_book
from lodkit.language.tags import Tag
from lodkit.language.tokens import Sentence
from lodkit.statement import Span

CASES = [
    ("Lund founded the club in Arvika.", ["main: Lund | founded | the club | in Arvika"]),
    ("Lund was expelled by the club.", ["main: Lund | was expelled | by the club"]),
    (
        "The club, which was set up in Arvika, runs schools and trains sailors.",
        [
            "relative: The club | was set | in Arvika",
            "main: The club | runs | schools",
            "coordinated: The club | trains | sailors",
        ],
    ),
    (
        "Founded by Lund, the club left.",
        ["participle: the club | Founded | by Lund", "main: the club | left"],
    ),
    (
        "The club makes, sells and repairs boats.",
        [
            "main: The club | makes | boats",
            "coordinated: The club | sells | boats",
            "coordinated: The club | repairs | boats",
        ],
    ),
]


@pytest.mark.parametrize(("text", "clauses"), CASES, ids=[text for text, _ in CASES])
def test_clauses(text: str, clauses: list[str]) -> None:
    sentence = Sentence(text, Span(0, len(text)))
    names = [(i, i + 1, Tag.NAME) for i, word in enumerate(sentence.words) if word in ("Lund", "Arvika")]
    found = []
    for clause in frame_book(read_domain()).clauses.of(sentence, names):
        subject = [clause.subject] if clause.subject else []
        said = [" ".join(sentence.words_of(*part) for part in one.parts) for one in subject]
        said.append(sentence.words_of(clause.verb.first, clause.verb.last))
        for one in clause.arguments:
            words = ", ".join(sentence.words_of(*part) for part in one.parts)
            said.append(f"{one.preposition} {words}".strip())
        found.append(f"{clause.kind}: {' | '.join(said)}")
    assert found == clauses
