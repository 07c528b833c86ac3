"""What a text says of itself, before it is brought in."""

from typing import Any

from sqlalchemy.orm import Session

from annotator import text
from annotator.articles import queries
from annotator.articles.models import Method
from annotator.articles.operations import RECOGNISED, Input, read_input


def recognise(session: Session, project: Any, source: str, media_type: str | None) -> dict[str, Any]:
    """Give what was recognised, where it was found, and the article of the same text; Invalid without words."""
    given = Input(source.encode("utf-8", "replace"), media_type, Method.PASTE, charset="utf-8")
    document = read_input(given, project.language)
    row = session.execute(queries.same_text(project.id, text.sha256(document.text))).first()
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
