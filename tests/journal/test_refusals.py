"""Lines of refused attempts: one each, but nobody fills the journal with them."""

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select

from annotator import limits
from annotator.app import Annotator
from annotator.columns import now
from annotator.database import db
from annotator.journal import refusals
from annotator.journal.models import Event


def lines_of(app: Annotator, key: str) -> int | None:
    with app.app_context():
        mine = (Event.action == "request:refused", Event.actor_id == key)
        return db.session.scalar(select(func.count()).select_from(Event).where(*mine))


def test_beyond_sixty_a_minute_a_refusal_leaves_no_line(
    app: Annotator, as_: Any, people: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment, ann, ben = now(), as_("ann"), as_("ben")
    monkeypatch.setattr(limits, "now", lambda: moment)
    answers = [ann.post("/admin/projects", data={"name": "Night"}) for _ in range(refusals.A_MINUTE + 2)]
    assert {answer.status_code for answer in answers} == {403}
    assert lines_of(app, people.ann) == refusals.A_MINUTE == 60
    ben.post("/admin/projects", data={"name": "Night"})
    assert lines_of(app, people.ben) == 1
