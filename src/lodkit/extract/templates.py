"""What infobox templates say by their names: the class of the subject, and which rows are of no use."""

from __future__ import annotations

from ..source import Cell
from ..statement import Basis
from .context import Context


def type_by_template(context: Context) -> None:
    """Give the subject the class of the first infobox at the beginning of the article that has one."""
    text, cells = context.text, context.article.cells
    for number, template in enumerate(context.article.templates):
        rows = ((cell.key.of(text), cell.value.of(text)) for cell in cells if cell.box == number)
        rule = context.domain.wikitext.box_with(template.name, rows)
        if rule is not None and rule.types and template.section == 0 and template.parent is None:
            subject, title = context.nodes.subject, context.article.title
            context.give_type(subject, rule.types, rule.iri, Basis.TEMPLATE, template.span, title)
            return


def unread_reason(context: Context, cell: Cell, *, has_rule: bool) -> str:
    """Return why a row is not read, empty for one that is: its infobox stands in a section that may be about
    something else; or no rule reads it, and it names the subject or its key says nothing of it.
    """
    if cell.box is None:
        return ""
    template, name = context.article.templates[cell.box], context.article.infobox_name
    if template.section:
        return "its infobox stands in a section, and may be about something else"
    if name is not None and cell.value.holds(name):
        return "it names the subject"
    if has_rule:
        return ""
    if context.domain.wikitext.ignores(template.name, cell.key.of(context.text)):
        return "its key says nothing of the subject"
    return ""
