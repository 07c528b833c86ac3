"""Thousands of requests made from the OpenAPI document: none ends in a 5xx or in an answer that it does not tell."""

import pytest
from contract.world import World
from fuzz.asking import Found, ask
from fuzz.served import served

from annotator.app import Annotator
from annotator.columns import now
from annotator.database import db
from annotator.projects.models import Membership

LEAST = 5_000
pytestmark = pytest.mark.timeout(600)


def asked(app: Annotator) -> Found:
    """Ask everything as Cleo, an administrator who is made an editor of the desk too."""
    world = World(app)
    with app.app_context():
        about = {"project_id": world.desk["project"], "user_id": world.people.cleo}
        db.session.add(Membership(**about, role="editor", created_at=now()))
        db.session.commit()
    ids = {**world.desk, "user": world.people.ben, "into": world.desk["twin"]}
    with served(app) as address:
        return ask(address, world.tokens["cleo:admin"], ids)


def test_what_the_document_allows_and_forbids_is_answered_as_it_says(app: Annotator) -> None:
    found = asked(app)
    print(
        f"{found.cases} cases over {len(found.operations)} operations: {dict(sorted(found.statuses.items()))}"
    )
    assert found.failures == [], "\n".join(found.failures)
    assert [status for status in found.statuses if status >= 500] == []
    assert found.cases >= LEAST
    assert sum(count for status, count in found.statuses.items() if 200 <= status < 300) >= LEAST / 10
