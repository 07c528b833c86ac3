"""Creating by PUT with the client's own id: the same request again answers the same, another one is refused."""

from typing import Any

from annotator.columns import now
from annotator.database import db
from annotator.errors import Conflict
from annotator.identity import Identity


def made_before(model: Any, key: str, digest: str, identity: Identity) -> Any:
    """Give the row when this very request made it, None when the id is free; Conflict when it is taken otherwise."""
    row = db.session.get(model, key)
    if row is None:
        return None
    if row.request_sha256 == digest and row.created_by_id == identity.user_id:
        return row
    raise Conflict("Something else is stored under this id. Send it again under a new id.")


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
