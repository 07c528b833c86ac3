"""Passages of older copies whose words no longer stand in the newest one."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from annotator.articles.models import Snapshot
from annotator.articles.passages import places_of

Json = dict[str, Any]


def changed_since(session: Session, links: Iterable[Json]) -> dict[str, Json]:
    """Give, by link id, the `source`, the `old` copy and the `new` one (id, number) where that has the words no more.

    Words count as there in other typography, too. A copy without text tells nothing.
    """
    older = [link for link in links if _is_older(link)]
    if not older:
        return {}
    ids = {link["passage"]["snapshot"] for link in older} | {
        link["far"]["copy"]["snapshot"] for link in older
    }
    columns = select(Snapshot.id, Snapshot.number, Snapshot.source_id, Snapshot.text)
    copies = {row.id: row for row in session.execute(columns.where(Snapshot.id.in_(ids)))}
    found = {}
    for link in older:
        old, new = copies[link["passage"]["snapshot"]], copies[link["far"]["copy"]["snapshot"]]
        words = link["passage"]["exact"]
        same = old.source_id == new.source_id
        if same and new.text and words not in new.text and not places_of(new.text, words):
            found[link["id"]] = {"source": new.source_id, "old": _named(old), "new": _named(new)}
    return found


def _is_older(link: Json) -> bool:
    copy = link["far"]["copy"]
    return bool(link["passage"] and copy and link["passage"]["snapshot"] != copy["snapshot"])


def _named(row: Any) -> Json:
    return {"id": row.id, "number": row.number}
