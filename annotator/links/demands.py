"""What a link and a claim's evidence lack, by the rule and by the project's policy: pure functions, in words.

A draft (neither words nor a place in the source) never counts, neither does a contradiction that nobody accepted, nor
what leads to something deleted. Sources that share an independence group count once; a source without a group is its
own; those for a claim and those against it are counted apart (a newsroom's rules, docs/adr/0018).
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

DRAFT = "Neither words nor a place in the source are given: this is a draft and does not count."
NO_LOCATOR = "The project asks for a place in the source: page, paragraph, timecode."
NO_COPY = "The project asks for a kept copy of the source."
NO_SOURCE = "The project asks for a kept copy, but the statement names no source."
NO_DATE = "A contradiction needs a date at both ends."
NO_PRIMARY = "The project asks for a primary source; there is none yet."
NO_EVIDENCE = "There is no evidence yet."
ASIDE = ("context", "same_claim")
FOR = ("supports", "quotes")
AGAINST = ("contradicts", "corrects")


class Policy(NamedTuple):
    """What a project asks of evidence."""

    locator_required: bool = False
    archived_copy_required: bool = False
    primary_required: bool = False
    independent_sources_needed: int = 0


class Independent(NamedTuple):
    """How many sources that do not depend on each other stand for and against a claim; `found` is the better side."""

    found: int
    needed: int
    supporting: int
    contradicting: int


def of_link(link: Mapping[str, Any], policy: Policy) -> list[str]:
    """Give what a link (as LinkOut, with `far.copy`) lacks, one sentence each."""
    far = link["far"]
    found = [DRAFT] if link["draft"] else []
    if link["relation"] == "contradicts" and link["comparison"]["order"] == "unknown":
        found.append(NO_DATE)
    if far["kind"] == "annotation" or link["relation"] in ASIDE:
        return found
    if policy.locator_required and not link["draft"] and not (link["locator"] or far["locator"]):
        found.append(NO_LOCATOR)
    if policy.archived_copy_required and far["copy"] is None:
        found.append(NO_SOURCE if source_of(far) is None else NO_COPY)
    return found


def counts(link: Mapping[str, Any]) -> bool:
    """Tell whether a link counts as evidence: no draft, accepted if a contradiction, undeleted, more than context."""
    undecided = link["contradiction_state"] in ("proposed", "rejected")
    gone = link["deleted"] or link["far"]["deleted"]
    return not (link["draft"] or undecided or gone or link["relation"] in ASIDE)


def independent(links: Iterable[Mapping[str, Any]], policy: Policy) -> Independent:
    """Count the sources for and against a claim that do not depend on each other, side by side."""
    counted = [link for link in links if counts(link)]
    sides = [_sources([link for link in counted if link["relation"] in side]) for side in (FOR, AGAINST)]
    return Independent(max(sides), policy.independent_sources_needed, *sides)


def _sources(links: Iterable[Mapping[str, Any]]) -> int:
    groups = set()
    for link in links:
        key = source_of(link["far"])
        if key is not None:
            group = (link["far"]["independence_group"] or "").casefold()
            groups.add(("group", group) if group else ("source", key))
    return len(groups)


def of_claim(links: Iterable[Mapping[str, Any]], policy: Policy) -> list[str]:
    """Give what a claim's evidence lacks as a whole, one sentence each; `links` as LinkOut, unmasked."""
    links = list(links)
    counted = [link for link in links if counts(link)]
    found = [] if counted else [NO_EVIDENCE]
    if policy.primary_required and "primary" not in [link["far"]["tier"] for link in counted]:
        found.append(NO_PRIMARY)
    have = independent(links, policy)
    if have.found < have.needed:
        sources = "source" if have.needed == 1 else "sources"
        sides = f"for: {have.supporting}, against: {have.contradicting}"
        found.append(f"The project asks for {have.needed} independent {sources} on one side; {sides}.")
    drafts = sum(link["draft"] for link in links)
    if drafts:
        found.append(f"{_links(drafts)} without words and without a place: drafts do not count.")
    found.extend(_uncounted(links))
    for sentence, words in ((NO_LOCATOR, "a place in the source"), (NO_COPY, "a kept copy")):
        number = sum(sentence in link["missing"] for link in counted)
        if number:
            found.append(f"{_links(number)} without {words}, which the project asks for.")
    return found


def source_of(far: Mapping[str, Any]) -> str | None:
    """Give the id of the source behind a far end: itself, or that of the statement."""
    said_in = far["source"]
    key: str | None = said_in["id"] if said_in else far["id"] if far["kind"] == "source" else None
    return key


def _uncounted(links: list[Mapping[str, Any]]) -> list[str]:
    """Say what does not count for want of a decision, or since it leads to something deleted."""
    proposed = sum(link["contradiction_state"] == "proposed" for link in links)
    gone = sum(link["far"]["deleted"] for link in links)
    found = []
    if proposed:
        one = proposed == 1
        what = "1 contradiction is" if one else f"{proposed} contradictions are"
        found.append(f"{what} proposed and {'counts' if one else 'count'} once a second person accepts.")
    if gone:
        found.append(
            f"{_leads(gone)} to something that is deleted and {'does' if gone == 1 else 'do'} not count."
        )
    return found


def _leads(number: int) -> str:
    return "1 link leads" if number == 1 else f"{number} links lead"


def _links(number: int) -> str:
    return "1 link is" if number == 1 else f"{number} links are"
