"""A refused attempt of a known person leaves a line, in a transaction of its own: the request's is rolled back."""

import logging
from datetime import timedelta

from flask import Request
from sqlalchemy import insert

from annotator import limits
from annotator.columns import now
from annotator.database import db
from annotator.errors import TooMany
from annotator.identity import Identity
from annotator.journal.models import Event
from annotator.journal.tags import Action

log = logging.getLogger(__name__)
A_MINUTE = 60  # lines of one person: nobody may fill a journal of which nothing is ever deleted


def record_refusal(asked: Request, identity: Identity | None, **more: str) -> None:
    """Record that `identity` was refused; what they sent is not kept. `more` says why where the route does not.

    Beyond sixty a minute of one person it is only logged. Call it when the request's own session holds nothing.
    """
    if identity is None or _too_many(identity):
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


def _too_many(identity: Identity) -> bool:
    try:
        limits.spend(f"refused:{identity.user_id}", A_MINUTE, timedelta(minutes=1))
    except TooMany:
        log.warning("refused too often to be written down each time: %s", identity.user_id)
        return True
    return False
