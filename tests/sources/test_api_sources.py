"""Sources over the JSON API: what is stored comes back, and what cannot be is refused at its field."""

from typing import Any

import pytest
from contract.world import HTTP, put

from annotator.columns import new_id

WHOLE = {
    "title": "Про заборону", "url": "https://example.org/law?a=1", "publisher": "The Gazette",
    "authors": ["A. Writer", "Б. Автор"],
    "published_on": "2022-10", "type": "legislation", "tier": "primary", "independence_group": "state",
    "confidentiality": "internal",
    "note": "Read\nthe annex.",
}  # fmt: skip


@pytest.fixture
def ann(as_: Any) -> Any:
    return as_("ann")


def test_every_field_comes_back_as_it_was_given(ann: Any, project: Any, people: Any) -> None:
    made = put(ann, "sources", {"project": project.id, **WHOLE})
    assert WHOLE.items() <= made.items()
    assert (made["version"], made["created_by"]) == (1, {"id": people.ann, "name": "Ann"})
    assert ann.get(f"{HTTP}/sources/{made['id']}").json == made


def test_a_title_is_enough(ann: Any, project: Any) -> None:
    made = put(ann, "sources", {"project": project.id, "title": "Law"})
    assert (made["type"], made["tier"], made["confidentiality"], made["authors"]) == (
        "document",
        None,
        "public",
        [],
    )


def test_each_field_can_be_changed_and_emptied(ann: Any, project: Any) -> None:
    path = f"{HTTP}/sources/{put(ann, 'sources', {'project': project.id, 'title': 'Law'})['id']}"
    for version, (name, value) in enumerate(WHOLE.items(), 1):
        assert ann.change("PATCH", path, {name: value}, version=version).json[name] == value
    emptied = {"url": "", "authors": [], "published_on": None, "tier": None, "note": ""}
    changed = ann.change("PATCH", path, emptied, version=len(WHOLE) + 1).json
    assert {name: changed[name] for name in emptied} == emptied


WRONG = [
    ("title", ""), ("title", "a\nb"), ("title", "x" * 301), ("url", "ftp://example.org"), ("url", "https://u:p@example.org"),
    ("authors", [""]), ("authors", ["x"] * 51), ("published_on", "2022-13"), ("type", "rumour"), ("tier", "fourth"),
    ("confidentiality", "protected"), ("note", "x" * 20_001),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_what_cannot_be_is_refused_at_its_field(ann: Any, project: Any, field: str, value: Any) -> None:
    refused = ann.put(
        f"{HTTP}/sources/{new_id()}", json={"project": project.id, "title": "Law", field: value}
    )
    assert refused.status_code == 422
    assert refused.json["errors"][0]["pointer"].startswith(f"/{field}")
