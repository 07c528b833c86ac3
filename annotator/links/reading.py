"""Links as the API and the cards give them."""

from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from annotator.annotations.reading import LOADERS, OnSnapshot, Scope
from annotator.columns import as_time
from annotator.compiled import dump_rows
from annotator.links import demands, queries
from annotator.links.comparison import compare
from annotator.links.demands import Policy
from annotator.links.schemas import LinkOut
from annotator.protection import TITLE
from annotator.reading import dialect_of, grouped, rows_of

Copies = dict[str | None, dict[str, Any]]
MOST_IDS = 500  # in one IN
HIDDEN = ("locator", "group", "assumption", "note", "explanation", "decision_reason")
HIDDEN_FAR = ("date", "url", "publisher", "tier", "independence_group", "copy")
HIDDEN_SAID = ("locator", "url", "publisher", "tier", "independence_group", "copy")


def _dump(session: Session, query: Select[Any], values: dict[str, Any]) -> list[dict[str, Any]]:
    return [masked(link) if link["far"]["hidden"] else link for link in unmasked(session, query, values)]


def unmasked(session: Session, query: Select[Any], values: dict[str, Any]) -> list[dict[str, Any]]:
    """Give links with copies and what they lack, protected sources unveiled: for counting, never to be given out."""
    result = rows_of(session, query, values)
    labels, rows = tuple(result.keys()), result.all()
    links = dump_rows(LinkOut, labels, rows, {})
    if not links:
        return links
    behind = labels.index("source_behind")
    asked, copies = _around(session, links[0]["project"], {row[behind] for row in rows} - {None})
    for link, row in zip(links, rows, strict=True) if copies else ():
        if row[behind] in copies:
            link["far"] = {**link["far"], "copy": copies[row[behind]]}
    of_all = asked.locator_required or asked.archived_copy_required
    for link in links:  # most lack nothing, and are looked at no further
        if of_all or link["draft"] or link["comparison"]["order"] == "unknown":
            link["missing"] = demands.of_link(link, asked)
    return links


def _around(session: Session, project_id: str, sources: set[str | None]) -> tuple[Policy, Copies]:
    """Give what the project asks of evidence, and the newest copy of each source by its id."""
    asked, copies, ids = Policy(), Copies(), list(sources)
    for first in range(0, max(1, len(ids)), MOST_IDS):
        chosen = {"id": project_id, "ids": ids[first : first + MOST_IDS]}
        for row in rows_of(session, queries.COPIES, chosen):
            asked = Policy(*row[: len(queries.ASKED)])
            if row.source_id is not None:
                copy = {"snapshot": row.id, "number": row.number, "captured_at": as_time(row.captured_at)}
                copies[row.source_id] = copy
    return asked, copies


def policy(session: Session, project_id: str) -> Policy:
    """Give what the project asks of evidence."""
    return Policy(*rows_of(session, queries.POLICY, {"id": project_id}).one())


def masked(link: dict[str, Any]) -> dict[str, Any]:
    """Give the link as it is where its source may be seen; else without anything of a source that is hidden.

    What a speaker said in a protected source stays known; where it stands there does not. A link whose words stand in
    a copy of a hidden source tells nothing of them, whatever its statement names as its source by now.
    """
    far = link["far"]
    if not far["hidden"]:
        return link
    if far["kind"] != "source":
        cited = {**far["source"], "title": TITLE, "url": ""} if far["source"] else None
        hidden = {**far, **dict.fromkeys(HIDDEN_SAID), "source": cited}
        words = dict.fromkeys(HIDDEN if far["closed"] else ("locator",), "")
        return {**link, **words, "far": hidden, "passage": None, "locator_kind": None, "missing": []}
    near = {link["comparison"]["near_from"]: link["comparison"]["near_on"]}
    compared = compare("source", near.get("claim"), near.get("article"), None, None, None, None)
    return {
        **link,
        **dict.fromkeys(HIDDEN, ""),
        "locator_kind": None,
        "passage": None,
        "missing": [],
        "far": {**far, **dict.fromkeys(HIDDEN_FAR), "title": TITLE},
        "comparison": compared,
    }


def one(session: Session, link_id: str) -> dict[str, Any]:
    """Give one link, deleted or not."""
    return _dump(session, queries.one_link(dialect_of(session)), {"id": link_id})[0]


def links_of(session: Session, scope: Scope) -> dict[str, list[Any]]:
    """Give the live links by annotation, contradictions first, then as they were made, in a fixed number of queries."""
    dialect = dialect_of(session)
    if isinstance(scope, OnSnapshot):
        found = _dump(session, queries.links_on(dialect), {"snapshot": scope.id})
    else:
        found = _dump(session, queries.links_of(dialect), {"ids": scope})
    return grouped((link["annotation"], link) for link in found)


LOADERS["links"] = links_of
