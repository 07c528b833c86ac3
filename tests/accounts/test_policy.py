"""Of whom the site demands a second factor, and what that means for those who have none."""

from types import SimpleNamespace
from typing import Any

import pytest
from accounts.authenticator import add_app, add_passkey
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from annotator.accounts import factors, policies
from annotator.accounts.factor_changes import reset_factors
from annotator.accounts.models import User
from annotator.accounts.proof_models import Passkey, RecoveryCode, SitePolicy, TotpFactor
from annotator.accounts.tokens import make_token
from annotator.app import Annotator
from annotator.errors import Invalid, Stale, WrongState
from annotator.identity import Scope
from annotator.journal.models import Event

HOME = "/account/second-factor"


@pytest.fixture
def demand(inside: Any, project: SimpleNamespace) -> Any:
    """`demand("admin")` demands a second factor of these groups."""

    def set_it(*groups: str) -> None:
        with inside() as session:
            policies.set_policy(session, list(groups), policies.current(session).version, None)

    return set_it


def names(people: list[User]) -> list[str]:
    return [person.name for person in people]


def test_before_it_was_ever_set_nothing_is_demanded(session: Session, people: SimpleNamespace) -> None:
    assert (policies.current(session).version, policies.current(session).second_factor_for) == (0, [])
    assert policies.without_factor(session) == []


def test_policy_is_kept_in_one_row_with_its_versions(session: Session, people: SimpleNamespace) -> None:
    policies.set_policy(session, ["editor", "admin"], 0, people.cleo)
    policies.set_policy(session, [], 1, people.cleo)
    session.commit()
    row = session.scalars(select(SitePolicy)).one()
    assert (row.version, row.second_factor_for) == (2, [])
    lines = session.scalars(
        select(Event.after).where(Event.action == "policy:changed").order_by(Event.number)
    )
    assert [line["second_factor_for"] for line in lines] == [["admin", "editor"], []]


def test_choice_made_from_an_older_version_is_refused(session: Session, people: SimpleNamespace) -> None:
    policies.set_policy(session, ["admin"], 0, people.cleo)
    with pytest.raises(Stale):
        policies.set_policy(session, ["editor"], 0, people.cleo)


def test_unknown_group_is_refused(session: Session, people: SimpleNamespace) -> None:
    with pytest.raises(Invalid):
        policies.set_policy(session, ["owner"], 0, people.cleo)


@pytest.mark.parametrize(
    ("groups", "met"),
    [
        (["everybody"], ["Ann", "Ben", "Cleo", "Dee", "Eve", "Olga"]),
        (["admin"], ["Cleo"]),
        (["reviewer"], ["Ann", "Ben"]),
        (["viewer", "editor"], ["Dee", "Eve"]),
        ([], []),
    ],
)
def test_those_whom_a_policy_would_hit_are_named(
    session: Session, project: SimpleNamespace, groups: list[str], met: list[str]
) -> None:
    assert names(policies.without_factor(session, groups)) == met


def test_who_has_a_factor_is_not_hit(inside: Any, as_: Any, project: SimpleNamespace) -> None:
    add_app(as_("ann"))
    add_passkey(as_("eve"))
    with inside() as session:
        assert names(policies.without_factor(session, ["reviewer", "editor"])) == ["Ben"]


@pytest.mark.parametrize(
    ("group", "hit", "free"), [("everybody", "olga", ""), ("admin", "cleo", "ann"), ("editor", "eve", "ann")]
)
def test_page_leads_whoever_lacks_a_factor_to_where_it_is_added(
    as_: Any, demand: Any, group: str, hit: str, free: str
) -> None:
    demand(group)
    answer = as_(hit).get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{HOME}?notice=factor-needed")
    page = as_(hit).get(f"{HOME}?notice=factor-needed")
    assert "everything else is open to you" in page.text
    assert [as_(name).get("/").status_code for name in free.split()] == [200] * len(free.split())


def test_everything_opens_with_the_factor(as_: Any, demand: Any, project: SimpleNamespace) -> None:
    demand("everybody")
    ann = as_("ann")
    assert ann.get(f"/projects/{project.slug}/").status_code == 302
    add_app(ann)
    assert ann.get(f"/projects/{project.slug}/").status_code == 200


def test_api_and_tokens_of_such_a_person_say_why(
    as_: Any, app: Annotator, inside: Any, demand: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    with inside() as session:
        user = session.get_one(User, people.eve)
        _, token = make_token(session, user, name="x", scope=Scope.WRITE, actor=user.id)
    demand("editor")
    path = f"/api/v1/projects/{project.id}"
    by_token = app.test_client().get(path, headers={"Authorization": f"Bearer {token}"})
    for answer in (by_token, as_("eve").get(path), as_("eve").get("/api/v1/projects")):
        assert (answer.status_code, answer.json["type"]) == (403, "/problems/second-factor-needed")


def test_last_factor_stays_where_one_is_demanded(as_: Any, demand: Any, inside: Any) -> None:
    ann = as_("ann")
    add_app(ann)
    demand("everybody")
    assert "Remove app" not in ann.get(HOME).text
    answer = ann.post(f"{HOME}/app/remove")
    assert (answer.status_code, "Add another first" in answer.text) == (422, True)
    add_passkey(ann)
    assert "Remove app" in ann.get(HOME).text
    assert ann.post(f"{HOME}/app/remove").status_code == 303
    with inside() as session:
        row = session.scalars(select(Passkey)).one()
    assert ann.post(f"/account/passkeys/{row.id}/remove").status_code == 422


def test_site_without_a_policy_asks_no_more_than_before(
    as_: Any, app: Annotator, people: SimpleNamespace
) -> None:
    ann, sent = as_("ann"), []
    engine = app.extensions["annotator.database"].engine
    note = lambda *call: sent.append(call[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", note)
    ann.get("/api/v1/me")
    event.remove(engine, "before_cursor_execute", note)
    assert len([words for words in sent if "login_sessions" in words and words.startswith("SELECT")]) == 1
    assert [words for words in sent if words.startswith("SELECT") and "login_sessions" not in words] == []


def test_administrator_takes_all_factors_of_a_person_away(
    as_: Any, inside: Any, people: SimpleNamespace
) -> None:
    ann = as_("ann")
    add_app(ann)
    add_passkey(ann)
    with inside() as session:
        reset_factors(session, session.get_one(User, people.ann), actor=people.cleo)
    assert ann.get("/account").status_code == 302
    with inside() as session:
        rows = [session.scalars(select(kind)).all() for kind in (TotpFactor, Passkey, RecoveryCode)]
        line = session.scalars(select(Event).where(Event.action == "factor:reset")).one()
    assert rows == [[], [], []]
    assert (line.actor_id, line.subject_id) == (people.cleo, people.ann)


def test_where_there_is_none_nothing_is_taken_away(session: Session, people: SimpleNamespace) -> None:
    with pytest.raises(WrongState):
        reset_factors(session, session.get_one(User, people.ann), actor=people.cleo)


def test_policy_by_role_looks_at_the_role_of_today(
    session: Session, project: SimpleNamespace, people: SimpleNamespace
) -> None:
    assert factors.demands(session, ["editor"], people.eve, is_admin=False)
    assert not factors.demands(session, ["editor"], people.ann, is_admin=False)
    assert not factors.demands(session, ["admin", "viewer"], people.eve, is_admin=False)
