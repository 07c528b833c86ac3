"""How speakers and statements lie in the database."""

from typing import Any

from sqlalchemy import Select

from annotator.journal.tags import Action
from annotator.sources.library import Kind
from annotator.sources.models import Source
from annotator.statements.models import Speaker, Statement
from annotator.statements.schemas import SpeakerOut, StatementOut

SPEAKER = Kind(
    model=Speaker,
    out=SpeakerOut,
    added=Action.SPEAKER_ADDED,
    changed=Action.SPEAKER_CHANGED,
    plain=("name", "kind", "also_known_as", "same_as", "description"),
    folded=("name", "also_known_as", "description"),
)


def _with_ends(query: Select[Any]) -> Select[Any]:
    return (
        query.join(Speaker, Speaker.id == Statement.speaker_id)
        .outerjoin(Source, Source.id == Statement.source_id)
        .add_columns(
            Speaker.id.label("speaker__id"),
            Speaker.name.label("speaker__name"),
            Source.id.label("source__id"),
            Source.title.label("source__title"),
            Source.url.label("source__url"),
        )
    )


STATEMENT = Kind(
    model=Statement,
    out=StatementOut,
    added=Action.STATEMENT_ADDED,
    changed=Action.STATEMENT_CHANGED,
    plain=(
        "role",
        "quote",
        "language",
        "translation",
        "translator",
        "occasion",
        "medium",
        "locator_kind",
        "locator",
    ),
    folded=("quote", "translation", "role", "occasion"),
    dates={"said_on": "said", "valid_from": "valid_from", "valid_until": "valid_until"},
    keys={"speaker": "speaker_id", "source": "source_id"},
    joined=_with_ends,
)
