"""By what tries of one network are counted."""

import pytest
from flask.testing import FlaskClient

from annotator.app import Annotator
from annotator.asking import asker

SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("no address", "no address"),
    ],
)
def test_a_network_is_one_asker(app: Annotator, address: str, counted: str) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}) as context:
        assert asker(context.request) == counted


def test_many_addresses_of_one_machine_have_one_limit_to_sign_in(client: FlaskClient) -> None:
    answers = [
        client.post(
            "/login",
            data={"email": f"person{number}@example.org", "password": "a wrong password"},
            headers=SAME,
            environ_base={"REMOTE_ADDR": f"2001:db8::{number:x}"},
        ).status_code
        for number in range(21)
    ]
    assert answers == [422] * 20 + [429]


def test_many_addresses_of_one_machine_have_one_limit_for_passkeys(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.accounts.second_factor.CHALLENGES", 1)
    answers = [
        client.post(
            "/login/passkey/challenge", headers=SAME, environ_base={"REMOTE_ADDR": f"2001:db8::{number}"}
        ).status_code
        for number in (1, 2)
    ]
    assert answers == [200, 429]
