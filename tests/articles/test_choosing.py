"""What can be chosen on the articles' pages."""

from typing import Any

from contract.world import HTTP, annotation, put
from factories import TEXT

from annotator.articles.choosing import tags
from annotator.database import db


def test_tags_of_a_deleted_article_are_not_offered(app: Any, as_: Any, project: Any) -> None:
    eve = as_("eve")
    article = put(eve, "articles", {"project": project.id, "text": TEXT})
    put(eve, "annotations", annotation(article, tags=["harbour"]))
    with app.app_context():
        assert tags(db.session, project.id) == ["harbour"]
    assert eve.change("DELETE", f"{HTTP}/articles/{article['id']}", version=1).status_code == 204
    with app.app_context():
        assert tags(db.session, project.id) == []
