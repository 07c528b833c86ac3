"""The compiled functions that make lists and exports give exactly what marshmallow's own `dump` gives."""

from collections.abc import Sequence
from typing import Any

import pytest
from contract.world import HTTP, World
from marshmallow import Schema

from annotator import compiled
from annotator.annotations.schemas import AnnotationOut
from annotator.articles.schemas import ArticleOut, SnapshotOut, SnapshotText
from annotator.exchange import kinds
from annotator.fields import Children, Computed
from annotator.links.schemas import LinkOut
from annotator.projects.schemas import MemberOut, ProjectOut
from annotator.sources.schemas import CopyOut, SourceOut
from annotator.statements.schemas import SpeakerOut, StatementOut

READ = (
    "projects", "projects/{project}", "projects/{project}/members", "projects/{project}/articles",
    "projects/{project}/sources", "sources/{source}/snapshots", "projects/{project}/speakers",
    "projects/{project}/statements",
    "projects/{project}/annotations", "articles/{article}/annotations", "articles/{article}/snapshots",
    "snapshots/{snapshot}", "links/{link}", "annotations/{gone_annotation}", "projects/{project}/export",
)  # fmt: skip
SEEN = {
    ProjectOut, MemberOut, ArticleOut, SnapshotOut, SnapshotText, SourceOut, SpeakerOut, StatementOut, AnnotationOut,
    LinkOut, CopyOut,
}  # fmt: skip
Row = tuple[type[Schema], tuple[str, ...], Any, Any, dict[str, Any]]


@pytest.fixture
def rows(shared_world: World, monkeypatch: pytest.MonkeyPatch) -> list[Row]:
    """Every row that reading all there is turns into JSON: schema, labels, row, children, what was made of it."""
    seen: list[Row] = []
    compile_dump = compiled.compile_dump

    def watching(schema: type[Schema], labels: Sequence[str]) -> Any:
        dump = compile_dump(schema, tuple(labels))

        def watched(row: Any, children: Any) -> dict[str, Any]:
            made = dump(row, children)
            # an export reads children as a stream, each once: what it gave is what `dump` gets, too
            lists = [name for name, field in schema().dump_fields.items() if isinstance(field, Children)]
            given = {name: {row[labels.index("id")]: made[name]} for name in lists}
            seen.append((schema, tuple(labels), tuple(row), given, dict(made)))
            return made

        return watched

    _enrich(shared_world)
    monkeypatch.setattr(compiled, "compile_dump", watching)
    monkeypatch.setattr(kinds, "compile_dump", watching)
    for path in READ:
        assert shared_world.client("eve").get(f"{HTTP}/{path.format(**shared_world.desk)}").data
    return seen


def _enrich(world: World) -> None:
    """Give the rows values where they have none, beside others that stay empty."""
    changes = {
        "articles": ("article", {"published_on": "2024-05", "due_on": "2026-01-31", "byline": "A. Writer"}),
        "sources": (
            "source",
            {
                "authors": ["A", "Б"],
                "tier": "primary",
                "published_on": "2020",
                "doi": "10.1000/1",
                "interests": "The port.",
            },
        ),
        "speakers": ("speaker", {"also_known_as": ["Ім’я"], "same_as": "https://example.org/1"}),
        "annotations": (
            "annotation",
            {"assignee": world.people.ann, "claimed_on": "2025-04-07", "body": "*x*"},
        ),
        "links": (
            "link",
            {
                "locator_kind": "page",
                "locator": "7",
                "acknowledged": "no",
                "consistency": "full_flop",
                "explanation": "Why.",
            },
        ),
    }
    for things, (thing, body) in changes.items():
        path = f"{HTTP}/{things}/{world.desk[thing]}"
        version = world.client("eve").get(path).json["version"]
        assert world.client("eve").change("PATCH", path, body, version=version).status_code == 200
    path, decided = f"{HTTP}/links/{world.desk['link']}", {"answer": "rejected", "reason": "No."}
    version = world.client("ann").get(path).json["version"]
    assert world.client("ann").change("POST", f"{path}/decision", decided, version=version).status_code == 200


def test_compiled_and_ordinary_dump_are_equal(rows: list[Row]) -> None:
    assert {schema for schema, *_ in rows} >= SEEN
    for schema, labels, row, children, made in rows:
        thing = compiled.nested(schema(), dict(zip(labels, row, strict=True)), children)
        assert schema().dump(thing) == made, schema
        assert list(schema().dump(thing)) == list(made), schema


def test_rows_with_and_without_values_were_compared(rows: list[Row]) -> None:
    for schema in (SourceOut, StatementOut, AnnotationOut, LinkOut, ArticleOut):
        made = [dumped for found, *_, dumped in rows if found is schema]
        filled = {name for one in made for name, value in one.items() if value not in (None, "", [])}
        assert filled >= set(schema().dump_fields) - _may_be_empty(schema), schema


def _may_be_empty(schema: type[Schema]) -> set[str]:
    """Fields that no row of the world fills: free text, and what follows from other fields."""
    free = {
        SourceOut: {"publisher", "independence_group", "note", "readers"},
        StatementOut: {"role", "language", "translation", "translator", "occasion", "locator_kind", "locator",
                       "valid_from", "valid_until"},
        AnnotationOut: {"reason", "claim_text"},
        LinkOut: {"group", "assumption", "note", "contradiction_kind", "missing"},
        ArticleOut: {"url", "publisher"},
    }  # fmt: skip
    return free[schema]


def test_every_output_schema_that_is_compiled_is_compared(rows: list[Row]) -> None:
    native = {kind.schema for kind in (*kinds.KINDS.values(), kinds.PROJECT)}
    assert SEEN | native == {schema for schema, *_ in rows} - _parts(native)


def _parts(native: set[type[Schema]]) -> set[type[Schema]]:
    """The schemas of children that an export reads beside their parents."""
    found = [*kinds.KINDS.values(), kinds.PROJECT]
    return {child.schema for kind in found for child in kind.children.values() if child.schema} - native


def test_a_field_without_a_column_is_an_error() -> None:
    with pytest.raises(KeyError):
        compiled.compile_dump(SourceOut, ("id", "version"))


class Small(Schema):
    """A schema of the test's own, with a value that is made of others."""

    total = Computed(lambda first, second: first + second, "first", "second")
    parts = Children(Computed(str))


def test_computed_values_and_children_come_from_the_row() -> None:
    dump = compiled.compile_dump(Small, ("id", "first", "second"))
    assert dump(("a", 1, 2), {"parts": {"a": ["x"]}}) == {"total": 3, "parts": ["x"]}
    assert dump(("b", 1, 2), {"parts": {"a": ["x"]}}) == {"total": 3, "parts": []}
