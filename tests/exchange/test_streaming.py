"""An export is streamed: one moment of the data, and nothing left open whatever the reader does."""

from types import SimpleNamespace
from typing import Any

import pytest
from factories import make_article
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from annotator.app import Annotator
from annotator.database import db
from annotator.exchange import writing
from annotator.exchange.queries import whole_project
from annotator.exchange.reading import read_native
from annotator.journal.models import Event


@pytest.fixture
def in_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "PIECE", 1)


@pytest.mark.usefixtures("in_small_pieces")
def test_file_shows_one_moment(app: Annotator, imported: dict[str, Any], people: SimpleNamespace) -> None:
    project = SimpleNamespace(id=imported["project"]["id"])
    with Session(app.extensions["annotator.database"].engine) as session:
        pieces = writing.export(session, whole_project(project.id), by=None)
        begun = [next(pieces) for _ in range(14)]
        with app.app_context():
            make_article(db.session, project, people.ann)
            db.commit()
        document = read_native(b"".join([*begun, *pieces]))
    assert b'"project":' in b"".join(begun)
    assert document["counts"]["articles"] == len(imported["articles"])


@pytest.mark.usefixtures("in_small_pieces", "imported")
@pytest.mark.parametrize("form", ["json", "files"])
def test_download_that_is_broken_off_gives_its_connection_back(
    app: Annotator, as_: Any, project: Any, form: str
) -> None:
    answer = as_("dee").get(f"/api/v1/projects/{project.id}/export?copies={form}", buffered=False)
    assert next(answer.iter_encoded())
    answer.close()
    assert app.extensions["annotator.database"].engine.pool.checkedout() == 0


def test_asking_for_the_head_takes_nothing_out(app: Annotator, as_: Any, project: Any) -> None:
    assert as_("dee").head(f"/projects/{project.slug}/export").status_code == 200
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(Event.action == "project:exported")) == 0
