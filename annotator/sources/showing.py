"""The page of a source: its fields, its copies, and where it is used."""

from typing import Any

from flask import render_template
from sqlalchemy import func, select

from annotator.articles.models import Article, Snapshot
from annotator.database import Model, db
from annotator.forms import Form
from annotator.identity import acting
from annotator.projects.context import project_context
from annotator.projects.models import Project
from annotator.sources import checks, library, queries
from annotator.sources.kind import SOURCE
from annotator.sources.models import Source
from annotator.sources.readers import may_read

MOST_USES = 200


def show(source: Source, form: Form | None) -> str:
    """Give the page of a source; `form` is that of a copy that could not be kept."""
    project = db.session.get_one(Project, source.project_id)
    context = {
        **project_context(project),
        "source": library.read_one(db.session, SOURCE, source.id),
        "form": form,
    }
    if not may_read(db.session, source, acting().user_id):
        return render_template("sources/protected.html", **context)
    return render_template("sources/source.html", **context, **evidence(source))


def evidence(source: Source) -> dict[str, Any]:
    """Give what the page of a source shows beside its fields: copies, checks, where it is used."""
    return {
        "copies": checks.copies(db.session, Snapshot.source_id == source.id),
        "checks": checks.checks(db.session, source.id),
        "used": used(source.id),
        "statements": cited(source.id),
    }


def used(source_id: str) -> list[dict[str, Any]]:
    """Give the live links that hang on a source: relation, locator, and the annotation with its article."""
    links, annotations = (Model.metadata.tables[name] for name in ("links", "annotations"))
    query = queries.links_on(source_id).with_only_columns(
        links.c.id.label("link"),
        links.c.relation,
        links.c.locator_kind,
        links.c.locator,
        links.c.passage_exact,
        annotations.c.id.label("annotation"),
        claim_words(annotations).label("claim"),
        Article.id.label("article"),
        Article.title,
        Article.language,
    )
    return [dict(row) for row in db.session.execute(query.order_by(links.c.id).limit(MOST_USES)).mappings()]


def claim_words(annotations: Any) -> Any:
    """Give the column with the words of a claim: as put by a person, else as they stand in the article."""
    return func.coalesce(func.nullif(annotations.c.claim_text, ""), _first_words(annotations))


def _first_words(annotations: Any) -> Any:
    spans = Model.metadata.tables["spans"]
    query = select(spans.c.exact).where(spans.c.annotation_id == annotations.c.id, spans.c.ordinal == 0)
    return query.order_by(spans.c.snapshot_id.desc()).limit(1).correlate(annotations).scalar_subquery()


def cited(source_id: str) -> list[dict[str, Any]]:
    """Give the live statements that name a source, with their speakers."""
    statements, speakers = (Model.metadata.tables[name] for name in ("statements", "speakers"))
    query = (
        select(statements.c.id, statements.c.quote, statements.c.said_on, speakers.c.name)
        .join(speakers, speakers.c.id == statements.c.speaker_id)
        .where(statements.c.source_id == source_id, statements.c.deleted_at.is_(None))
        .order_by(statements.c.said_earliest, statements.c.id)
        .limit(MOST_USES)
    )
    return [dict(row) for row in db.session.execute(query).mappings()]
