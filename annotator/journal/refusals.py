"""A refused attempt of a known person leaves a line, in a transaction of its own: the request's is rolled back."""

from flask import Request
from sqlalchemy import insert

from annotator.columns import now
from annotator.database import db
from annotator.identity import Identity
from annotator.journal.models import Event
from annotator.journal.tags import Action


def record_refusal(asked: Request, identity: Identity | None, **more: str) -> None:
    """Record that `identity` was refused; what they sent is not kept. `more` says why where the route does not."""
    if identity is None:
        return
    with db.here.apart() as session:
        session.execute(
            insert(Event),
            {
                "at": now(),
                "actor_id": identity.user_id,
                "action": Action.REFUSED.value,
                "subject_kind": "user",
                "subject_id": identity.user_id,
                "after": {
                    "method": asked.method,
                    "route": asked.url_rule.rule if asked.url_rule else "",
                    **more,
                },
            },
        )
