"""The entities of one article while it is read: spellings, types and, at the end, IRIs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ..domain import Domain, fold
from ..domain.gazetteer import Entry
from ..statement import Basis, Modality, Span, encode_name, local_iri, shared_iri, short_hash

STRENGTH = {Basis.STATED: 0, Basis.TEMPLATE: 1, Basis.INFERRED: 2, Basis.BACKGROUND: 3}


@dataclass(frozen=True, slots=True)
class Typing:
    """Why a node has a class: the rule, what it rests on, and the words."""

    rule: str
    basis: Basis
    span: Span
    modality: Modality = Modality.ASSERTED
    subject_span: Span | None = None


@dataclass(eq=False)
class Node:
    """An entity: the article's subject, a named one, or one minted for a group or an event.

    ``page`` is the title of the page that a link to it leads to, ``page_span`` the link's words.
    """

    key: str
    shared: bool = False
    minted: str | None = None
    spellings: dict[str, Span] = field(default_factory=dict)
    types: dict[str, Typing] = field(default_factory=dict)
    entry: Entry | None = None
    last_span: Span | None = None
    determined: bool = False
    name: str | None = None
    page: str | None = None
    page_span: Span | None = None

    def label(self) -> str:
        """The spelling that names the node: most non-ASCII letters, then the longest, then the least by code
        point. Of what has a page, the page's title where the text has it.
        """
        if self.page in self.spellings:
            return self.page
        return min(self.spellings, key=lambda s: (-sum(c > "\x7f" for c in s if c.isalpha()), -len(s), s))

    def note(self, text: str, span: Span) -> None:
        """Remember a mention."""
        self.spellings.setdefault(text, span)
        self.last_span = span


class Nodes:
    """All nodes of an article, by folded name; several spellings of a name meet in one node."""

    def __init__(self, domain: Domain, article: str, base: str) -> None:
        self.domain = domain
        self.article = article
        self.base = base
        self.local = local_iri(article, "", base)  # what the IRIs of all but shared nodes begin with
        self.subject = Node(fold(article), shared=True)
        self.named: dict[str, Node] = {self.subject.key: self.subject}
        self.pages: dict[str, Node] = {}
        self.minted: dict[tuple[str, Span], Node] = {}
        self.noun_rules = frozenset(
            rule.iri for rule in domain.nouns
        )  # a type from a name's head is no slot's guess

    def name(self, text: str, span: Span, *, shared: bool = False) -> Node:
        """Return the node that a name stands for, made if need be."""
        key = fold(text)
        node = self.named.get(key)
        if node is None:
            node = self.named[key] = Node(key, shared=shared)
        if node is not self.subject:
            node.shared = node.shared or shared
            node.note(text, span)
        return node

    def linked(self, title: str, span: Span) -> Node:
        """Return the node that a page is about, made if need be; the words at ``span`` link to it."""
        key = fold(title)
        if key == self.subject.key:
            return self.subject
        node = self.pages.get(key)
        if node is None:
            node = Node(key, shared=True, name=title, page=title, page_span=span)
            self.pages[key] = node
        return node

    def alias(self, text: str, node: Node) -> None:
        """Let another name stand for a node, unless it already stands for one."""
        self.named.setdefault(fold(text), node)

    def mint(self, cls: str, words: str, span: Span) -> Node:
        """Return the node of a group or an event that these words describe, made if need be."""
        node = self.minted.get((cls, span))
        if node is None:
            node = self.minted[cls, span] = Node(fold(words), minted=cls)
            node.note(words, span)
        return node

    def add_type(self, node: Node, cls: str, typing: Typing) -> None:
        """Give a node a class; a stronger reason for the same class wins, an earlier one of the same strength
        stays.
        """
        known = node.types.get(cls)
        if known is None or (typing.modality, STRENGTH[typing.basis]) < (
            known.modality,
            STRENGTH[known.basis],
        ):
            node.types[cls] = typing

    def fits(self, node: Node, cls: str) -> bool:
        """Tell whether a node may stand where the class is asked: it has no type, or one that is it or below
        it.

        A node whose only types were inferred from slots may become more specific.
        """
        if not node.types:
            return True
        return any(self.domain.is_a(t, cls) for t in node.types) or (
            all(
                typing.basis is Basis.INFERRED and typing.rule not in self.noun_rules
                for typing in node.types.values()
            )
            and any(self.domain.is_a(cls, t) for t in node.types)
        )

    def minimal_types(self, node: Node) -> Iterator[tuple[str, Typing]]:
        """Yield the node's classes without those that another of them implies, unless the text states
        them.
        """
        for cls, typing in sorted(node.types.items()):
            implied = any(other != cls and self.domain.is_a(other, cls) for other in node.types)
            if not implied or typing.basis is Basis.STATED:
                yield cls, typing

    def iris(self, used: Iterable[Node], keys: Mapping[Node, Iterable[str]]) -> dict[Node, str]:
        """Return the IRIs of nodes; ``keys`` gives the values of ``owl:hasKey`` for minted nodes that have
        them all.
        """
        found: dict[Node, str] = {}
        seen: dict[str, int] = {}
        by_key: dict[str, str] = {}
        for node in used:
            if node.minted is None:
                found[node] = self._named_iri(node)
                continue
            local = (node.minted or "").rpartition("#")[2]
            values = tuple(keys.get(node, ()))
            name = f"{local}-{short_hash(values or (node.key,), 8)}"
            if not values:
                seen[name] = seen.get(name, 0) + 1
                name = name if seen[name] == 1 else f"{name}-{seen[name]}"
            found[node] = by_key.setdefault(name, self.local + encode_name(name))
        return found

    def _named_iri(self, node: Node) -> str:
        if node is self.subject:
            return shared_iri(self.article, self.base)
        if node.entry is not None:
            return shared_iri(node.entry.name, self.base)
        return (
            shared_iri(node.name or node.label(), self.base)
            if node.shared
            else self.local + encode_name(node.label())
        )
