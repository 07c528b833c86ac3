"""A desk with a speaker, for the tests of speakers and statements."""

from types import SimpleNamespace
from typing import Any

import pytest
from contract.world import HTTP, annotation, put
from factories import TEXT

from annotator.columns import new_id


class Desk(SimpleNamespace):
    """Ann's client, the project and the mayor; what she adds, on the shortest way."""

    ann: Any
    project: Any
    mayor: dict[str, Any]

    def speaker(self, name: str, **more: Any) -> dict[str, Any]:
        """Add a speaker."""
        return put(self.ann, "speakers", {"project": self.project.id, "name": name, **more})

    def said(self, quote: str, **more: Any) -> dict[str, Any]:
        """Add a statement, of the mayor unless another `speaker` is named."""
        body = {"project": self.project.id, "speaker": self.mayor["id"], "quote": quote, **more}
        return put(self.ann, "statements", body)

    def claim(self, **more: Any) -> dict[str, Any]:
        """Add an article with a claim."""
        body = {"project": self.project.id, "text": f"{TEXT} {new_id()}", "title": "The harbour"}
        article = put(self.ann, "articles", body)
        return put(self.ann, "annotations", annotation(article, **more))

    def link(self, statement: dict[str, Any], relation: str = "contradicts") -> dict[str, Any]:
        """Link a new claim to a statement."""
        ends = {"annotation": self.claim()["id"], "statement": statement["id"]}
        return put(self.ann, "links", {**ends, "relation": relation})

    def get(self, path: str) -> dict[str, Any]:
        """Ask the API as Ann."""
        return dict(self.ann.get(f"{HTTP}{path}").json)

    def merge(self, merged: dict[str, Any], kept: dict[str, Any], version: int = 1) -> Any:
        """Merge a speaker into another."""
        path = f"{HTTP}/speakers/{merged['id']}/merge"
        return self.ann.change("POST", path, {"into": kept["id"]}, version=version)

    def unmerge(self, merged: dict[str, Any], version: int = 2) -> Any:
        """Take a merge back."""
        return self.ann.change("POST", f"{HTTP}/speakers/{merged['id']}/unmerge", version=version)

    def names_of(self, speaker: dict[str, Any]) -> list[str]:
        """The words of all that a speaker said, in order."""
        items = self.get(f"/projects/{self.project.id}/statements?speaker={speaker['id']}")["items"]
        return sorted(item["quote"] for item in items)


@pytest.fixture
def desk(as_: Any, project: Any) -> Desk:
    """A project in which Ann added the mayor."""
    ann = as_("ann")
    mayor = put(ann, "speakers", {"project": project.id, "name": "The mayor"})
    return Desk(ann=ann, project=project, mayor=mayor)
