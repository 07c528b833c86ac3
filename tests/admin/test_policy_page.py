"""The rules of signing in: whom they would meet is said before they are set."""

from types import SimpleNamespace
from typing import Any

import pytest

from annotator.accounts import policies
from annotator.app import Annotator
from annotator.database import db

POLICY = "/admin/policy"


def demanded(app: Annotator) -> list[str]:
    with app.app_context():
        return list(policies.current(db.session).second_factor_for)


def test_page_names_who_has_no_second_factor_yet(
    as_: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    page = as_("cleo").get(POLICY).text
    assert f'<a href="/admin/people/{people.cleo}">Cleo</a> <strong>(you)</strong>' in page
    assert "6 have none yet" in page
    assert f'<a href="/admin/people/{people.dan}">' not in page


def test_rule_is_set_and_taken_back(app: Annotator, as_: Any, people: SimpleNamespace) -> None:
    cleo, seen = as_("cleo"), []
    for version, groups in ((0, ["editor", "viewer"]), (1, [])):
        answer = cleo.post(POLICY, data={"second_factor_for": groups, "version": version})
        assert answer.headers["Location"] == f"{POLICY}?notice=policy-set"
        seen.append(demanded(app))
    assert seen == [["editor", "viewer"], []]


@pytest.mark.parametrize("form", [{"second_factor_for": "owner"}, {"version": "x"}, {"version": "-1"}])
def test_unknown_group_and_version_are_refused(app: Annotator, as_: Any, form: dict[str, str]) -> None:
    assert as_("cleo").post(POLICY, data=form).status_code == 422
    assert demanded(app) == []


def test_rule_changed_meanwhile_is_not_overwritten(app: Annotator, as_: Any, people: SimpleNamespace) -> None:
    cleo = as_("cleo")
    cleo.post(POLICY, data={"second_factor_for": "viewer", "version": 0})
    late = cleo.post(POLICY, data={"second_factor_for": "reviewer", "version": 0})
    assert (late.status_code, "Somebody changed this rule meanwhile" in late.text) == (422, True)
    assert demanded(app) == ["viewer"]
