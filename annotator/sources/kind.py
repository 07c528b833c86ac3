"""How sources lie in the database."""

from annotator.journal.tags import Action
from annotator.sources.library import Kind
from annotator.sources.models import Source
from annotator.sources.schemas import SourceOut

SOURCE = Kind(
    model=Source,
    out=SourceOut,
    added=Action.SOURCE_ADDED,
    changed=Action.SOURCE_CHANGED,
    plain=(
        "title",
        "url",
        "publisher",
        "authors",
        "type",
        "tier",
        "independence_group",
        "confidentiality",
        "note",
    ),
    folded=("title", "publisher", "authors", "url", "note"),
    dates={"published_on": "published"},
)
