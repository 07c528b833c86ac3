"""Nothing of a file that is refused, or of an import that breaks off, is kept."""

from typing import Any

import orjson
import pytest
from exchange.rich import as_file
from sqlalchemy import func, select

from annotator.app import Annotator
from annotator.columns import new_id
from annotator.database import Model, db
from annotator.exchange import operations
from annotator.exchange.reading import NotNative


def counts() -> dict[str, int]:
    tables = Model.metadata.tables.values()
    return {table.name: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def refused_import(app: Annotator, document: dict[str, Any]) -> list[str]:
    with app.app_context():
        before = counts()
        db.rollback()
        with pytest.raises(NotNative) as refused:
            operations.import_project(db.session, document, actor=None)
        db.rollback()
        assert counts() == before
    return [problem.what for problem in refused.value.problems]


def test_same_project_twice_is_recognised(app: Annotator, imported: dict[str, Any]) -> None:
    assert refused_import(app, imported) == ["This project is here already: “Талки”, at /projects/talks/."]


def test_taken_short_name_is_said(app: Annotator, imported: dict[str, Any]) -> None:
    said = refused_import(app, {**imported, "project": {**imported["project"], "id": new_id()}})
    assert "Another project here has the short name talks" in said[0]


def test_taken_ids_are_said_each(app: Annotator, imported: dict[str, Any]) -> None:
    project = {**imported["project"], "id": new_id(), "slug": "other"}
    said = refused_import(app, {**imported, "project": project})
    assert set(said) == {"Something else is stored here under this id."}
    assert len(said) > 60


def test_e04_nothing_stays_of_an_import_that_ends_half_way(
    app: Annotator, rich: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(operations, "record", fail)
    with app.app_context():
        before = counts()
        db.rollback()
        with pytest.raises(KeyboardInterrupt):
            operations.import_project(db.session, orjson.loads(as_file(rich)), actor=None)
        db.rollback()
        assert counts() == before
