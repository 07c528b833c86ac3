"""A contradiction is decided by two: who may, what puts it back, what both databases refuse by themselves."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from contract.world import HTTP
from links.desk import change, decide, keep_copy, link, make
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from annotator.columns import now
from annotator.database import db
from annotator.journal.reading import history
from annotator.links.models import Link


@pytest.fixture
def desk(as_: Any, project: Any) -> SimpleNamespace:
    return make(as_, project)


@pytest.fixture
def proposed(desk: SimpleNamespace) -> Any:
    return link(
        desk,
        statement=desk.statement["id"],
        contradiction_kind="direct_negation",
        explanation="Both cannot be.",
    )


def people(one: dict[str, Any]) -> list[str | None]:
    return [one[role] and one[role]["name"] for role in ("proposed_by", "decided_by")]


def test_a_new_contradiction_is_proposed_by_who_linked_it(proposed: Any) -> None:
    assert (proposed["contradiction_state"], people(proposed)) == ("proposed", ["Ann", None])
    assert (proposed["explanation"], proposed["decided_at"]) == ("Both cannot be.", None)


def test_another_relation_has_nothing_to_decide(desk: SimpleNamespace) -> None:
    made = link(desk, statement=desk.statement["id"], relation="supports")
    assert (made["contradiction_state"], people(made)) == (None, [None, None])
    assert decide(desk.ben, made).status_code == 409


@pytest.mark.parametrize(
    ("answer", "reason"), [("accepted", ""), ("accepted", "Yes."), ("rejected", "Two harbours.")]
)
def test_a_second_person_accepts_or_rejects(
    desk: SimpleNamespace, proposed: Any, answer: str, reason: str
) -> None:
    decided = decide(desk.ben, proposed, answer, reason).json
    assert (decided["contradiction_state"], decided["decision_reason"]) == (answer, reason)
    assert (people(decided), decided["version"]) == (["Ann", "Ben"], 2)
    assert decided["decided_at"] == decided["updated_at"]


def test_who_proposed_it_cannot_decide_it(desk: SimpleNamespace, proposed: Any) -> None:
    refused = decide(desk.ann, proposed)
    assert (refused.status_code, refused.json["detail"]) == (
        403, "You proposed this contradiction. Somebody else decides it.",
    )  # fmt: skip
    assert desk.ann.get(f"{HTTP}/links/{proposed['id']}").json == proposed


def test_the_database_refuses_a_decision_by_its_proposer(
    session: Any, desk: SimpleNamespace, proposed: Any, people: Any
) -> None:
    decided = {"contradiction_state": "accepted", "decided_by_id": people.ann, "decided_at": now()}
    with pytest.raises(IntegrityError, match="decided_by_a_second_person"):
        session.execute(update(Link).where(Link.id == proposed["id"]).values(decided))


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_rejection_needs_a_reason(desk: SimpleNamespace, proposed: Any, reason: str) -> None:
    refused = decide(desk.ben, proposed, "rejected", reason)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/reason")


def test_a_viewer_decides_nothing(desk: SimpleNamespace, proposed: Any) -> None:
    assert decide(desk.dee, proposed).status_code == 403


def test_a_decision_is_based_on_the_version_that_was_seen(desk: SimpleNamespace, proposed: Any) -> None:
    change(desk.ann, proposed, note="New.")
    assert decide(desk.ben, proposed).status_code == 412
    path = f"{HTTP}/links/{proposed['id']}/decision"
    assert desk.ben.post(path, json={"answer": "accepted"}).status_code == 428


def test_of_two_decisions_at_once_one_counts(
    as_: Callable[[str], Any], desk: SimpleNamespace, proposed: Any
) -> None:
    eve = as_("eve")
    with ThreadPoolExecutor(2) as pool:
        given = [(desk.ben, "accepted", ""), (eve, "rejected", "No.")]
        answers = list(pool.map(lambda one: decide(one[0], proposed, one[1], one[2]).status_code, given))
    assert sorted(answers) == [200, 412]


CHANGES = [
    {"contradiction_kind": "numeric"}, {"acknowledged": "no"}, {"consistency": "full_flop"}, {"explanation": "New."},
]  # fmt: skip


@pytest.mark.parametrize("fields", CHANGES, ids=lambda fields: next(iter(fields)))
def test_a_change_of_what_was_decided_puts_it_back_to_proposed(
    desk: SimpleNamespace, proposed: Any, fields: dict[str, str]
) -> None:
    decided = decide(desk.ben, proposed, "rejected", "No.").json
    changed = change(desk.ben, decided, **fields).json
    assert (changed["contradiction_state"], people(changed)) == ("proposed", ["Ben", None])
    assert (changed["decided_at"], changed["decision_reason"]) == (None, "")
    assert decide(desk.ben, changed).status_code == 403
    assert decide(desk.ann, changed).status_code == 200


def test_other_words_at_the_far_end_put_it_back_to_proposed(desk: SimpleNamespace, proposed: Any) -> None:
    copy = keep_copy(desk.ann, desk.source)
    decided = decide(desk.ben, proposed).json
    changed = change(desk.ann, decided, passage={"snapshot": copy["id"], "start": 0, "end": 7}).json
    assert (changed["passage"]["exact"], changed["contradiction_state"]) == ("Minutes", "proposed")


@pytest.mark.parametrize(
    "fields", [{"note": "New."}, {"locator": "7"}, {"group": "a"}, {"relation": "contradicts"}]
)
def test_a_change_of_anything_else_leaves_the_decision(
    desk: SimpleNamespace, proposed: Any, fields: dict[str, str]
) -> None:
    decided = decide(desk.ben, proposed).json
    assert change(desk.ann, decided, **fields).json["contradiction_state"] == "accepted"


def test_another_relation_ends_it_and_a_contradiction_anew_is_proposed_anew(
    desk: SimpleNamespace, proposed: Any
) -> None:
    decided = decide(desk.ben, proposed).json
    other = change(desk.ann, decided, relation="supersedes").json
    assert (other["contradiction_state"], other["explanation"], people(other)) == (None, "", [None, None])
    again = change(desk.ben, other, relation="contradicts").json
    assert (again["contradiction_state"], people(again)) == ("proposed", ["Ben", None])


def test_only_a_contradiction_has_an_explanation(desk: SimpleNamespace) -> None:
    made = link(desk, statement=desk.statement["id"], relation="supports")
    refused = change(desk.ann, made, explanation="Why.")
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/explanation")


def test_a_decision_stands_in_the_journal_with_its_reason(
    app: Any, desk: SimpleNamespace, proposed: Any
) -> None:
    decide(desk.ben, proposed, "rejected", "Two harbours.")
    with app.app_context():
        last = history(db.session, proposed["id"])[-1]
    assert (last["action"], last["actor"]["name"]) == ("link:decided", "Ben")
    assert last["before"] == {"state": "proposed", "reason": ""}
    assert last["after"] == {"state": "rejected", "reason": "Two harbours."}


def test_a_second_persons_comma_lets_nobody_accept_their_own(desk: SimpleNamespace, proposed: Any) -> None:
    changed = change(desk.ben, proposed, explanation="Both, cannot be.").json
    refused = decide(desk.ann, changed)
    assert (refused.status_code, refused.json["detail"][:15]) == (403, "You had a hand ")


def test_who_proposed_before_does_not_turn_a_decision(as_: Any, desk: SimpleNamespace, proposed: Any) -> None:
    changed = change(desk.ben, proposed, explanation="Both, cannot be.").json
    decided = decide(as_("eve"), changed).json
    assert decide(desk.ann, decided, "rejected", "No.").status_code == 403


def test_a_space_after_the_explanation_is_no_change(desk: SimpleNamespace, proposed: Any) -> None:
    decided = decide(desk.ben, proposed).json
    assert change(desk.ann, decided, explanation="Both cannot be. ").json == decided


def after_change(desk: SimpleNamespace, proposed: Any, path: str, fields: Any) -> Any:
    decide(desk.ben, proposed)
    assert desk.ann.change("PATCH", f"{HTTP}/{path}", fields, version=1).status_code == 200
    return desk.ann.get(f"{HTTP}/links/{proposed['id']}").json


@pytest.mark.parametrize("fields", [{"quote": "It is mine."}, {"said_on": "2023"}])
def test_other_words_of_the_statement_put_it_back(desk: SimpleNamespace, proposed: Any, fields: Any) -> None:
    found = after_change(desk, proposed, f"statements/{desk.statement['id']}", fields)
    assert (found["contradiction_state"], people(found)) == ("proposed", ["Ann", None])


@pytest.mark.parametrize(
    "fields", [{"claim_text": "It is ours."}, {"claimed_on": "2023"}, {"claimant": None}]
)
def test_another_claim_at_the_near_end_puts_it_back(
    app: Any, desk: SimpleNamespace, proposed: Any, fields: Any
) -> None:
    found = after_change(desk, proposed, f"annotations/{desk.first['id']}", fields)
    assert (found["contradiction_state"], people(found)) == ("proposed", ["Ann", None])
    with app.app_context():
        last = history(db.session, proposed["id"])[-1]
    assert (last["action"], last["after"]) == ("link:changed", {"state": "proposed"})


def test_what_nobody_decided_about_leaves_the_decision(desk: SimpleNamespace, proposed: Any) -> None:
    found = after_change(desk, proposed, f"statements/{desk.statement['id']}", {"role": "Mayor"})
    assert found["contradiction_state"] == "accepted"


def test_a_link_whose_far_end_is_deleted_does_not_come_back(desk: SimpleNamespace) -> None:
    made, path = link(desk, source=desk.source["id"], relation="supports", locator="7"), f"{HTTP}/links"
    desk.ann.change("DELETE", f"{path}/{made['id']}", version=1)
    desk.ann.change("DELETE", f"{HTTP}/statements/{desk.statement['id']}", version=1)
    assert desk.ann.change("DELETE", f"{HTTP}/sources/{desk.source['id']}", version=1).status_code == 204
    refused = desk.ann.change("POST", f"{path}/{made['id']}/restore", version=2)
    assert (refused.status_code, "is deleted" in refused.json["detail"]) == (409, True)
