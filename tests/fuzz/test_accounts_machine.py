"""Members, roles, sessions and tokens in any order, over HTTP: every answer is the one that the plain rules give."""

import re
from typing import Any

import pytest
from accounts.conftest import PASSWORD, hashed
from factories import SignedIn, sign_in
from fuzz.rights import Credential, Rights
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    multiple,
    rule,
    run_state_machine_as_test,
)

from annotator.accounts import tokens
from annotator.accounts.models import User
from annotator.app import Annotator
from annotator.columns import new_id, now
from annotator.database import db
from annotator.permissions import ROLE_PERMISSIONS, Permission, Role
from annotator.projects.models import Membership, Project

HTTP = "/api/v1"
PEOPLE = ("ann", "ben", "dee", "eve", "olga")
ROLES = ("viewer", "reviewer", "editor")
START = {
    ("desk", "eve"): "editor",
    ("desk", "ann"): "reviewer",
    ("desk", "dee"): "viewer",
    ("other", "olga"): "editor",
}
people, roles, projects = st.sampled_from(PEOPLE), st.sampled_from(ROLES), st.sampled_from(("desk", "other"))
RUNS = {"sqlite": (25, 40), "postgresql": (8, 30)}
pytestmark = pytest.mark.timeout(600)


class Accounts(RuleBasedStateMachine):
    """The program and the rules, side by side."""

    credentials = Bundle("credentials")

    def __init__(self, app: Annotator) -> None:
        super().__init__()
        self.app, self.rights = app, Rights(dict.fromkeys(PEOPLE, True), dict(START))
        self.clients: dict[str, SignedIn] = {}
        self.forms: dict[str, str] = {}
        with app.app_context():
            self.ids = {name: self._add_person(name) for name in (*PEOPLE, "cleo")}
            self.ids |= {name: self._add_project(name) for name in ("desk", "other")}
            db.session.flush()
            for (project, person), role in START.items():
                about = {"project_id": self.ids[project], "user_id": self.ids[person]}
                db.session.add(Membership(**about, role=role, created_at=now()))
            db.commit()
        self.cleo = sign_in(app, self.ids["cleo"])

    def _add_person(self, name: str) -> str:
        key = new_id()
        about = {"email": f"{name}@{key}.example.org", "name": name.title(), "password_hash": hashed()}
        flags = {"is_admin": name == "cleo", "active": True, "created_at": now(), "updated_at": now()}
        db.session.add(User(id=key, **about, **flags))
        return key

    def _add_project(self, name: str) -> str:
        key = new_id()
        about = {"name": name.title(), "slug": f"{name}-{key}", "created_by_id": self.ids["cleo"]}
        db.session.add(Project(id=key, **about, created_at=now(), updated_at=now()))
        return key

    def _client(self, with_: Credential) -> SignedIn:
        client = SignedIn(self.app, self.app.response_class)
        if with_.scope != "all":
            client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {with_.value}"
        else:
            client.set_cookie("__Host-annotator", with_.value)
            client.token = self.forms[with_.value]
        return client

    def _check(self, answer: Any, expected: int) -> Any:
        met = 200 if 200 <= answer.status_code < 300 else answer.status_code
        asked = f"{answer.request.method} {answer.request.path}"
        assert met == expected, f"{asked}: {expected} expected: {answer.text[:300]}"
        return answer

    @initialize(target=credentials)
    def begin(self) -> Any:
        """Let everybody be signed in."""
        return multiple(*(self._keep(sign_in(self.app, self.ids[name]), name) for name in PEOPLE))

    def _keep(self, client: SignedIn, person: str) -> Credential:
        cookie = client.get_cookie("__Host-annotator")
        assert cookie is not None
        found = Credential(person, cookie.value)
        self.forms[found.value] = client.token
        self.rights.credentials.append(found)
        return found

    @rule(target=credentials, person=people)
    def sign_in(self, person: str) -> Any:
        """Sign in by address and password."""
        client = SignedIn(self.app, self.app.response_class)
        client.environ_base["REMOTE_ADDR"] = f"2001:db8::{new_id()[:4]}:{new_id()[-4:]}"
        email = f"{person}@{self.ids[person]}.example.org"
        answer = client.post(f"{HTTP}/session", json={"email": email, "password": PASSWORD})
        self._check(answer, 200 if self.rights.active[person] else 401)
        if not self.rights.active[person]:
            return multiple()
        client.token = answer.json["csrf"]
        return self._keep(client, person)

    @rule(with_=credentials)
    def sign_out(self, with_: Credential) -> None:
        """End a session; a token stays."""
        self._client(with_).post("/logout")
        with_.alive = with_.alive and with_.scope != "all"

    @rule(
        target=credentials,
        with_=credentials,
        scope=st.sampled_from(("read", "write")),
        project=projects | st.none(),
    )
    def make_token(self, with_: Credential, scope: str, project: str | None) -> Any:
        """Make a token, for one project or for all; a token makes none, and nobody for another's project."""
        form = {
            "purpose": "test",
            "scope": scope,
            "days": "7",
            "project": self.ids[project] if project else "",
        }
        answer = self._client(with_).post("/account/tokens", data=form)
        member = project is None or self.rights.role(with_, project) is not None
        expected = 401 if not with_.alive else 403 if with_.scope != "all" else 200 if member else 422
        self._check(answer, expected)
        if expected != 200:
            return multiple()
        value = re.search(r'value="(ann_[^"]+)"', answer.text)
        known = {one.id for one in self.rights.credentials}
        (key,) = set(re.findall(r"/account/tokens/([0-9a-f-]+)/revoke", answer.text)) - known
        assert value
        found = Credential(with_.person, value[1], scope, project, id=key)
        self.rights.credentials.append(found)
        return found

    @rule(with_=credentials, token=credentials)
    def revoke_token(self, with_: Credential, token: Credential) -> None:
        """Revoke a token of one's own; nobody revokes another's."""
        answer = self._client(with_).post(f"/account/tokens/{token.id or new_id()}/revoke")
        mine = token.id and token.alive and token.person == with_.person
        self._check(answer, 401 if not with_.alive else 403 if with_.scope != "all" else 303 if mine else 404)
        token.alive = token.alive and answer.status_code != 303

    @rule(with_=credentials, person=people, project=projects, role=roles)
    def set_role(self, with_: Credential, person: str, project: str, role: str) -> None:
        """Add a member, or change a role."""
        path = f"{HTTP}/projects/{self.ids[project]}/members/{self.ids[person]}"
        answer = self._client(with_).put(path, json={"role": role})
        self._check(answer, self.rights.set_role(with_, person, project, role))

    @rule(with_=credentials, person=people, project=projects)
    def remove(self, with_: Credential, person: str, project: str) -> None:
        """Take a member out."""
        answer = self._client(with_).delete(f"{HTTP}/projects/{self.ids[project]}/members/{self.ids[person]}")
        self._check(answer, self.rights.remove(with_, person, project))

    @rule(person=people, active=st.booleans())
    def switch(self, person: str, active: bool) -> None:
        """Let the administrator take every way in from somebody, or let them in again without what they had."""
        verb = "activate" if active else "deactivate"
        assert self.cleo.post(f"/admin/people/{self.ids[person]}/{verb}").status_code < 500
        if active:
            self.rights.active[person] = True
        else:
            self.rights.deactivate(person)

    @rule(with_=credentials, project=projects)
    def read(self, with_: Credential, project: str) -> None:
        """Read a project."""
        answer = self._client(with_).get(f"{HTTP}/projects/{self.ids[project]}")
        self._check(answer, self.rights.answer(with_, "read", project))

    @rule(with_=credentials, project=projects)
    def add(self, with_: Credential, project: str) -> None:
        """Add a source."""
        body = {"project": self.ids[project], "title": "A law"}
        answer = self._client(with_).put(f"{HTTP}/sources/{new_id()}", json=body)
        self._check(answer, self.rights.answer(with_, "add", project))

    @rule(with_=credentials, project=projects)
    def manage(self, with_: Credential, project: str) -> None:
        """Change a project's settings, based on its version."""
        version = self._version(project)
        path, body = f"{HTTP}/projects/{self.ids[project]}", {"description": new_id()}
        answer = self._client(with_).change("PATCH", path, body, version=version)
        self._check(answer, self.rights.answer(with_, "manage", project))

    def _version(self, project: str) -> int:
        with self.app.app_context():
            return db.session.get_one(Project, self.ids[project]).version

    @rule(with_=credentials)
    def list_projects(self, with_: Credential) -> None:
        """See the projects one is a member of, and no others."""
        answer = self._check(
            self._client(with_).get(f"{HTTP}/projects"), self.rights.answer(with_, "account", "")
        )
        listed = {row["id"] for row in answer.json.get("items", ())}
        assert listed == {self.ids[name] for name in self.rights.projects(with_) if with_.alive}


def run(app: Annotator, runs: int, steps: int) -> None:
    given = settings(max_examples=runs, stateful_step_count=steps, derandomize=True, phases=[Phase.generate])
    run_state_machine_as_test(lambda: Accounts(app), settings=given)


def test_every_answer_is_the_one_that_the_rules_give(app: Annotator, request: pytest.FixtureRequest) -> None:
    run(app, *RUNS[request.node.callspec.params["app"]])


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_a_planted_hole_is_found(app: Annotator, monkeypatch: pytest.MonkeyPatch) -> None:
    holders = ROLE_PERMISSIONS[Role.VIEWER] | {Permission.CONTENT_ADD}
    monkeypatch.setitem(ROLE_PERMISSIONS, Role.VIEWER, holders)
    with pytest.raises(AssertionError, match="PUT"):
        run(app, 25, 40)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_a_right_that_outlives_its_token_is_found(app: Annotator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "revoke", lambda *_: None)
    with pytest.raises(AssertionError, match="401"):
        run(app, 25, 40)
