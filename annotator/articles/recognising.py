"""What a text says of itself, before it is brought in."""

from typing import Any

from sqlalchemy.orm import Session

from annotator import text
from annotator.articles import queries
from annotator.articles.capturing import Input
from annotator.articles.ingest import Document
from annotator.articles.operations import RECOGNISED


def recognised(session: Session, project_id: str, given: Input, document: Document) -> dict[str, Any]:
    """Give what was recognised in what came in, where it was found, and the article of the same text."""
    row = session.execute(queries.same_text(project_id, text.sha256(document.text))).first()
    return {
        "media_type": given.guessed(),
        **{name: document.value(name) for name in RECOGNISED},
        "found_in": {name: found.found_in for name, found in document.metadata.items()},
        "notes": list(document.notes),
        "blocks": len(document.blocks),
        "characters": len(document.text),
        "words": len(document.text.split()),
        "existing": {"id": row.id, "title": row.title, "url": f"/articles/{row.id}/"} if row else None,
    }
