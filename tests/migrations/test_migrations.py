"""The migrations on both databases: up and down, with rows, and to the very schema that the models state."""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from contract.world import World
from sqlalchemy import Engine, inspect, select, text

from annotator import migrating
from annotator.app import create_app
from annotator.config import Settings
from annotator.database import Model, make_engine
from annotator.tables import ALL_TABLES

KEY = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
VERSIONS = sorted((Path(migrating.__file__).parent / "migrations/versions").glob("[0-9]*.py"))
FIXED = {"alembic_version"}


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Engine]]:
    """A function that gives the engine of another empty database."""
    made: list[Engine] = []

    def make() -> Engine:
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path / f'empty{len(made)}.sqlite'}"
        else:
            url = request.getfixturevalue("make_postgres_database")()
        made.append(make_engine(url))
        return made[-1]

    yield make
    for engine in made:
        engine.dispose()


def url_of(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def rows_of(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    assert ALL_TABLES
    with engine.connect() as connection:
        tables = Model.metadata.sorted_tables
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=str) for table in tables
        }


def normal(sql: str) -> str:
    """The text of a CHECK or default without what each database adds: casts, brackets, quotes, ANY for IN, case."""
    plain = re.sub(r"::(character varying|text|date|integer|boolean)(\[\])?", "", sql)
    between = re.compile(r"\(*(\w+)\s*>=\s*(\w+)\)*\s+AND\s+\(*\1\s*<=\s*(\w+)", re.IGNORECASE)
    plain = between.sub(r"\1 BETWEEN \2 AND \3", plain)
    plain = re.sub(r"=\s*ANY\s*\(+ARRAY\[(.*?)\]\)+", r"IN (\1)", plain)
    return re.sub(r"[()\"\s]", "", plain).replace("!=", "<>").casefold()


def schema_of(engine: Engine) -> dict[str, Any]:
    """All that the inspector tells of every table, in an order that does not depend on how it was made."""
    found = {}
    seen = inspect(engine)
    for name in sorted(set(seen.get_table_names()) - FIXED):
        found[name] = {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"], normal(str(column["default"])))
                for column in seen.get_columns(name)
            },
            "key": sorted(seen.get_pk_constraint(name)["constrained_columns"]),
            "indexes": sorted(
                (str(index["name"]), index["column_names"], bool(index["unique"]))
                for index in seen.get_indexes(name)
            ),
            "unique": sorted(
                (str(rule["name"]), rule["column_names"]) for rule in seen.get_unique_constraints(name)
            ),
            "foreign": sorted(
                (str(key["name"]), key["constrained_columns"], key["referred_table"], key["referred_columns"])
                for key in seen.get_foreign_keys(name)
            ),
            "checks": sorted(
                (str(rule["name"]), normal(rule["sqltext"])) for rule in seen.get_check_constraints(name)
            ),
        }
    return found | {"triggers": triggers_of(engine)}


def triggers_of(engine: Engine) -> list[str]:
    queries = {
        "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
        "postgresql": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname",
    }
    with engine.connect() as connection:
        return [normal(sql) for sql in connection.scalars(text(queries[engine.dialect.name]))]


def test_head_is_what_the_models_state(empty: Callable[[], Engine]) -> None:
    migrated, made = empty(), empty()
    migrating.upgrade(migrated)
    with made.begin() as connection:
        Model.metadata.create_all(connection)
    assert schema_of(migrated) == schema_of(made)


def test_the_comparison_sees_a_check_that_differs(empty: Callable[[], Engine]) -> None:
    first, second = empty(), empty()
    for engine, most in ((first, 3), (second, 4)):
        with engine.begin() as connection:
            connection.exec_driver_sql(
                f"CREATE TABLE t (n INTEGER, CONSTRAINT ck_t CHECK (n BETWEEN 0 AND {most}))"
            )
    assert schema_of(first) != schema_of(second)


def test_up_down_and_up_gives_the_same_schema_and_leaves_nothing_between(empty: Callable[[], Engine]) -> None:
    engine = empty()
    migrating.upgrade(engine)
    first = schema_of(engine)
    migrating.downgrade(engine, "base")
    assert (set(inspect(engine).get_table_names()) - FIXED, triggers_of(engine)) == (set(), [])
    migrating.upgrade(engine)
    assert schema_of(engine) == first


@pytest.fixture
def filled(empty: Callable[[], Engine], tmp_path: Path) -> Engine:
    """A database at head with rows in every table, written by the app itself."""
    engine = empty()
    migrating.upgrade(engine)
    app = create_app(Settings(instance=str(tmp_path), database_url=url_of(engine), secret_key=KEY))
    World(app)
    app.extensions["annotator.database"].engine.dispose()
    return engine


