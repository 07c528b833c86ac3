"""import(export(x)) equals x, in every field, on both databases."""

from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from exchange.rich import as_file
from sqlalchemy import Table, select

from annotator.accounts.models import User
from annotator.annotations.models import Annotation
from annotator.app import Annotator
from annotator.database import Model, db
from annotator.demo.operations import add_sample
from annotator.exchange.kinds import KINDS, PROJECT, Kind
from annotator.exchange.operations import import_article
from annotator.exchange.reading import read_native
from annotator.links.models import Link
from annotator.projects.models import Project

# What is made anew from other columns, what names the place in one journal, and what is nobody else's matter.
DERIVED = {"project_id", "folded", "body_html", "length", "url_key", "number of events", "origin"}
PRIVATE = {"email", "password_hash", "is_admin", "active", "locale", "time_zone", "version"}
PRIVATE |= {"created_at", "created_by_id", "updated_at", "updated_by_id"}
MOVED = ("projects", "articles", "sources", "snapshots", "source_checks", "speakers", "statements")
MOVED += ("annotations", "spans", "annotation_tags", "links", "events")


def things(data: bytes) -> dict[str, Any]:
    """What a file holds of its project: without its own head, and without the lines that imports left."""
    document = orjson.loads(data)
    lines = [row for row in document["events"] if row["action"] != "project:imported"]
    return {name: document[name] for name in ("project", *KINDS)} | {"events": lines}


def test_every_field_comes_back(app: Annotator, imported: dict[str, Any], travel: SimpleNamespace) -> None:
    assert things(travel.take_out(app, imported["project"]["id"])) == things(orjson.dumps(imported))


def test_e07_file_is_the_same_after_a_journey_through_the_other_database(
    app: Annotator, elsewhere: Annotator, imported: dict[str, Any], travel: SimpleNamespace
) -> None:
    key = imported["project"]["id"]
    first = travel.take_out(app, key)
    travel.put_in(elsewhere, first)
    second = travel.take_out(elsewhere, key)
    lists = [data[data.index(b'"project":') : data.index(b'"counts":')] for data in (first, second)]
    before, after = ([line.rstrip(b",") for line in data.splitlines()] for data in lists)
    assert b'"action":"project:imported"' in after[-2]
    assert after[:-2] + after[-1:] == before


def rows_of(app: Annotator, name: str) -> list[dict[str, Any]]:
    table: Table = Model.metadata.tables[name]
    query = select(table).order_by(*table.primary_key)
    if "project_id" in table.c:  # lines about people are no project's
        query = query.where(table.c.project_id.is_not(None))
    with app.app_context():
        rows = db.session.execute(query).mappings().all()
    return [{key: value for key, value in row.items() if key not in ("number", "origin")} for row in rows]


@pytest.fixture
def sample(app: Annotator, people: SimpleNamespace) -> str:
    with app.app_context():
        project = add_sample(db.session, db.session.get_one(User, people.cleo))
        db.commit()
        return project.id


@pytest.mark.parametrize("table", MOVED)
def test_rows_are_as_they_were_derived_columns_too(
    app: Annotator, elsewhere: Annotator, sample: str, travel: SimpleNamespace, table: str
) -> None:
    travel.put_in(elsewhere, travel.take_out(app, sample))
    before = rows_of(app, table)
    assert before
    after = rows_of(elsewhere, table)
    assert [row for row in after if row.get("action") != "project:imported"] == before


def test_what_came_in_is_found_by_the_same_terms(
    app: Annotator, elsewhere: Annotator, sample: str, travel: SimpleNamespace
) -> None:
    travel.put_in(elsewhere, travel.take_out(app, sample))
    here, there = (
        {
            (row["kind"], row["thing_id"]): sorted(row["terms"].split())
            for row in rows_of(one, "search_entries")
        }
        for one in (app, elsewhere)
    )
    assert here
    assert there == here


def test_article_comes_back_in_another_installation(
    app: Annotator, elsewhere: Annotator, sample: str, travel: SimpleNamespace, rich: dict[str, Any]
) -> None:
    with app.app_context():
        named = select(Annotation.article_id).join(Link, Link.annotation_id == Annotation.id)
        article = db.session.scalars(named.where(Link.passage_snapshot_id.is_not(None))).first() or ""
        data = travel.article(sample, article)
    travel.put_in(elsewhere, as_file({**rich, "project": {**rich["project"], "archived_at": None}}))
    with elsewhere.app_context():
        project = db.session.get_one(Project, rich["project"]["id"])
        import_article(db.session, read_native(data), project=project, actor=None)
        db.commit()
        again = travel.article(project.id, article)
    other = {"project": None, "people": None}
    assert things(again) | other == things(data) | other


@pytest.mark.parametrize("kind", [*KINDS.values(), PROJECT], ids=lambda kind: kind.name)
def test_no_column_is_forgotten(kind: Kind) -> None:
    written = {getattr(kind.model, name).property.columns[0].name for name in kind.labels.values()}
    bounds = {f"{name.removesuffix('_on')}_{end}" for name in written for end in ("earliest", "latest")}
    if kind.name == "events":
        written.add("number")
    known = written | bounds | DERIVED | (PRIVATE if kind.name == "people" else set())
    assert {column.name for column in kind.model.__table__.c} - known == set()


@pytest.mark.parametrize("child", ["articles.assignees", "annotations.tags", "annotations.spans"])
def test_no_column_of_a_child_is_forgotten(child: str) -> None:
    name, _, part = child.partition(".")
    found = KINDS[name].children[part]
    fields = found.schema().fields if found.schema else {found.column.key: None}
    own = {found.key.key, *(column.key for column in found.order), *fields, "snapshot_id", "confirmed_by_id"}
    assert {column.name for column in found.model.__table__.c} - own == set()
