"""What a link and a claim's evidence lack: every rule of the policy, alone and together."""

from typing import Any

import pytest

from annotator.links import demands
from annotator.links.demands import Policy

COPY = {"snapshot": "s", "number": 1, "captured_at": "2026-01-01T00:00:00.000000Z"}
ALL = Policy(True, True, True, 2)


def link(**fields: Any) -> dict[str, Any]:
    """A link to a source with words, without locator and without copy; `far_` fields are those of the far end."""
    far = {"kind": "source", "id": "a", "source": None, "copy": None, "tier": None, "independence_group": None,
           "locator": None, "deleted": False}  # fmt: skip
    found: dict[str, Any] = {"relation": "supports", "draft": False, "locator": "", "contradiction_state": None,
                             "deleted": False, "comparison": {"order": "earlier"}, "missing": []}  # fmt: skip
    found.update({name: value for name, value in fields.items() if not name.startswith("far_")})
    far.update({name[4:]: value for name, value in fields.items() if name.startswith("far_")})
    return {**found, "far": far}


def said(**fields: Any) -> dict[str, Any]:
    """A link to a statement."""
    return link(far_kind="statement", far_id="said", **fields)


# the policy, the link, what it lacks
LINKS: list[tuple[Policy, dict[str, Any], list[str]]] = [
    (Policy(), link(), []), (Policy(), link(draft=True), [demands.DRAFT]),
    (Policy(locator_required=True), link(), [demands.NO_LOCATOR]),
    (Policy(locator_required=True), link(locator="7"), []),
    (Policy(locator_required=True), link(draft=True), [demands.DRAFT]),
    (Policy(locator_required=True), said(far_locator="12:30"), []),
    (Policy(locator_required=True), link(far_kind="annotation"), []),
    (Policy(locator_required=True), link(relation="context"), []),
    (Policy(archived_copy_required=True), link(), [demands.NO_COPY]),
    (Policy(archived_copy_required=True), link(far_copy=COPY), []),
    (Policy(archived_copy_required=True), said(), [demands.NO_SOURCE]),
    (Policy(archived_copy_required=True), said(far_source={"id": "b"}), [demands.NO_COPY]),
    (Policy(), link(relation="contradicts", comparison={"order": "unknown"}), [demands.NO_DATE]),
    (Policy(), link(relation="supports", comparison={"order": "unknown"}), []),
    (ALL, link(), [demands.NO_LOCATOR, demands.NO_COPY]),
]  # fmt: skip


@pytest.mark.parametrize(("policy", "one", "missing"), LINKS)
def test_a_link_lacks_what_the_rule_and_the_policy_ask(
    policy: Policy, one: dict[str, Any], missing: list[str]
) -> None:
    assert demands.of_link(one, policy) == missing


# links, and how many independent sources they are
SOURCES: list[tuple[list[dict[str, Any]], int]] = [
    ([], 0), ([link(far_id="a"), link(far_id="b")], 2), ([link(far_id="a"), link(far_id="a")], 1),
    ([link(far_id="a", far_independence_group="Agency"), link(far_id="b", far_independence_group="agency")], 1),
    ([link(far_id="a", far_independence_group="Agency"), link(far_id="b")], 2),
    ([link(draft=True)], 0), ([link(relation="contradicts", contradiction_state="rejected")], 0),
    ([link(relation="contradicts", contradiction_state="proposed")], 0), ([link(relation="context")], 0),
    ([link(relation="same_claim")], 0), ([said()], 0), ([said(far_source={"id": "a"}), link(far_id="a")], 1),
    ([link(far_kind="annotation")], 0), ([link(far_deleted=True)], 0),
    ([link(relation="contradicts", contradiction_state="accepted")], 1),
    ([link(far_id="a"), link(far_id="b", relation="contradicts", contradiction_state="accepted")], 1),
]  # fmt: skip


@pytest.mark.parametrize(("links", "found"), SOURCES)
def test_independent_sources_are_counted_by_group(links: list[dict[str, Any]], found: int) -> None:
    have = demands.independent(links, Policy(independent_sources_needed=3))
    assert (have.found, have.needed) == (found, 3)


PRIMARY = Policy(primary_required=True)
TWO = Policy(independent_sources_needed=2)
# the policy, the links, what the claim lacks
CLAIMS: list[tuple[Policy, list[dict[str, Any]], list[str]]] = [
    (Policy(), [], [demands.NO_EVIDENCE]), (Policy(), [link()], []),
    (Policy(), [link(draft=True)],
     [demands.NO_EVIDENCE, "1 link is without words and without a place: drafts do not count."]),
    (PRIMARY, [link(far_tier="secondary")], [demands.NO_PRIMARY]), (PRIMARY, [link(far_tier="primary")], []),
    (PRIMARY, [link(far_tier="primary", draft=True), link()],
     [demands.NO_PRIMARY, "1 link is without words and without a place: drafts do not count."]),
    (TWO, [link()], ["The project asks for 2 independent sources on one side; for: 1, against: 0."]),
    (TWO, [said()], ["The project asks for 2 independent sources on one side; for: 0, against: 0."]),
    (TWO, [link(far_id="a"), link(far_id="b")], []),
    (Policy(independent_sources_needed=3), [link(far_id="a"), link(far_id="b")],
     ["The project asks for 3 independent sources on one side; for: 2, against: 0."]),
    (Policy(), [link(far_deleted=True)],
     [demands.NO_EVIDENCE, "1 link leads to something that is deleted and does not count."]),
    (Policy(), [link(), link(relation="contradicts", contradiction_state="proposed")],
     ["1 contradiction is proposed and counts once a second person accepts."]),
    (Policy(True), [link(missing=[demands.NO_LOCATOR]), link(missing=[demands.NO_LOCATOR])],
     ["2 links are without a place in the source, which the project asks for."]),
    (Policy(False, True), [link(missing=[demands.NO_COPY])],
     ["1 link is without a kept copy, which the project asks for."]),
]  # fmt: skip


@pytest.mark.parametrize(("policy", "links", "missing"), CLAIMS)
def test_a_claim_lacks_what_its_evidence_as_a_whole_does_not_have(
    policy: Policy, links: list[dict[str, Any]], missing: list[str]
) -> None:
    assert demands.of_claim(links, policy) == missing
