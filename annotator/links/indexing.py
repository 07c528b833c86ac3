"""What can be found: the things of four features, each read as its own feature knows it (docs/adr/0017)."""

from sqlalchemy import ColumnElement, or_, select

from annotator.annotations import searching as annotations
from annotator.annotations.models import Annotation
from annotator.search.models import EntryKind, SearchEntry
from annotator.search.operations import Kept, keep
from annotator.sources import searching as sources
from annotator.sources.models import Source
from annotator.statements import searching as statements
from annotator.statements.models import Speaker, Statement

NAMES = ("name", "also_known_as")

keep(Kept("source", Source, sources.entries))
keep(Kept("speaker", Speaker, statements.speaker_entries, NAMES, statements.said_by))
keep(Kept("statement", Statement, statements.statement_entries))
keep(Kept("annotation", Annotation, annotations.entries))


def live() -> ColumnElement[bool]:
    """Give the condition that an entry is no annotation of a deleted article."""
    found = select(Annotation.id).where(Annotation.id == SearchEntry.thing_id, Annotation.live())
    return or_(SearchEntry.kind != EntryKind.ANNOTATION.value, found.exists())
