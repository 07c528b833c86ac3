"""How speakers and statements lie in the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, case, literal, null

from annotator.journal.tags import Action
from annotator.protection import PROTECTED, TITLE, masked, readable
from annotator.sources.library import Kind
from annotator.sources.models import Source
from annotator.statements.models import Speaker, Statement
from annotator.statements.schemas import SpeakerOut, StatementOut
from annotator.text import fold


@dataclass(frozen=True, eq=False)
class _Tagged(Kind):
    """A kind whose rows carry topic tags."""

    def columns(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Turn checked fields into columns, and the tags into what the model takes."""
        found = super().columns(data)
        return {**found, "tags": data["tags"]} if "tags" in data else found

    def state(self, row: Any) -> dict[str, Any]:
        """Give the row's fields as the journal keeps them."""
        return {**super().state(row), "tags": list(row.tags)}

    def fold(self, row: Any) -> str:
        """Give the text that finding looks into."""
        return " ".join([super().fold(row), *map(fold, getattr(row, "tags", []))])


def _with_merge(query: Select[Any]) -> Select[Any]:
    return query.add_columns(Speaker.merged_into_id.label("merged_into"))


SPEAKER = Kind(
    model=Speaker,
    out=SpeakerOut,
    added=Action.SPEAKER_ADDED,
    changed=Action.SPEAKER_CHANGED,
    plain=("name", "kind", "also_known_as", "same_as", "description"),
    folded=("name", "also_known_as", "description"),
    joined=_with_merge,
)


def _with_ends(query: Select[Any]) -> Select[Any]:
    return (
        query.join(Speaker, Speaker.id == Statement.speaker_id)
        .outerjoin(Source, Source.id == Statement.source_id)
        .add_columns(
            Speaker.id.label("speaker__id"),
            Speaker.name.label("speaker__name"),
            Source.id.label("source__id"),
            masked(Source, Source.title, TITLE).label("source__title"),
            masked(Source, Source.url, "").label("source__url"),
            Statement.deleted_at.is_not(None).label("deleted"),
        )
    )


def _shown(name: str, column: Any) -> Any:
    """Hide where in a protected source the words stand."""
    if name not in ("locator", "locator_kind"):
        return column
    hidden = and_(Source.confidentiality == PROTECTED, ~readable(Source))
    return case((hidden, literal("", column.type) if name == "locator" else null()), else_=column)


STATEMENT = _Tagged(
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
    shown=_shown,
)
