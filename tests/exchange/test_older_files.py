"""Files of version 1, which an older program wrote, are still read."""

from copy import deepcopy
from typing import Any

import orjson
import pytest
from exchange.rich import rich_document

from annotator.exchange.kinds import KINDS
from annotator.exchange.older import ADDED, ADDED_LISTS, upgrade
from annotator.exchange.reading import NotNative, read_native
from annotator.exchange.writing import NAMES, layout

OF_VERSION_2 = {name: set(row) for name, row in ADDED.items()}
OF_VERSION_2["snapshots"].add("unread")
OF_VERSION_2["links"] |= {"contradiction_state", "proposed_by", "draft"}


def as_version_1(document: dict[str, Any]) -> bytes:
    """The document as version 1 had it, without anything that came later."""
    found = {**deepcopy(document), "version": 1}
    for name, names in OF_VERSION_2.items():
        for row in found[name]:
            for key in names:
                del row[key]
    for row in found["snapshots"]:
        for block in row["blocks"]:
            block.pop("page", None)
    for name in ADDED_LISTS:
        del found[name]
    found["counts"] = {name: len(found[name]) for name in KINDS if name in found}
    return b"".join(layout((name, found[name]) for name in NAMES if name in found))


@pytest.fixture
def plain() -> dict[str, Any]:
    """A rich document whose contradictions all have somebody who made them, as every one had."""
    document = rich_document()
    for row in document["links"]:
        row["created_by"] = document["people"][0]["id"]
    return document


def test_e06_older_file_is_read_as_one_of_this_version(plain: dict[str, Any]) -> None:
    document = read_native(as_version_1(plain))
    assert document["version"] == 2
    assert {name: len(document[name]) for name in KINDS} == {
        name: 0 if name in ADDED_LISTS else len(plain[name]) for name in KINDS
    }
    for name in KINDS:
        assert [row.keys() for row in document[name]] == [row.keys() for row in plain[name]][
            : len(document[name])
        ]


def test_contradiction_of_an_older_file_is_proposed_by_whoever_made_it(plain: dict[str, Any]) -> None:
    found = [row for row in read_native(as_version_1(plain))["links"] if row["relation"] == "contradicts"]
    assert {row["contradiction_state"] for row in found} == {"proposed"}
    assert {row["proposed_by"] for row in found} == {plain["people"][0]["id"]}


def test_link_of_an_older_file_without_words_and_locator_is_a_draft(plain: dict[str, Any]) -> None:
    for row in read_native(as_version_1(plain))["links"]:
        assert row["draft"] == (row["source"] is not None and not (row["passage"] or row["locator"]))


def test_empty_text_of_an_older_file_gets_its_reason(plain: dict[str, Any]) -> None:
    found = read_native(as_version_1(plain))["snapshots"]
    assert {row["unread"] for row in found if not row["text"]} == {"No words were found in it."}
    assert {row["unread"] for row in found if row["text"]} == {""}


def test_checksum_of_an_older_file_is_verified(plain: dict[str, Any]) -> None:
    with pytest.raises(NotNative) as refused:
        read_native(as_version_1(plain).replace(b"Never", b"Newer", 1))
    assert "/sha256" in [problem.where for problem in refused.value.problems]


def test_older_file_that_was_laid_out_anew_is_taken(plain: dict[str, Any]) -> None:
    data = as_version_1(plain)
    again = orjson.dumps(orjson.loads(data), option=orjson.OPT_INDENT_2)
    assert read_native(again) == read_native(data)


def test_older_file_has_no_lists_of_later_versions(plain: dict[str, Any]) -> None:
    document = {**orjson.loads(as_version_1(plain)), "checks": []}
    with pytest.raises(NotNative) as refused:
        read_native(orjson.dumps(document))
    assert [problem.where for problem in refused.value.problems] == ["/checks"]


@pytest.mark.parametrize("rows", [None, 7, {}, [7], [None], [[]], [{}]])
def test_upgrade_leaves_what_is_no_row_to_the_checks(rows: Any) -> None:
    names = ("sources", "snapshots", "speakers", "statements", "links", "counts")
    upgrade(dict.fromkeys(names, rows), 1)


def test_upgrade_changes_nothing_in_what_it_was_given(plain: dict[str, Any]) -> None:
    document = orjson.loads(as_version_1(plain))
    before = deepcopy(document)
    upgrade(document, 1)
    assert document == before
