"""The words around a person that make a password easy to guess: the site's name and those of their projects."""

from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy.orm import Session

from annotator.accounts.queries import projects_of

SITE = "annotator"


def words_around(session: Session, user_id: str | None) -> list[str]:
    """Give the site's names and, for a person who is known, those of their projects."""
    host = urlsplit(current_app.config["SETTINGS"].base_url).hostname or ""
    words = [SITE, host, *host.split(".")[:-1]]
    if user_id is not None:
        words += [row.name for row in session.execute(projects_of(user_id))]
    return words
