"""Each rule of the schema is broken on purpose, on both databases: the database itself refuses."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from contract.requests_of import UNKNOWN
from contract.world import World
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Table, UniqueConstraint, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from annotator.columns import new_id
from annotator.database import Model, db
from annotator.tables import ALL_TABLES

TABLES = Model.metadata.tables
NO_CONTRADICTION = {
    "relation": "supports",
    **dict.fromkeys(("contradiction_kind", "acknowledged", "consistency")),
    **dict.fromkeys(("contradiction_state", "proposed_by_id", "decided_by_id", "decided_at")),
    "explanation": "",
}


def no_bounds(date: str) -> dict[str, None]:
    """A date without its two bounds."""
    return {f"{date}_earliest": None, f"{date}_latest": None}


# Each CHECK with values that break it, laid over a copy of a good row.
CHECKS: dict[str, Mapping[str, Any]] = {
    "ck_users_active_has_email": {"active": True, "email": None},
    "ck_users_admin_active": {"active": False, "is_admin": True},
    "ck_users_name_said": {"name": ""},
    "ck_login_sessions_method_known": {"method": "smile"},
    "ck_sign_in_steps_kind_known": {"kind": "dance"},
    "ck_totp_factors_last_step_not_negative": {"last_step": -1},
    "ck_passkeys_name_said": {"name": ""},
    "ck_passkeys_sign_count_not_negative": {"sign_count": -1},
    "ck_invitations_email_said": {"email": ""},
    "ck_invitations_accepted_or_revoked": {
        "accepted_at": "<created_at>",
        "revoked_at": "<created_at>",
        "user_id": "<created_by_id>",
    },
    "ck_invitations_accepted_by_somebody": {
        "accepted_at": "<created_at>",
        "revoked_at": None,
        "user_id": None,
    },
    "ck_invitation_roles_role_known": {"role": "owner"},
    "ck_event_seals_hash_whole": {"hash": "short"},
    "ck_api_tokens_name_said": {"name": ""},
    "ck_api_tokens_scope_known": {"scope": "all"},
    "ck_events_action_said": {"action": ""},
    "ck_projects_approvals_needed_positive": {"approvals_needed": 0},
    "ck_projects_independent_sources_needed_not_negative": {"independent_sources_needed": -1},
    "ck_projects_name_said": {"name": ""},
    "ck_projects_slug_said": {"slug": ""},
    "ck_articles_direction_known": {"direction": "up"},
    "ck_articles_priority_known": {"priority": 4},
    "ck_articles_published_bounds": {**no_bounds("published"), "published_on": "2024"},
    "ck_articles_status_known": {"status": "lost"},
    "ck_articles_title_said": {"title": ""},
    "ck_memberships_role_known": {"role": "owner"},
    "ck_sources_confidentiality_known": {"confidentiality": "secret"},
    "ck_sources_published_bounds": {**no_bounds("published"), "published_on": "2024"},
    "ck_sources_tier_known": {"tier": "fourth"},
    "ck_sources_title_said": {"title": ""},
    "ck_sources_type_known": {"type": "rumour"},
    "ck_speakers_kind_known": {"kind": "robot"},
    "ck_speakers_name_said": {"name": ""},
    "ck_annotations_claimed_bounds": {**no_bounds("claimed"), "claimed_on": "2024"},
    "ck_annotations_kind_known": {"kind": "joke"},
    "ck_annotations_not_checkable_has_reason": {"state": "not_checkable", "reason": None},
    "ck_annotations_state_known": {"state": "lost"},
    "ck_search_entries_kind_known": {"kind": "rumour"},
    "ck_search_entries_terms_made": {"terms": ""},
    "ck_snapshots_length_not_negative": {"length": -1},
    "ck_snapshots_method_known": {"method": "guess"},
    "ck_snapshots_number_positive": {"number": 0},
    "ck_snapshots_one_owner": {"article_id": None},
    "ck_statements_locator_kind_known": {"locator_kind": "shelf"},
    "ck_statements_medium_known": {"medium": "smoke"},
    "ck_statements_quote_said": {"quote": ""},
    "ck_statements_said_bounds": {**no_bounds("said"), "said_on": "2024"},
    "ck_statements_valid_from_bounds": {**no_bounds("valid_from"), "valid_from_on": "2024"},
    "ck_statements_valid_until_bounds": {**no_bounds("valid_until"), "valid_until_on": "2024"},
    "ck_annotation_tags_tag_said": {"tag": ""},
    "ck_links_acknowledged_known": {"acknowledged": "perhaps"},
    "ck_links_acknowledged_of_contradiction": {**NO_CONTRADICTION, "acknowledged": "yes"},
    "ck_links_consistency_known": {"consistency": "wobbly"},
    "ck_links_consistency_of_contradiction": {**NO_CONTRADICTION, "consistency": "no_flip"},
    "ck_links_contradiction_kind_known": {"contradiction_kind": "odd"},
    "ck_links_contradiction_kind_of_contradiction": {**NO_CONTRADICTION, "contradiction_kind": "numeric"},
    "ck_links_locator_kind_known": {"locator_kind": "shelf"},
    "ck_links_not_to_itself": {"target_id": "<annotation_id>", "source_id": None, "statement_id": None},
    "ck_links_one_far_end": {"source_id": None, "statement_id": None, "target_id": None},
    "ck_links_passage_in_order": {"passage_start": 9, "passage_end": 9},
    "ck_links_passage_whole": {"passage_exact": None},
    "ck_links_relation_known": {**NO_CONTRADICTION, "relation": "hints"},
    "ck_links_contradiction_has_proposer": {"proposed_by_id": None},
    "ck_links_contradiction_has_state": {**NO_CONTRADICTION, "relation": "contradicts"},
    "ck_links_contradiction_state_known": {"contradiction_state": "doubted"},
    "ck_links_decided_by_a_second_person": {"decided_by_id": "<proposed_by_id>"},
    "ck_links_decided_by_somebody": {"decided_by_id": None},
    "ck_links_explanation_of_contradiction": {**NO_CONTRADICTION, "explanation": "It cannot be both."},
    "ck_links_rejection_has_reason": {"contradiction_state": "rejected", "decision_reason": ""},
    "ck_links_words_or_locator_or_draft": {
        "draft": False,
        "locator": "",
        "source_id": "<a source>",
        "target_id": None,
        "passage_snapshot_id": None,
        "passage_start": None,
        "passage_end": None,
        "passage_exact": None,
    },
    "ck_snapshots_status_of_fetched": {"status_code": 200, "method": "paste"},
    "ck_snapshots_text_or_reason": {"length": 0, "unread": ""},
    "ck_source_checks_failure_explained": {"outcome": "failed", "snapshot_id": None, "detail": ""},
    "ck_source_checks_outcome_known": {"outcome": "lost"},
    "ck_source_checks_snapshot_of_success": {"outcome": "changed", "snapshot_id": None},
    "ck_speaker_merges_two_speakers": {"merged_id": "<kept_id>"},
    "ck_speaker_merges_undone_by_somebody": {"undone_at": None},
    "ck_speakers_not_merged_into_itself": {"merged_into_id": "<id>"},
    "ck_statement_tags_tag_said": {"tag": ""},
    "ck_spans_anchor_known": {"anchor": "lost"},
    "ck_spans_changed_has_reason": {"anchor": "changed", "reason": None},
    "ck_spans_ordinal_not_negative": {"ordinal": -1},
    "ck_spans_range_in_order": {"start": 9, "end": 9},
    "ck_spans_reason_known": {"anchor": "changed", "reason": "mood"},
}
ALSO_BROKEN = {  # rules that the same values break too, and that the database may name instead
    "ck_annotations_state_known": {"ck_annotations_not_checkable_has_reason"},
    "ck_links_contradiction_state_known": {"ck_links_decided_by_somebody"},
    "ck_source_checks_outcome_known": {"ck_source_checks_snapshot_of_success"},
}
# Columns that must be the only one of their kind.
FREE = {
    "users": "email",
    "projects": "slug",
    "annotation_tags": "tag",
    "statement_tags": "tag",
    "invitations": "email",
    "external_identities": "subject",
    "rate_counts": "key",
}


def constraints(kind: type) -> list[tuple[str, Table, Any]]:
    assert ALL_TABLES
    return [
        (str(rule.name), table, rule)
        for table in Model.metadata.sorted_tables
        for rule in table.constraints
        if isinstance(rule, kind)
    ]


def good_rows(table: Table) -> list[dict[str, Any]]:
    """The rows that are there, in order; of links and the like the ones that say most."""
    query = select(table).order_by(*table.primary_key.columns)
    if table.name == "links":
        query = query.where(table.c.passage_snapshot_id.is_not(None), table.c.decided_by_id.is_not(None))
    if table.name == "speakers":
        query = query.where(table.c.merged_into_id.is_not(None))
    if table.name == "speaker_merges":
        query = query.where(table.c.undone_at.is_not(None))
    if table.name == "invitations":
        query = query.where(table.c.user_id.is_not(None))
    if table.name == "source_checks":
        query = query.where(table.c.snapshot_id.is_not(None))
    if table.name == "snapshots":
        query = query.where(table.c.article_id.is_not(None))
    return [dict(row) for row in db.session.execute(query).mappings()]


def good_row(table: Table) -> dict[str, Any]:
    return good_rows(table)[0]


def as_new(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """The row under a new key, and with new values where each must be the only one."""
    fresh = dict(row)
    for column in table.columns:
        if column.name in ("id", "number", "position") and (column.primary_key or table.name == "snapshots"):
            fresh[column.name] = new_id() if column.name == "id" else 1000
        if table.name == "event_seals" and column.name == "number":
            fresh[column.name] = 1000
        elif column.unique or column.name in ("ordinal", FREE.get(table.name)):
            fresh[column.name] = 1000 if column.name == "ordinal" else f"new-{new_id()}"
    if table.name == "search_entries":
        fresh["thing_id"] = new_id()
    if table.name == "invitation_roles":
        others = select(TABLES["projects"].c.id).where(TABLES["projects"].c.id != row["project_id"])
        fresh["project_id"] = db.session.scalar(others.limit(1))
    if table.name in ("memberships", "article_assignees", "source_readers", "totp_factors"):
        users = TABLES["users"].c
        fresh["user_id"] = db.session.scalar(
            select(users.id).where(users.id.not_in(select(table.c.user_id))).limit(1)
        )
    return fresh


def filled_in(value: Any, row: Mapping[str, Any]) -> Any:
    """What a value in pointed brackets stands for: another column of the row, a person, a source."""
    if not isinstance(value, str) or not value.startswith("<"):
        return value
    asked = {
        "<somebody else>": select(TABLES["users"].c.id).where(
            TABLES["users"].c.id != row.get("proposed_by_id")
        ),
        "<a source>": select(TABLES["sources"].c.id).where(
            TABLES["sources"].c.project_id == row.get("project_id")
        ),
    }
    return db.session.scalar(asked[value].limit(1)) if value in asked else row[value[1:-1]]


def refusal(table: Table, row: Mapping[str, Any]) -> str:
    """What the database says against the row; the test fails when it takes it."""
    columns = {column.name: column for column in table.columns}
    with pytest.raises(IntegrityError) as caught, db.session.begin_nested():
        db.session.execute(insert(table).values({columns[name]: value for name, value in row.items()}))
    diagnosis = getattr(caught.value.orig, "diag", None)
    return str(diagnosis.constraint_name if diagnosis else caught.value.orig)


@pytest.fixture
def inside(shared_world: World) -> Iterator[World]:
    with shared_world.app.app_context():
        yield shared_world
        db.session.rollback()


def test_a_good_row_goes_in(inside: World) -> None:
    for table in Model.metadata.sorted_tables:
        with db.session.begin_nested():
            db.session.execute(insert(table).values(_by_column(table, as_new(table, good_row(table)))))


def _by_column(table: Table, row: Mapping[str, Any]) -> dict[Any, Any]:
    return {table.c[name]: value for name, value in row.items()}


def test_every_check_has_values_that_break_it() -> None:
    assert {name for name, _, _ in constraints(CheckConstraint)} == set(CHECKS)


def test_every_check_refuses_what_breaks_it(inside: World) -> None:
    for name, table, _ in constraints(CheckConstraint):
        for good in good_rows(table):
            row = {**as_new(table, good), **CHECKS[name]}
            row |= {key: filled_in(value, row) for key, value in CHECKS[name].items()}
            said = refusal(table, row)
            assert any(known in said for known in {name, *ALSO_BROKEN.get(name, ())}), (name, said)


def test_every_key_refuses_a_second_row(inside: World) -> None:
    for table in Model.metadata.sorted_tables:
        row = good_row(table)
        unique = {**as_new(table, row), **{column.name: row[column.name] for column in table.primary_key}}
        said = refusal(table, unique)
        assert f"pk_{table.name}" in said or "UNIQUE constraint failed" in said, said


def test_every_unique_rule_refuses_a_second_row(inside: World) -> None:
    for name, table, rule in constraints(UniqueConstraint):
        row = good_row(table)
        if name == "uq_snapshots_source_id_number":
            sources = TABLES["sources"].c
            source = db.session.scalar(
                select(sources.id).where(sources.project_id == row["project_id"]).limit(1)
            )
            row = {**as_new(table, row), "article_id": None, "source_id": source, "number": 7}
            db.session.execute(insert(table).values(_by_column(table, row)))
        said = refusal(
            table, {**as_new(table, row), **{column.name: row[column.name] for column in rule.columns}}
        )
        assert name in said or f"pk_{table.name}" in said or "UNIQUE constraint failed" in said, (name, said)


def test_every_foreign_key_refuses_what_is_not_there(inside: World) -> None:
    for name, table, rule in constraints(ForeignKeyConstraint):
        last = list(rule.columns)[-1]
        row = {**as_new(table, good_row(table)), last.name: UNKNOWN}
        said = refusal(table, _with_one_far_end(row, last.name))
        assert said.startswith("fk_") or "FOREIGN KEY constraint failed" in said, (name, said)


def test_nothing_belongs_to_two_projects(inside: World) -> None:
    tables = {
        "article_id": "articles",
        "annotation_id": "annotations",
        "target_id": "annotations",
        "passage_snapshot_id": "snapshots",
        "merged_into_id": "speakers",
        "kept_id": "speakers",
        "merged_id": "speakers",
    }
    for name, table, rule in constraints(ForeignKeyConstraint):
        columns = [column.name for column in rule.columns]
        if len(columns) == 2:
            row = as_new(table, good_row(table))
            other = TABLES[
                tables.get(columns[1], columns[1].removesuffix("_id").replace("claimant", "speaker") + "s")
            ]
            foreign = db.session.scalar(
                select(other.c.id).where(other.c.project_id != row["project_id"]).limit(1)
            )
            said = refusal(table, _with_one_far_end({**row, columns[1]: foreign}, columns[1]))
            assert name in said or "FOREIGN KEY constraint failed" in said, (name, said)


def _with_one_far_end(row: dict[str, Any], column: str) -> dict[str, Any]:
    """Leave the row one far end, or one owner: the one that is tried."""
    for ends in ({"source_id", "statement_id", "target_id"}, {"article_id", "source_id"}):
        if column in ends and ends <= set(row):
            return {**row, **dict.fromkeys(ends - {column})}
    return row


@pytest.mark.parametrize("statement", ["UPDATE snapshots SET text = 'x'", "DELETE FROM snapshots"])
def test_a_snapshot_can_be_neither_changed_nor_deleted(inside: World, statement: str) -> None:
    with pytest.raises(DBAPIError, match="a snapshot is immutable"), db.session.begin_nested():
        db.session.connection().exec_driver_sql(statement)
    assert db.session.scalar(select(TABLES["snapshots"].c.text).limit(1)) not in ("x", None)


@pytest.mark.parametrize("statement", ["UPDATE events SET action = 'x'", "DELETE FROM events"])
def test_the_journal_can_be_neither_changed_nor_cut(inside: World, statement: str) -> None:
    before = len(db.session.execute(select(TABLES["events"])).all())
    with pytest.raises(DBAPIError, match="the journal is append-only"), db.session.begin_nested():
        db.session.connection().exec_driver_sql(statement)
    assert len(db.session.execute(select(TABLES["events"])).all()) == before > 0


def test_the_journal_numbers_its_lines_upwards_and_never_again(inside: World) -> None:
    numbers = [event.number for event in db.session.execute(select(TABLES["events"]))]
    assert numbers == sorted(set(numbers))
