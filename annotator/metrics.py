"""What is counted for Prometheus: requests, sign-ins, fetches, sessions, the journal, the database's connections.

Labels are routes, methods, classes of status and closed lists of outcomes: no ids, no names, no addresses. Each process
counts for itself.
"""

import hmac
from collections.abc import Callable, Iterator
from datetime import timedelta

from flask import Flask, Response, current_app, has_app_context, request
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

from annotator import logs
from annotator.columns import now
from annotator.config import Settings
from annotator.database import Model
from annotator.errors import NotFound

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
NAME = "annotator.metrics"
Gauge = tuple[str, str, Callable[[Engine, Settings], float]]


disable_created_metrics()  # type: ignore[no-untyped-call]


class Metrics:
    """One application's counters, in a registry of its own."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        """Make the counters; what is true only now is asked of the database when somebody reads."""
        self.registry = CollectorRegistry()
        labels = ["route", "method", "status"]
        self.requests = Counter("annotator_requests", "Answers.", labels, registry=self.registry)
        self.seconds = Histogram(
            "annotator_request_seconds",
            "Time to an answer's first byte.",
            ["route", "method"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.sign_ins = Counter("annotator_sign_ins", "Sign-ins.", ["outcome"], registry=self.registry)
        self.fetches = Counter("annotator_fetches", "Pages fetched.", ["outcome"], registry=self.registry)
        self.registry.register(_Now(engine, settings))
        ProcessCollector(registry=self.registry)

    def text(self) -> bytes:
        """Give everything in Prometheus' text format."""
        return generate_latest(self.registry)


class _Now(Collector):
    """What is asked of the database and its pool at the time of reading."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self.engine = engine
        self.settings = settings

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Give each figure; one that cannot be had now is left out."""
        for name, words, figure in GAUGES:
            try:
                yield GaugeMetricFamily(name, words, value=figure(self.engine, self.settings))
            except SQLAlchemyError:
                continue

    def describe(self) -> list[GaugeMetricFamily]:
        """Name the figures without asking for them."""
        return [GaugeMetricFamily(name, words) for name, words, _ in GAUGES]


def sessions_in_force(engine: Engine, settings: Settings) -> float:
    """Count the sessions that are neither ended nor run out."""
    table = Model.metadata.tables["login_sessions"]
    seen, begun = (timedelta(seconds=limit) for limit in (settings.session_idle, settings.session_absolute))
    in_force = select(func.count()).where(
        table.c.ended_at.is_(None), table.c.last_seen_at > now() - seen, table.c.created_at > now() - begun
    )
    with engine.connect() as connection:
        return float(connection.scalar(in_force) or 0)


def lines_unsealed(engine: Engine, _settings: Settings) -> float:
    """Count the newest lines of the journal that are not sealed yet."""
    events, seals = Model.metadata.tables["events"], Model.metadata.tables["event_seals"]
    last = select(func.coalesce(func.max(seals.c.number), 0)).scalar_subquery()
    with engine.connect() as connection:
        return float(connection.scalar(select(func.count()).where(events.c.number > last)) or 0)


def connections_in_use(engine: Engine, _settings: Settings) -> float:
    """Count the database connections that somebody works with."""
    return float(engine.pool.checkedout()) if isinstance(engine.pool, QueuePool) else 0.0


def connections_idle(engine: Engine, _settings: Settings) -> float:
    """Count the database connections that wait in the pool."""
    return float(engine.pool.checkedin()) if isinstance(engine.pool, QueuePool) else 0.0


GAUGES: tuple[Gauge, ...] = (
    ("annotator_sessions_in_force", "People's sessions that have not ended.", sessions_in_force),
    ("annotator_journal_lines_unsealed", "Lines of the journal that wait for their seal.", lines_unsealed),
    ("annotator_database_connections_in_use", "Connections somebody works with.", connections_in_use),
    ("annotator_database_connections_idle", "Connections that wait in the pool.", connections_idle),
)


def init_app(app: Flask) -> None:
    """Count every answer of the application."""
    app.extensions[NAME] = Metrics(app.extensions["annotator.database"].engine, app.config["SETTINGS"])
    app.after_request(_count)


def here() -> Metrics:
    """Give the counters of the current application."""
    found: Metrics = current_app.extensions[NAME]
    return found


def _count(response: Response) -> Response:
    counters, route, method = here(), logs.route(), logs.method()
    counters.requests.labels(route, method, f"{response.status_code // 100}xx").inc()
    counters.seconds.labels(route, method).observe(logs.elapsed())
    if method == "POST" and route.startswith("/login") and response.status_code >= 400:
        counters.sign_ins.labels("throttled" if response.status_code == 429 else "refused").inc()
    return response


def count_fetch(outcome: str) -> None:
    """Count a page that was fetched, or why not: `outcome` is one of a closed list."""
    if has_app_context():
        here().fetches.labels(outcome).inc()


def count_sign_in(outcome: str) -> None:
    """Count a sign-in that went well; those that did not are counted by their answers."""
    if has_app_context():
        here().sign_ins.labels(outcome).inc()


def answer() -> Response:
    """Give what was counted to whoever brings the token of the settings; without that setting there is nothing here."""
    token = current_app.config["SETTINGS"].metrics_token
    if not token:
        raise NotFound
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode("utf-8", "replace"), f"Bearer {token}".encode()):
        words = Response("Send the token of the setting METRICS_TOKEN.\n", 401, content_type="text/plain")
        words.headers["WWW-Authenticate"] = "Bearer"
        return words
    return Response(here().text(), content_type=CONTENT_TYPE)
