"""What Prometheus reads: behind a token, without anything about a person."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from annotator import metrics
from annotator.app import Annotator
from annotator.database import db

TOKEN = "a token for the figures"
NAMED = re.compile(r'(\w+)="([^"]*)"')


@pytest.fixture
def open_metrics(app: Annotator) -> Iterator[None]:
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(settings, metrics_token=TOKEN)
    yield
    app.config["SETTINGS"] = settings


def read(client: FlaskClient, token: str = TOKEN) -> Any:
    return client.get("/metrics", headers={"Authorization": f"Bearer {token}"})


def figure(client: FlaskClient, name: str) -> float:
    found = [
        line.rpartition(" ")[2] for line in read(client).text.splitlines() if line.startswith(f"{name} ")
    ]
    return float(found[0])


def test_h12_without_a_token_in_the_settings_there_are_no_figures(client: FlaskClient) -> None:
    assert (client.get("/metrics").status_code, read(client).status_code) == (404, 404)


@pytest.mark.usefixtures("open_metrics")
@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1], f"{TOKEN}x", "é"])
def test_h12_a_wrong_token_is_refused(client: FlaskClient, token: str) -> None:
    answer = read(client, token)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


@pytest.mark.usefixtures("open_metrics")
def test_requests_are_counted_by_route(client: FlaskClient) -> None:
    line = 'annotator_requests_total{method="GET",route="/healthz",status="2xx"}'
    client.get("/healthz")
    before = figure(client, line)
    for _ in range(3):
        client.get("/healthz?who=ann")
    assert figure(client, line) - before == 3


@pytest.mark.usefixtures("open_metrics")
def test_labels_hold_routes_methods_classes_and_outcomes_alone(
    app: Annotator, client: FlaskClient, people: SimpleNamespace, as_: Callable[[str], Any]
) -> None:
    as_("ann").get("/account")
    client.get(f"/admin/people/{people.ann}")
    client.open("/x", method="FOO")
    known = {rule.rule for rule in app.url_map.iter_rules()} | {
        "none",
        "other",
        "GET",
        "POST",
        "PUT",
        "PATCH",
    }
    known |= {
        "DELETE",
        "HEAD",
        "OPTIONS",
        "1xx",
        "2xx",
        "3xx",
        "4xx",
        "5xx",
        "started",
        "refused",
        "throttled",
    }
    labels = {value for name, value in NAMED.findall(read(client).text) if name not in ("le", "outcome")}
    assert labels <= known


@pytest.mark.usefixtures("open_metrics")
def test_sessions_and_lines_without_a_seal_are_counted_now(
    client: FlaskClient, as_: Callable[[str], Any]
) -> None:
    before = figure(client, "annotator_sessions_in_force")
    ann = as_("ann")
    assert figure(client, "annotator_sessions_in_force") - before == 1
    waiting = figure(client, "annotator_journal_lines_unsealed")
    ann.get("/admin/people")  # refused, and the journal says so
    assert figure(client, "annotator_journal_lines_unsealed") - waiting == 1
    ann.post("/logout")
    assert figure(client, "annotator_sessions_in_force") == before


@pytest.mark.usefixtures("open_metrics")
def test_a_database_that_fails_leaves_the_other_figures(client: FlaskClient, session: Any) -> None:
    session.execute(text("ALTER TABLE event_seals RENAME TO away"))
    db.commit()
    found = read(client)
    session.execute(text("ALTER TABLE away RENAME TO event_seals"))
    db.commit()
    assert (found.status_code, "annotator_requests_total" in found.text) == (200, True)
    assert "annotator_journal_lines_unsealed" not in found.text


def test_fetches_are_counted_by_outcome(app: Annotator) -> None:
    with app.app_context():
        before = metrics.here().registry.get_sample_value("annotator_fetches_total", {"outcome": "test"}) or 0
        metrics.count_fetch("test")
        after = metrics.here().registry.get_sample_value("annotator_fetches_total", {"outcome": "test"})
    metrics.count_fetch("outside of an application nothing is counted, and nothing fails")
    assert after == before + 1