def test_down_and_up_with_rows_in_every_table(filled: Engine) -> None:
    assert [name for name, rows in rows_of(filled).items() if not rows] == []
    migrating.downgrade(filled, "base")
    assert migrating.current(filled) is None
    migrating.upgrade(filled)
    assert [name for name, rows in rows_of(filled).items() if rows] == []


def test_upgrading_what_is_up_to_date_keeps_every_row(filled: Engine) -> None:
    before = rows_of(filled)
    migrating.upgrade(filled)
    assert (rows_of(filled), migrating.current(filled)) == (before, migrating.head())


def test_each_step_goes_down_and_up_again(filled: Engine) -> None:
    for _ in VERSIONS:
        migrating.downgrade(filled, "-1")
    assert migrating.current(filled) is None
    for path in VERSIONS:
        migrating.upgrade(filled, "+1")
        assert migrating.current(filled) == path.name.split("_")[0]


def test_foreign_keys_are_kept_again_after_a_migration(empty: Callable[[], Engine]) -> None:
    engine = empty()
    migrating.upgrade(engine)
    assert [fk for table in schema_of(engine).values() if isinstance(table, dict) for fk in table["foreign"]]
    with engine.connect() as connection:
        checked = {"sqlite": "PRAGMA foreign_keys", "postgresql": "SELECT 1"}[engine.dialect.name]
        assert connection.scalar(text(checked)) == 1


@pytest.mark.parametrize("path", VERSIONS, ids=[path.stem for path in VERSIONS])
def test_a_migration_imports_nothing_of_the_program(path: Path) -> None:
    nodes = list(ast.walk(ast.parse(path.read_text())))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)]
    known = {"alembic", "sqlalchemy", *sys.stdlib_module_names}
    assert [name for name in names if name.split(".")[0] not in known] == []


def put_into(engine: Engine, table: str, **values: Any) -> None:
    """A row by plain SQL, in a schema that the models no longer state."""
    names = ", ".join(values)
    with engine.begin() as connection:
        marks = ", ".join(f":{name}" for name in values)
        connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), values)


@pytest.fixture
def at_0001(empty: Callable[[], Engine]) -> Engine:
    """A database of the first release with two links in it: one contradicts, one names a source and no words."""
    engine = empty()
    migrating.upgrade(engine, "0001")
    ids = {name: f"01a20000-0000-7000-8000-00000000000{n}" for n, name in enumerate("upacsxyz")}
    at = {"created_at": "2025-02-01T00:00:00.000000Z", "updated_at": "2025-02-01T00:00:00.000000Z"}
    put_into(engine, "users", id=ids["u"], name="Ann", is_admin=False, active=False, locale="en", **at)
    at |= {"created_by_id": ids["u"], "updated_by_id": ids["u"]}
    flags = {"primary_required": False, "archived_copy_required": False, "locator_required": False}
    needed = {"approvals_needed": 1, "independent_sources_needed": 0}
    put_into(engine, "projects", id=ids["p"], name="P", slug="p", language="en", **flags, **needed, **at)
    mine = {"project_id": ids["p"], **at}
    put_into(
        engine,
        "articles",
        id=ids["a"],
        title="A",
        direction="auto",
        status="new",
        priority=0,
        folded="",
        **mine,
    )
    for name in ("x", "y"):
        about = {"kind": "claim", "state": "open", "folded": "", "article_id": ids["a"]}
        put_into(engine, "annotations", id=ids[name], **about, **mine)
    put_into(
        engine,
        "sources",
        id=ids["s"],
        title="S",
        authors="[]",
        type="document",
        confidentiality="public",
        folded="",
        **mine,
    )
    ends = {"annotation_id": ids["x"], **mine}
    put_into(engine, "links", id=ids["c"], relation="contradicts", target_id=ids["y"], **ends)
    put_into(engine, "links", id=ids["z"], relation="supports", source_id=ids["s"], **ends)
    return engine


def test_old_contradictions_become_proposed_and_old_links_without_words_drafts(at_0001: Engine) -> None:
    migrating.upgrade(at_0001)
    with at_0001.connect() as connection:
        asked = "SELECT relation, contradiction_state, proposed_by_id = created_by_id, draft FROM links ORDER BY 1"
        found = [tuple(row) for row in connection.execute(text(asked))]
    assert found == [("contradicts", "proposed", True, False), ("supports", None, None, True)]
