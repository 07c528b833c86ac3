"""Creating by PUT with the client's own id: the same request again answers the same, another one is refused."""

from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from annotator.columns import now
from annotator.database import db
from annotator.errors import Conflict
from annotator.identity import Identity
from annotator.reading import rows_of


def made_before(model: Any, key: str, digest: str, identity: Identity) -> bool:
    """Tell whether this very request made the row before; Conflict when the id is taken otherwise."""
    row = rows_of(db.session, _made(model), {"id": key}).one_or_none()
    if row is None:
        return False
    if tuple(row) == (digest, identity.user_id):
        return True
    raise Conflict("Something else is stored under this id. Send it again under a new id.")


@cache
def _made(model: Any) -> Select[Any]:
    return select(model.request_sha256, model.created_by_id).where(model.id == bindparam("id"))


def stamps(actor: str, digest: str | None) -> dict[str, Any]:
    """Give the columns that every new thing has."""
    at = now()
    return {
        "version": 1,
        "created_at": at,
        "created_by_id": actor,
        "updated_at": at,
        "updated_by_id": actor,
        "request_sha256": digest,
    }
