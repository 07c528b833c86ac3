"""Sources as search sees them: protected and deleted ones not at all."""

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from annotator.search.operations import Entry
from annotator.sources.models import Confidentiality, Source

SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://(www\.)?", re.IGNORECASE)
WORDS = (Source.title, Source.publisher, Source.note, Source.doi)


def entries(session: Session, condition: ColumnElement[bool]) -> Iterator[Entry]:
    """Give the sources that fit and that everybody in the project may find."""
    columns: tuple[Any, ...] = (
        Source.id,
        Source.project_id,
        Source.published_earliest,
        Source.url,
        Source.authors,
    )
    open_to_all = Source.confidentiality != Confidentiality.PROTECTED.value
    query = select(*columns, *WORDS).where(condition, open_to_all, Source.live())
    for key, project, day, url, authors, *words in session.execute(query.order_by(Source.created_at)):
        yield Entry(key, project, (*words, *authors, SCHEME.sub("", url)), day=day)
