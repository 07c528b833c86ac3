"""What a person can choose from on the articles' pages: members and tags of the project."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from annotator.articles.models import Article
from annotator.database import Model
from annotator.projects.queries import member_rows

MOST_TAGS = 500


def members(session: Session, project_id: str) -> list[tuple[str, str]]:
    """Give (id, name) of the members who are active, by name."""
    rows = session.execute(member_rows(session, project_id))
    return [(row.person__id, row.person__name) for row in rows if row.active]


def tags(session: Session, project_id: str) -> list[str]:
    """Give the tags of the project's annotations, each once, in order."""
    annotations, tagged = Model.metadata.tables["annotations"], Model.metadata.tables["annotation_tags"]
    query = (
        select(tagged.c.tag)
        .join(annotations, annotations.c.id == tagged.c.annotation_id)
        .join(Article, Article.id == annotations.c.article_id)
        .where(Article.project_id == project_id, Article.live(), annotations.c.deleted_at.is_(None))
    )
    return list(session.scalars(query.distinct().order_by(tagged.c.tag).limit(MOST_TAGS)))
