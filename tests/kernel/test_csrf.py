"""Whether a writing request comes from our own pages: by what the browser says, and by the token of the session."""

from typing import Any

import pytest
from contract.requests_of import routes
from flask.testing import FlaskClient

from annotator.accounts.models import User
from annotator.accounts.operations import make_token
from annotator.csrf import make_token as page_token
from annotator.csrf import token_fits
from annotator.database import db
from annotator.identity import Identity, Scope

OURS = {"Sec-Fetch-Site": "same-origin"}
# What the browser says of where the request comes from, and whether it is let through to the token's check.
ORIGINS: list[tuple[dict[str, str], bool]] = [
    ({"Sec-Fetch-Site": "same-origin"}, 303), ({"Sec-Fetch-Site": "none"}, 303),
    ({"Sec-Fetch-Site": "same-site"}, 403), ({"Sec-Fetch-Site": "cross-site"}, 403),
    ({"Sec-Fetch-Site": ""}, 403),
    ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403), ({"Origin": "http://localhost"}, 303),
    ({"Origin": "https://localhost"}, 403), ({"Origin": "http://localhost:8123"}, 403), ({"Origin": "null"}, 403),
    ({"Origin": "http://localhost.evil.example"}, 403), ({"Origin": "https://evil.example"}, 403),
    ({"Origin": "http://evil@localhost"}, 403), ({"Origin": "http://["}, 403), ({"Origin": ""}, 403), ({}, 403),
]  # fmt: skip


@pytest.mark.parametrize(("headers", "status"), ORIGINS, ids=str)
def test_only_our_own_pages_may_write(as_: Any, headers: dict[str, str], status: int) -> None:
    ann = as_("ann")
    answer = FlaskClient.open(
        ann,
        "/account/name",
        method="POST",
        data={"name": "Ann"},
        headers={**headers, "X-CSRF-Token": ann.token},
    )
    assert answer.status_code == status


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_every_writing_route_refuses_other_sites(app: Any, as_: Any, site: str) -> None:
    ann = as_("ann")
    for path, method, _ in routes(app):
        if method != "GET":
            filled = "/".join(PARTS.get(part.split(":")[0], part) for part in path.split("/"))
            answer = ann.open(filled, method=method, headers={"Sec-Fetch-Site": site})
            assert answer.status_code == 403, (method, path)


PARTS = {
    "<id": "00000000-0000-7000-8000-000000000000", "<slug": "desk", "<token>": "x",
    "<any('deactivate', 'activate', 'grant-admin', 'withdraw-admin')": "activate",
}  # fmt: skip


@pytest.mark.parametrize("token", ["", "x", "a" * 44, "é", "====", "AAAA" * 11])
def test_a_token_that_is_none_is_refused(as_: Any, token: str) -> None:
    answer = as_("ann").post(
        "/account/name", data={"name": "Ann", "csrf_token": token}, headers={"X-CSRF-Token": ""}
    )
    assert answer.status_code == 403


def test_the_token_of_another_session_is_refused(as_: Any) -> None:
    ann, ben = as_("ann"), as_("ben")
    assert (
        ann.post("/account/name", data={"name": "Ann"}, headers={"X-CSRF-Token": ben.token}).status_code
        == 403
    )
    assert (
        ann.post("/account/name", data={"name": "Ann"}, headers={"X-CSRF-Token": ann.token}).status_code
        == 303
    )


def test_the_token_comes_as_header_or_form_field_and_never_in_the_address(as_: Any) -> None:
    ann = as_("ann")
    none = {"X-CSRF-Token": ""}
    assert (
        ann.post("/account/name", data={"name": "Ann", "csrf_token": ann.token}, headers=none).status_code
        == 303
    )
    assert (
        ann.post(f"/account/name?csrf_token={ann.token}", data={"name": "Ann"}, headers=none).status_code
        == 403
    )
    body = {"csrf_token": ann.token}
    assert ann.post("/account/name", json=body, headers=none).status_code == 403


def test_a_bearer_token_needs_no_other(app: Any, people: Any, project: Any) -> None:
    with app.app_context():
        ann = db.session.get_one(User, people.eve)
        _, value = make_token(db.session, ann, name="x", scope=Scope.WRITE, actor=ann.id)
        db.commit()
    path, given = f"/api/v1/projects/{project.id}", {"json": {"description": "New"}}
    headers = {"If-Match": '"1"', "Authorization": f"Bearer {value}"}
    assert app.test_client().patch(path, headers=headers, **given).status_code == 200
    failing = {**headers, "Authorization": "Bearer ann_wrong"}
    assert app.test_client().patch(path, headers=failing, **given).status_code == 401


def test_a_failing_bearer_token_never_falls_back_to_the_cookie(as_: Any) -> None:
    answer = as_("ann").get("/api/v1/me", headers={"Authorization": "Bearer ann_wrong"})
    assert answer.status_code == 401


def test_tokens_are_masked_anew_and_fit_their_session_alone(app: Any) -> None:
    first = Identity("a", "Ann", "", False, "cookie", Scope.ADMIN, None, b"one")
    other = Identity("a", "Ann", "", False, "cookie", Scope.ADMIN, None, b"two")
    with app.test_request_context():
        tokens = {page_token(first) for _ in range(5)}
        assert len(tokens) == 5
        assert [token_fits(token, first) for token in tokens] == [True] * 5
        assert [token_fits(token, other) for token in tokens] == [False] * 5
        assert page_token(None) == ""
