"""How sources lie in the database."""

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from annotator.database import Model
from annotator.journal.tags import Action
from annotator.protection import readable
from annotator.reading import grouped
from annotator.sources import queries
from annotator.sources.duplicates import url_key
from annotator.sources.library import Kind
from annotator.sources.models import Source, SourceReader
from annotator.sources.schemas import SourceOut


def _readers(session: Session, ids: list[str]) -> dict[str, dict[str, list[dict[str, str]]]]:
    """Give who may read each of these sources that whoever asks may read themself."""
    users = Model.metadata.tables["users"]
    named = aliased(SourceReader)  # `readable` asks the table itself
    query = (
        select(named.source_id, users.c.id, users.c.name)
        .join(users, users.c.id == named.user_id)
        .join(Source, Source.id == named.source_id)
        .where(named.source_id.in_(ids), readable(Source))
        .order_by(users.c.name, users.c.id)
    )
    rows = session.execute(query)
    return {"readers": grouped((key, {"id": user, "name": name}) for key, user, name in rows)}


def _settle(row: Source) -> None:
    row.url_key = url_key(row.url or "")


SOURCE = Kind(
    model=Source,
    out=SourceOut,
    added=Action.SOURCE_ADDED,
    changed=Action.SOURCE_CHANGED,
    plain=(
        "title",
        "url",
        "doi",
        "publisher",
        "authors",
        "type",
        "tier",
        "independence_group",
        "interests",
        "confidentiality",
        "note",
    ),
    folded=("title", "publisher", "authors", "url", "doi", "note"),
    dates={"published_on": "published"},
    joined=queries.joined,
    shown=queries.shown,
    found=lambda: readable(Source),
    children=_readers,
    settle=_settle,
)
