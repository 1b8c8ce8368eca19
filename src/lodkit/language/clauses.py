"""A sentence as clauses: main, coordinated, relative, participle and subordinate ones, each with its subject,
its verb group, its arguments and its own adjuncts. Rules over word classes, no model; one pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from .clause_parts import Argument, Clause, OpenClause
from .tags import GROUP, Bounds, Tag, Tagger
from .verb_groups import VerbGroup, later_finite, verb_group

if TYPE_CHECKING:
    from .tokens import Sentence

MOST = 40
"""The most clauses that are read of one sentence."""


@dataclass(frozen=True, slots=True)
class Clauses:
    """Splits sentences by the word classes that a tagger gives."""

    tagger: Tagger

    def of(self, sentence: Sentence, given: Sequence[tuple[int, int, Tag]]) -> tuple[Clause, ...]:
        """Return the clauses of a sentence in the order of their verbs; ``given`` are its names and dates."""
        tags = self.tagger.tags(sentence, given)
        starts = {first: last for first, last, _ in given}
        builder = _Builder(self.tagger, sentence, tags, starts)
        at = 0
        while at < len(tags) and len(builder.done) < MOST:
            at = builder.step(at)
        return tuple(builder.finished())


@dataclass(slots=True)
class _Builder:
    """Goes over the tokens once and opens and closes clauses; the one thing here that changes."""

    tagger: Tagger
    sentence: Sentence
    tags: list[Tag]
    starts: dict[int, int]
    done: list[OpenClause] = field(default_factory=list)
    main: OpenClause = field(default_factory=lambda: OpenClause("main"))
    inner: OpenClause | None = None
    preposition: str = ""
    relative: Argument | None = None
    opened: str = ""
    subordinate: bool = False
    joint: str = ""
    last: Argument | None = None
    nearest: Argument | None = None
    subject_in: Argument | None = None  # of a relative clause, before its verb
    tailed: bool = False  # an "of" stands after the last noun phrase
    bound: bool = False  # what follows belongs to a gerund, not to the verb
    infinitive: bool = False
    owned: bool = False  # after "whose"
    after_comma: bool = False  # the "and" that was met last
    opener: OpenClause | None = None
    resumed: OpenClause | None = None  # the clause before a subordinate one

    @property
    def genitive(self) -> frozenset[str]:
        """Prepositions whose phrase belongs to the noun before it."""
        return self.tagger.english.words("genitive")

    @property
    def joints(self) -> frozenset[str]:
        """What joins the last item of a list."""
        return self.tagger.english.words("list-joint")

    @property
    def now(self) -> OpenClause:
        return self.inner or self.main

    def step(self, at: int) -> int:
        """Take the words at a token; return the token after them."""
        tag = self.tags[at]
        if tag is Tag.OPENING:
            return self._after_bracket(at)
        if tag in (Tag.ADVERB, Tag.POSSESSIVE, Tag.CLOSING):
            return at + 1
        if tag is Tag.NEGATOR and not self._opens_group(at):
            return at + 1
        if tag in GROUP or tag in (Tag.BASE, Tag.ING, Tag.NEGATOR):
            return self._verb(at)
        if tag in _SIMPLE:
            return self._joint(at, tag)
        return self._phrase(at)

    def _after_bracket(self, at: int) -> int:
        depth = 0
        for index in range(at, len(self.tags)):
            depth += (self.tags[index] is Tag.OPENING) - (self.tags[index] is Tag.CLOSING)
            if depth == 0:
                return index + 1
        return at + 1

    def _opens_group(self, at: int) -> bool:
        after = at + 1
        while after < len(self.tags) and self.tags[after] in (Tag.ADVERB, Tag.NEGATOR):
            after += 1
        return after < len(self.tags) and self.tags[after] in (GROUP | {Tag.BASE})

    # ---- joints

    def _joint(self, at: int, tag: Tag) -> int:
        if tag is Tag.COMMA:
            self.joint, self.preposition, self.bound = ",", "", False
        elif tag is Tag.COORDINATOR:
            self.after_comma = self.joint == ","
            self.joint = "or" if self.sentence.low[at] != "and" and self.sentence.low[at] != "but" else "and"
            self.bound = False
        elif tag is Tag.PREPOSITION:
            self.preposition = self._preposition(at)
            return self._after_preposition(at)
        elif tag is Tag.RELATIVE:
            self.relative, self.opened = self.nearest or _NOTHING, self.preposition
            self.preposition, self.bound, self.infinitive, self.joint = "", False, False, ""
        elif tag is Tag.WHOSE:
            self.relative, self.opened, self.owned = _NOTHING, "", True
        elif tag is Tag.STOP:
            self._stop()
        elif tag is Tag.SUBORDINATOR:
            self._stop(subordinate=True)
        return at + 1

    def _preposition(self, at: int) -> str:
        low = self.sentence.low
        if self.tags[at + 1 : at + 2] == [Tag.PREPOSITION] and low[at + 1] != "of":
            return low[at + 1]
        return low[at]

    def _after_preposition(self, at: int) -> int:
        return at + 2 if self.tags[at + 1 : at + 2] == [Tag.PREPOSITION] else at + 1

    def _stop(self, *, subordinate: bool = False) -> None:
        """Close what is open; a subordinate clause at the start leaves room for the main one."""
        self._close()
        self.resumed = (self.main if self.main.verb is not None else self.resumed) if subordinate else None
        if self.main.verb is not None or not subordinate:
            self._close_main()
        self.subordinate = subordinate
        self._forget()
        self.relative = None
        if subordinate:
            self.inner = OpenClause("subordinate")

    def _close(self) -> None:
        if self.inner is not None:
            self._keep(self.inner)
            self.inner = None

    def _close_main(self) -> None:
        self._keep(self.main)
        self.main = OpenClause("main")

    def _keep(self, clause: OpenClause) -> None:
        if clause.verb is not None:
            self.done.append(clause)

    # ---- noun phrases

    def _phrase(self, at: int) -> int:
        bounds = self._bounds(at)
        self._take(bounds)
        self.joint, self.preposition = "", ""
        return bounds[1]

    def _bounds(self, at: int) -> Bounds:
        """A noun phrase from its determiner to its head, with owners before it; a date or a name alone."""
        end = at
        while end < len(self.tags) and self._belongs(at, end):
            end = self.starts.get(end, end + 1)
        return at, max(end, at + 1)

    def _belongs(self, at: int, end: int) -> bool:
        tag, before = self.tags[end], self.tags[end - 1] if end > at else None
        if tag in (Tag.DETERMINER, Tag.PRONOUN, Tag.GERUND):
            return before is None or (tag is Tag.DETERMINER and before in (Tag.DETERMINER, Tag.GERUND))
        if before is Tag.PRONOUN:
            return False
        if tag is Tag.DATE:
            return before in (None, Tag.DETERMINER, Tag.POSSESSIVE) or self._inside(at, end)
        if before is Tag.DATE and tag is Tag.NAME:
            return self.tags[at] is Tag.DETERMINER
        if tag in (Tag.NAME, Tag.OPEN):
            return True
        if tag is Tag.POSSESSIVE:
            return before in (Tag.NAME, Tag.OPEN)
        return (
            tag is Tag.ADVERB
            and before is not None
            and self.tags[end + 1 : end + 2] == [Tag.OPEN]
            and (before in (Tag.DETERMINER, Tag.OPEN, Tag.POSSESSIVE))
        )

    def _inside(self, at: int, end: int) -> bool:
        after = self.starts.get(end, end + 1)
        return self.tags[at] is Tag.DETERMINER and self.tags[after : after + 1] == [Tag.OPEN]

    def _take(self, bounds: Bounds) -> None:
        """Give a noun phrase its place in the clause that is open."""
        clause = self.now
        clause.end = bounds[1]
        before, self.nearest = self.nearest, Argument(self.preposition, (bounds,))
        if self.infinitive or (self.bound and not self.preposition):
            return
        if self.preposition in self.genitive and before is not None:
            self.tailed = True
        elif self.relative is not None:
            self._of_relative(bounds)
        elif self._of_subject(clause):
            self.tailed = True
        elif self.joint and self.last is not None and not self.preposition and not self._opens_main(clause):
            self._extend(bounds, clause)
        else:
            self._new(bounds, clause)

    def _opens_main(self, clause: OpenClause) -> bool:
        """Tell whether a noun phrase after a comma is the subject, as a date stands in front."""
        waiting = clause.verb is None and clause.subject is None and bool(clause.fronted)
        dated = self.last is not None and self._is_date(self.last.parts[-1])
        return waiting and self.joint == "," and dated

    def _settle(self, clause: OpenClause) -> None:
        """At a verb without a subject, what was joined to an adjunct in front is the subject."""
        if clause.verb is not None or clause.subject is not None or not clause.fronted:
            return
        last = clause.fronted[-1]
        if last is self.last and len(last.parts) > 1:
            clause.fronted[-1] = Argument(last.preposition, last.parts[:-1])
            clause.subject = self.last = self.nearest = Argument("", last.parts[-1:])

    def _of_relative(self, bounds: Bounds) -> None:
        """The first noun phrase after a relative pronoun is the subject of its verb."""
        if self.preposition or self.subject_in is not None:
            return
        self.subject_in = Argument("", (bounds,))

    def _of_subject(self, clause: OpenClause) -> bool:
        """Tell whether a noun phrase after a preposition belongs to the subject, as its verb is to come."""
        return bool(self.preposition) and clause.verb is None and clause.subject is not None

    def _extend(self, bounds: Bounds, clause: OpenClause) -> None:
        """Join a noun phrase to those before it; after an "of" it is open to which of them."""
        assert self.last is not None
        if self.tailed and self.joint != ",":
            return
        longer = Argument(self.last.preposition, (*self.last.parts, bounds))
        for listed in (clause.arguments, clause.fronted):
            if listed and listed[-1] is self.last:
                listed[-1] = longer
        if clause.subject is self.last:
            clause.subject = longer
        self.last = longer

    def _new(self, bounds: Bounds, clause: OpenClause) -> None:
        made = Argument(self.preposition, (bounds,))
        if clause.verb is not None:
            clause.arguments.append(made)
        elif self.preposition or self._is_date(bounds):
            clause.fronted.append(made)
        elif clause.subject is None:
            clause.subject = made
        self.last, self.tailed = made, False

    def _is_date(self, bounds: Bounds) -> bool:
        return all(tag is Tag.DATE for tag in self.tags[bounds[0] : bounds[1]])

    # ---- verbs

    def _verb(self, at: int) -> int:
        group = verb_group(self.tagger, self.sentence, self.tags, at)
        if group is None:
            return at + 1
        if self.tags[at] in (Tag.TO, Tag.BASE):
            return self._meant(group)
        if self.relative is None:
            self._settle(self.now)
        reduced = self.tags[at] is Tag.PAST and group.first == group.head and self._is_reduced(group)
        if self.relative is not None:
            self._relative(group)
        elif reduced or group.ing:
            self._participle(group if group.ing else replace(group, passive=True))
        else:
            self._finite(group)
        self._forget()
        self.subordinate = False
        return group.last

    def _forget(self) -> None:
        """What stands before a verb joins nothing after it."""
        self.joint, self.preposition, self.last, self.nearest = "", "", None, None
        self.bound = self.infinitive = self.tailed = self.owned = False

    def _meant(self, group: VerbGroup) -> int:
        """An infinitive is an argument, and what follows belongs to it."""
        if self.infinitive or self.relative is not None or self.tags[group.first] is not Tag.TO:
            return group.last
        bounds = (group.head, group.last)
        if self.now.verb is not None:
            self.now.arguments.append(Argument("to", (bounds,), infinitive=True))
        self.now.end = group.last
        self.infinitive, self.joint, self.preposition = True, "", ""
        return group.last

    def _relative(self, group: VerbGroup) -> None:
        antecedent, self.relative = self.relative, None
        self._close()
        subject, self.subject_in = self.subject_in, None
        self.inner = OpenClause(
            "relative", subject or (antecedent if antecedent is not _NOTHING else None), group
        )
        plain = antecedent is not None and (self.opened or not antecedent.preposition)
        if subject is not None and antecedent is not None and antecedent is not _NOTHING and plain:
            self.inner.arguments.append(Argument(self.opened, antecedent.parts[-1:]))
        if self.owned:
            self.inner.subject = None
        self.inner.end = group.last

    def _participle(self, group: VerbGroup) -> None:
        subject = self._antecedent(group)
        if self.joint == "and" and self.inner is not None and self.inner.kind == "participle":
            subject = self.inner.subject
        opens = self.main.verb is None and self.main.subject is None and subject is None
        self._close()
        self.inner = OpenClause("participle", subject, group, end=group.last)
        if opens:
            self.opener = self.inner

    def _antecedent(self, group: VerbGroup) -> Argument | None:
        if self.joint == "," and group.ing:
            return self.now.subject if self.now.verb is not None else self.main.subject
        if self.nearest is None:
            return self.main.subject if self.main.verb is None else None
        if self.joint == "," and self.nearest.preposition:
            return None
        return Argument("", self.nearest.parts)

    def _finite(self, group: VerbGroup) -> None:
        clause = self.now
        if clause.verb is None and clause.subject is None and self._clause_after(clause.fronted):
            self._after_preposition_clause(clause.fronted, group)
        elif clause.verb is None:
            self._start(clause, group)
        elif self.inner is not None and self.main.verb is None and self.main.subject is not None:
            if self.joint == "and" and self.inner.kind == "relative" and not self._is_new(self.inner):
                self._coordinate(self.inner, group)
            else:
                self._close()
                self._start(self.main, group)
        elif self.inner is not None and self.main.verb is None:
            self._from_opener(group)
        elif self.inner is not None and self._leaves_inner():
            self._close()
            self._coordinate(self.main, group)
        else:
            self._coordinate(clause, group)

    def _leaves_inner(self) -> bool:
        """Tell whether a joined verb belongs to the clause around: after a comma, or a comma and "and"."""
        return self.joint == "," or (self.joint == "and" and self.after_comma)

    def _clause_after(self, listed: list[Argument]) -> bool:
        """Tell whether a preposition of time opens a clause: "after the union left"."""
        opens = self.tagger.english.words("clause-preposition")
        return bool(listed) and listed[-1] is self.last and listed[-1].preposition in opens

    def _after_preposition_clause(self, listed: list[Argument], group: VerbGroup) -> None:
        subject = Argument("", listed.pop().parts)
        self._close()
        self.inner = OpenClause("subordinate", subject, group, end=group.last)

    def _start(self, clause: OpenClause, group: VerbGroup) -> None:
        clause.verb, clause.end = group, group.last
        if self.opener is not None and clause.kind == "main":
            self.opener.subject = clause.subject
            self.opener = None

    def _from_opener(self, group: VerbGroup) -> None:
        """After a fronted clause its last words are the subject: "Founded in 1950, the union left"."""
        inner = self.inner
        assert inner is not None
        last = self.last
        if self.joint:
            self.main.subject = self.resumed.subject if self.resumed is not None else None
            self.main.kind, last = "coordinated", None
        if last is not None and inner.arguments and inner.arguments[-1] is last:
            if len(last.parts) > 1:
                before = self.sentence.low[last.parts[-1][0] - 1]
                first = -2 if len(last.parts) > 2 and before in self.joints else -1
                inner.arguments[-1] = Argument(last.preposition, last.parts[:first])
                self.main.subject = Argument("", last.parts[first:])
            elif not last.preposition:
                self.main.subject = inner.arguments.pop()
        self._close()
        self._start(self.main, group)

    def _is_new(self, clause: OpenClause) -> bool:
        return bool(clause.arguments) and clause.arguments[-1] is self.last and len(self.last.parts) > 1

    def _coordinate(self, clause: OpenClause, group: VerbGroup) -> None:
        """Open the clause of another verb: with the subject before, or with the noun phrase before it."""
        if self._clause_after(clause.arguments):
            self._after_preposition_clause(clause.arguments, group)
            return
        joined = bool(self.joint) or self.last is None
        subject = clause.subject if joined else None
        last = self.last
        if not joined and last is not None and clause.arguments and clause.arguments[-1] is last:
            subject = self._released(clause, last)
        kind = "relative" if clause.kind == "relative" and joined else "coordinated"
        shares = joined and clause.verb is not None and group.first == group.head
        if (
            shares
            and clause.verb is not None
            and clause.verb.passive is not False
            and self.tags[group.head] is Tag.PAST
        ):
            group = replace(group, passive=None, negated=clause.verb.negated)
        following = OpenClause(kind, subject, group, end=group.last)
        if clause is self.inner and kind == "relative":
            self._keep(clause)
            self.inner = following
            return
        self._close()
        self._keep(self.main)
        self.main = following

    def _released(self, clause: OpenClause, last: Argument) -> Argument | None:
        """The noun phrase before a verb that an object was taken for: the last of a list, or the whole."""
        if len(last.parts) > 1:
            clause.arguments[-1] = Argument(last.preposition, last.parts[:-1])
            return Argument("", last.parts[-1:])
        if last.preposition:
            return None
        clause.arguments.pop()
        return last

    def _is_reduced(self, group: VerbGroup) -> bool:
        """Tell whether a past form is a participle that stands for a relative clause."""
        verbs, word = self.tagger.verbs, self.sentence.low[group.head]
        if word in verbs.only_past or self.relative is not None:
            return False
        if word in verbs.only_participle:
            return True
        clause = self.now
        if clause.subject is None and clause.verb is None and not self.subordinate:
            return True
        following = self.tags[group.last : group.last + 1]
        if following and following[0] in _OBJECT and not self._named(group):
            return False
        if self.main.verb is None or clause.verb is None:
            return later_finite(self.tags, self.tagger, self.sentence, group.last)
        joined = self.joint in ("and", "or") or (self.joint == "," and self._after_date())
        return not joined

    def _after_date(self) -> bool:
        """Tell whether a date stands before: "was suspended in 1832, restored in 1835"."""
        return self.nearest is None or self._is_date(self.nearest.parts[-1])

    def _named(self, group: VerbGroup) -> bool:
        named = self.tags[group.last : group.last + 1] == [Tag.NAME]
        return named and self.sentence.low[group.head] in self.tagger.english.words("naming")

    def finished(self) -> Iterator[Clause]:
        """Close what is open and yield all clauses by their verbs."""
        self._close()
        self._keep(self.main)
        closed = [clause for clause in map(OpenClause.closed, self.done) if clause is not None]
        ordered = sorted(closed, key=lambda clause: clause.verb.head)
        for at in range(len(ordered) - 2, -1, -1):
            ordered[at] = _sharing(ordered[at], ordered[at + 1])
        yield from ordered


def _sharing(clause: Clause, following: Clause) -> Clause:
    """A verb right before a joined one has the same arguments: "makes, sells and repairs lamps"."""
    beside = following.verb.first - clause.verb.last <= 2 and following.kind == "coordinated"
    if clause.arguments or not beside or clause.verb.passive:
        return clause
    return replace(clause, arguments=following.arguments)


_NOTHING = Argument("", ((0, 0),))
_OBJECT = frozenset({Tag.DETERMINER, Tag.NAME, Tag.OPEN, Tag.PRONOUN})
_SIMPLE = frozenset(
    {Tag.COMMA, Tag.COORDINATOR, Tag.PREPOSITION, Tag.RELATIVE, Tag.WHOSE, Tag.STOP, Tag.SUBORDINATOR}
)
