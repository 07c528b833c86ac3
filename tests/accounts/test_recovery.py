"""Recovery codes: shown once, each works once."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from accounts.authenticator import add_app
from sqlalchemy import select

from annotator.accounts import recovery
from annotator.accounts.proof_models import RecoveryCode

CODE = re.compile(r"[a-z2-9]{6}(?:-[a-z2-9]{6}){3}")
PAGE = "/account/second-factor"


@pytest.fixture
def codes(as_: Any, password: str) -> list[str]:
    """Ann's recovery codes; she has an app, too."""
    ann = as_("ann")
    add_app(ann)
    return CODE.findall(ann.post(f"{PAGE}/codes").text)


def left(inside: Any, person: str) -> int:
    with inside() as session:
        return recovery.codes_left(session, person)


def test_ten_codes_are_shown_and_only_their_hashes_kept(codes: list[str], inside: Any) -> None:
    with inside() as session:
        kept = repr(list(session.execute(select(RecoveryCode.code_hash, RecoveryCode.id)).all()))
    assert len(set(codes)) == 10
    assert [code for code in codes if code in kept or code.replace("-", "") in kept] == []


def test_page_shows_how_many_are_left_and_never_a_code(codes: list[str], as_: Any) -> None:
    page = as_("ann").get(PAGE).text
    assert "10 recovery codes are left." in page
    assert CODE.findall(page) == []


def test_code_signs_in_once_however_it_is_written(
    codes: list[str], first_proof: Any, second: Any, client: Any, people: SimpleNamespace
) -> None:
    first_proof("ann")
    assert (
        second(recovery=codes[0].upper().replace("-", " ")).headers["Location"]
        == "/account?notice=codes-left-9"
    )
    assert "It is used up; 9 are left." in client.get("/account?notice=codes-left-9").text
    client.delete_cookie("__Host-annotator")
    first_proof("ann")
    assert "was used before" in second(recovery=codes[0]).text
    assert second(recovery=codes[1]).status_code == 303


def test_new_codes_end_the_earlier_ones(codes: list[str], as_: Any, first_proof: Any, second: Any) -> None:
    newer = CODE.findall(as_("ann").post(f"{PAGE}/codes").text)
    first_proof("ann")
    assert second(recovery=codes[0]).status_code == 422
    assert second(recovery=newer[0]).status_code == 303


def test_codes_of_another_person_do_not_work(codes: list[str], inside: Any, people: SimpleNamespace) -> None:
    with inside() as session:
        assert not recovery.use_code(session, people.ben, codes[0])
    assert left(inside, people.ann) == 10


def test_where_few_are_left_one_is_led_to_make_new_ones(
    codes: list[str], inside: Any, people: SimpleNamespace, first_proof: Any, second: Any, client: Any
) -> None:
    with inside() as session:
        assert all(recovery.use_code(session, people.ann, code) for code in codes[:6])
    first_proof("ann")
    assert second(recovery=codes[6]).headers["Location"] == f"{PAGE}?notice=codes-few"
    assert "3 recovery codes are left. Make new ones" in client.get(PAGE).text


def test_codes_end_with_the_last_factor(
    codes: list[str], as_: Any, inside: Any, people: SimpleNamespace
) -> None:
    as_("ann").post(f"{PAGE}/app/remove")
    assert left(inside, people.ann) == 0


def test_without_a_factor_there_are_no_codes(as_: Any) -> None:
    answer = as_("ann").post(f"{PAGE}/codes")
    assert answer.status_code == 422
    assert "Set up an app or a passkey first." in answer.text
