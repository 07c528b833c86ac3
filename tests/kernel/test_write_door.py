"""The door of writing alone: versions, answers with their ETag, and creating twice."""

from collections.abc import Iterator
from typing import Any

import pytest
from kernel.small import Small

from annotator.columns import new_id, now
from annotator.concurrency import answer, asked_version, check_version, digest
from annotator.creating import made_before, stamps
from annotator.errors import BadRequest, Conflict, Stale, VersionNeeded
from annotator.sources.models import Source

MEANWHILE = "Somebody changed this meanwhile. Your text is kept; compare both versions and save again."


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    """The small application."""
    found = Small(tmp_path_factory.mktemp("small"))
    yield found
    found.engine.dispose()


class Row:
    """A row of the third version."""

    version = 3


def present() -> dict[str, int]:
    return {"version": 3}


@pytest.mark.parametrize(
    ("header", "version"), [('"3"', 3), ('W/"12"', 12), (' "0" ', 0), ('"' + "9" * 15 + '"', 10**15 - 1)]
)
def test_a_version_stands_in_quotes(small: Small, header: str, version: int) -> None:
    with small.asked(None, headers={"If-Match": header}):
        assert asked_version() == version


@pytest.mark.parametrize("header", ["3", "", "*", '"x"', '"1","2"', '"-1"', '"' + "9" * 16 + '"', '"3"x'])
def test_what_is_no_version_of_ours_is_refused(small: Small, header: str) -> None:
    with small.asked(None, headers={"If-Match": header}), pytest.raises(BadRequest) as refused:
        asked_version()
    assert refused.value.detail == 'If-Match must be a version in quotes, as the ETag gave it: "3".'


def test_a_change_without_a_version_is_refused(small: Small) -> None:
    with small.asked(None), pytest.raises(VersionNeeded) as refused:
        asked_version()
    assert refused.value.detail == "Send If-Match with the version (ETag) that your change is based on."


def test_the_version_that_stands_is_let_through(small: Small) -> None:
    with small.asked(None, headers={"If-Match": '"3"'}):
        assert check_version(Row(), present) is None


@pytest.mark.parametrize("version", [2, 4])
def test_another_version_gets_the_present_state(small: Small, version: int) -> None:
    with small.asked(None, headers={"If-Match": f'"{version}"'}), pytest.raises(Stale) as refused:
        check_version(Row(), present)
    found = refused.value
    assert (found.detail, found.more, found.headers) == (
        MEANWHILE,
        {"current": {"version": 3}},
        {"ETag": '"3"'},
    )


def test_an_answer_carries_its_version() -> None:
    made = answer({"id": "a", "version": 7}, 201)
    assert (made.status_code, made.content_type, made.data) == (
        201,
        "application/json",
        b'{"id":"a","version":7}',
    )
    assert made.headers["ETag"] == '"7"'


@pytest.mark.parametrize("body", [{"id": "a"}, {"version": 1}, ["id", "version"], None])
def test_an_answer_without_id_and_version_has_no_etag(body: Any) -> None:
    made = answer(body)
    assert (made.status_code, "ETag" in made.headers) == (200, False)


def test_a_digest_is_that_of_the_content_in_any_order() -> None:
    at = now()
    first, second = digest({"a": 1, "b": {"d": 1, "c": at}}), digest({"b": {"c": at, "d": 1}, "a": 1})
    assert (first, len(first)) == (second, 64)
    assert digest({"a": 1}) == "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"


def test_a_digest_takes_what_json_has_no_form_for() -> None:
    assert digest({"a": 1j}) != digest({"a": 2j})


def test_what_is_new_was_not_made_before(small: Small) -> None:
    with small.asked(None):
        assert made_before(Source, new_id(), "made", small.identity("eve")) is False


def test_the_same_request_again_is_known(small: Small) -> None:
    with small.asked(None):
        assert made_before(Source, small.source, "made", small.identity("eve")) is True


@pytest.mark.parametrize(("content", "who"), [("other", "eve"), ("made", "ann")])
def test_an_id_that_is_taken_by_another_request_is_refused(small: Small, content: str, who: str) -> None:
    with small.asked(None), pytest.raises(Conflict) as refused:
        made_before(Source, small.source, content, small.identity(who))
    assert refused.value.detail == "Something else is stored under this id. Send it again under a new id."


def test_a_new_thing_is_stamped_with_its_maker_and_one_time() -> None:
    before = now()
    made = stamps("ann", "abc")
    times = {made.pop("created_at"), made.pop("updated_at")}
    assert made == {"version": 1, "created_by_id": "ann", "updated_by_id": "ann", "request_sha256": "abc"}
    assert len(times) == 1
    assert before <= times.pop() <= now()
