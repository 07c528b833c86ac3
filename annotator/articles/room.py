"""How much a project may hold: the bytes that were brought into it, counted whenever more come in."""

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from annotator.articles.models import Snapshot
from annotator.config import Settings
from annotator.errors import TooLarge

FULL = (
    "This project would hold more than {megabytes:,} MB of originals, which is all it may. Nothing was kept."
    " Whoever runs the site can raise ANNOTATOR_PROJECT_QUOTA."
)


def check_room(session: Session, project_id: str) -> None:
    """Raise TooLarge when what the project holds, with what this transaction adds, is more than it may."""
    settings: Settings = current_app.config["SETTINGS"]
    # of the bytes themselves nothing is read: both databases know how long a value is
    held = select(func.sum(func.length(Snapshot.raw))).where(Snapshot.project_id == project_id)
    if settings.project_quota and (session.scalar(held) or 0) > settings.project_quota:
        raise TooLarge(FULL.format(megabytes=settings.project_quota // 1_000_000))
