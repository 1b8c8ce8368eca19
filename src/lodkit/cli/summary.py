"""What ``lodkit build`` tells of its work, so that nothing is lost in silence."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..build import unread
from ..statement import Modality
from .terminal import DETAILED, put, say, verbosity, width

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..build import Built
    from ..errors import LodkitError
    from ..validate import Report

LOSSES = {
    "row": ("row without a rule", "rows without a rule"),
    "value": ("value not read", "values not read"),
    "match": ("match that does not fit", "matches that do not fit"),
    "sentence": ("sentence without a statement", "sentences without a statement"),
}
"""The kinds of ``Skipped``, in the words of the summary."""

OUTCOMES = {
    "facts": "{} to facts",
    "used": "{} used with another",
    "ignored": "{} ignored",
    "no value": "{} without a value",
    "refused": "{} refused",
    "raw": "{} without a rule",
}
"""What rows came to, in the words of the summary."""

OMISSIONS = {
    "template": ("template of unknown meaning", "templates of unknown meaning"),
    "markup": ("sign without its partner", "signs without their partners"),
    "table": ("table", "tables"),
    "element": ("element", "elements"),
}
"""The kinds of `lodkit.source.Remark`, in the words of the summary."""

_VERDICTS = {
    "conforms": "conforming: {}",
    "does not conform": "not conforming: {}",
    "nothing was checked": "nothing was checked in {}",
}
"""The verdicts of `Report`, with how many articles each is of."""


@dataclass
class Tally:
    """What was built, by the kinds of things."""

    articles: int = 0
    facts: int = 0
    modalities: Counter[Modality] = field(default_factory=Counter)
    losses: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    omissions: Counter[str] = field(default_factory=Counter)
    reports: list[tuple[str, Report]] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    details: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def conforms(self) -> bool:
        """Whether all that was validated conforms."""
        return self.is_checked and not any(report.fails() for _, report in self.reports)

    @property
    def is_checked(self) -> bool:
        """Whether anything at all was checked, where articles were validated."""
        return not self.reports or any(report.focus_nodes for _, report in self.reports)

    def verdict(self) -> str:
        """Return in words what validation came to, article by article where there are several."""
        counts = Counter(report.verdict for _, report in self.reports)
        if len(counts) == 1:
            return next(iter(counts))
        return ", ".join(
            _VERDICTS[verdict].format(counts[verdict]) for verdict in _VERDICTS if counts[verdict]
        )

    def count(self, built: Built) -> None:
        """Count an article's statements and what was not understood."""
        statements = built.extraction.statements
        self.articles += 1
        self.facts += len(
            {statement.triple for statement in statements if statement.modality is Modality.ASSERTED}
        )
        self.modalities.update(statement.modality for statement in statements)
        self.losses.update(skipped.kind for skipped in built.extraction.skipped)
        self.rows.update(str(row.outcome) for row in built.extraction.rows)
        for remark in built.article.remarks:
            self.omissions[remark.kind] += remark.count
        self.warnings += _warnings(built)
        if verbosity.get() >= DETAILED:
            self.details += _details(built)

    def add(self, target: str, report: Report) -> None:
        """Keep the report on a target."""
        self.reports.append((target, report))

    def as_json(self, code: int, errors: Sequence[LodkitError]) -> dict[str, object]:
        """Return the tally as values that ``json.dumps`` takes."""
        from ..validate import report_json

        return {
            "exitCode": code,
            "articles": self.articles,
            "facts": self.facts,
            "statements": {modality.value: self.modalities[modality] for modality in Modality},
            "rows": {outcome: self.rows[outcome] for outcome in OUTCOMES},
            "notUnderstood": {kind: self.losses[kind] for kind in LOSSES},
            **({"leftOut": dict(sorted(self.omissions.items()))} if self.omissions else {}),
            "written": self.written,
            "reports": [{"file": target, **report_json(report)} for target, report in self.reports],
            "warnings": self.warnings,
            "errors": [str(error) for error in errors],
        }


def _warnings(built: Built) -> Iterator[str]:
    """A second title line is a heading like any other, but perhaps the beginning of another article."""
    article = built.article
    titles = [section.title for section in article.sections if section.level == 1]
    if titles:
        line, column = article.position(titles[0].start)
        more = f" and {len(titles) - 1} more" if len(titles) > 1 else ""
        yield (
            f"{built.name}:{line}:{column}: another title line{more}, read as a heading of the first article"
            " (give each article a file of its own)"
        )


def _details(built: Built) -> list[str]:
    lines = []
    for one in unread(built):
        kind = (LOSSES | OMISSIONS).get(one.kind, (one.kind,))[0]
        words = f"{one.words[:100]}{'…' * (len(one.words) > 100)}"
        lines.append(f"{built.name}:{one.line}:{one.column}: {kind}: {words} ({one.reason})")
    return lines


def tell(tally: Tally, *, refused: str | None, color: bool) -> None:
    """Print results, details and a summary to standard error; ``refused`` is why nothing was written."""
    for line in tally.details:
        say(line)
    for line in tally.warnings:
        say(f"lodkit: warning: {line}")
    _tell_reports(tally, color)
    if tally.articles:
        say(_counts(tally))
    if refused:
        say(f"lodkit: nothing was written, because {refused}")


def _tell_reports(tally: Tally, color: bool) -> None:
    from ..validate.render import headed, render

    for target, report in tally.reports:
        if report.results or not report.conforms:
            name = target if len(tally.reports) > 1 else None
            put(headed(render(report, color=color, columns=width()), name), as_message=True, styled=color)


def _counts(tally: Tally) -> str:
    articles = f"{tally.articles} articles: " if tally.articles > 1 else ""
    modalities = ", ".join(f"{tally.modalities[m]} {m.value}" for m in Modality if tally.modalities[m])
    losses, omissions = _listed(LOSSES, tally.losses), _listed(OMISSIONS, tally.omissions)
    total = tally.modalities.total()
    parts = [
        f"{articles}{tally.facts} fact{'s' * (tally.facts != 1)} from {total} statement{'s' * (total != 1)}"
    ]
    parts += [f" ({modalities})"] if modalities else []
    rows = ", ".join(words.format(tally.rows[one]) for one, words in OUTCOMES.items() if tally.rows[one])
    parts += [f"; rows: {rows}"] if rows else []
    parts += [f"; not understood: {losses}"] if losses else []
    parts += [f"; left out: {omissions}"] if omissions else []
    parts += [f"; {tally.verdict()}"] if tally.reports else []
    return "".join(parts)


def _listed(words: Mapping[str, tuple[str, str]], counts: Counter[str]) -> str:
    """Counts in words, those of nothing left out."""
    return ", ".join(
        f"{counts[kind]} {one if counts[kind] == 1 else many}"
        for kind, (one, many) in words.items()
        if counts[kind]
    )
