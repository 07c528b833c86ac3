"""The words on screen for every choice, in one place, so that they are the same everywhere."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import has_request_context

from annotator.columns import from_time
from annotator.identity import current

KINDS = [
    ("claim", "Claim", "c"),
    ("quote", "Quote", "q"),
    ("number", "Number", "u"),
    ("attribution", "Attribution", "a"),
    ("headline", "Headline", "h"),
    ("image", "Image", "i"),
    ("legal", "Legal", "g"),
    ("wording", "Wording", "w"),
    ("opinion", "Opinion", "o"),
    ("note", "Note", "t"),
]
RELATIONS = [
    ("supports", "Supports", "s"),
    ("contradicts", "Contradicts", "c"),
    ("qualifies", "Qualifies", "q"),
    ("context", "Context", "x"),
    ("same_claim", "Same claim", "a"),
    ("supersedes", "Supersedes", "u"),
    ("quotes", "Quotes", "o"),
    ("corrects", "Corrects", "r"),
]
TONES = {
    "open": "Open",
    "submitted": "Submitted",
    "supported": "Supported",
    "refuted": "Refuted",
    "conflicting": "Conflicting",
    "unproven": "Unproven",
    "aside": "Aside",
    "unconfirmed": "Unconfirmed",
}
CHOICES: dict[str, list[tuple[str, str]]] = {
    "state": [("open", "Open"), ("in_progress", "In progress"), ("not_checkable", "Not checkable")],
    "status": [
        ("new", "New"),
        ("in_progress", "In progress"),
        ("in_review", "In review"),
        ("approved", "Approved"),
        ("archived", "Archived"),
    ],
    "direction": [("auto", "By the text"), ("ltr", "Left to right"), ("rtl", "Right to left")],
    "method": [
        ("password", "Password"),
        ("password+totp", "Password and code"),
        ("password+passkey", "Password and passkey"),
        ("password+recovery", "Password and recovery code"),
        ("passkey", "Passkey"),
        ("oidc", "Single sign-on"),
        ("oidc+factor", "Single sign-on with a second factor"),
        ("link", "Link"),
    ],
    "role": [("editor", "Editor"), ("reviewer", "Reviewer"), ("viewer", "Viewer")],
    "medium": [
        ("speech", "Speech"),
        ("interview", "Interview"),
        ("press_conference", "Press conference"),
        ("post", "Post"),
        ("decree", "Decree"),
        ("law", "Law"),
        ("vote", "Vote"),
        ("document", "Document"),
        ("broadcast", "Broadcast"),
        ("other", "Other"),
    ],
    "source_type": [
        ("webpage", "Web page"),
        ("article-newspaper", "Newspaper article"),
        ("article-magazine", "Magazine article"),
        ("article-journal", "Journal article"),
        ("legislation", "Legislation"),
        ("regulation", "Regulation"),
        ("bill", "Bill"),
        ("treaty", "Treaty"),
        ("legal_case", "Legal case"),
        ("hearing", "Hearing"),
        ("report", "Report"),
        ("dataset", "Dataset"),
        ("document", "Document"),
        ("interview", "Interview"),
        ("speech", "Speech"),
        ("broadcast", "Broadcast"),
        ("post", "Post"),
        ("post-weblog", "Blog post"),
        ("book", "Book"),
        ("chapter", "Chapter"),
        ("article", "Article"),
        ("entry-encyclopedia", "Encyclopedia entry"),
        ("figure", "Figure"),
        ("graphic", "Graphic"),
        ("manuscript", "Manuscript"),
        ("motion_picture", "Film"),
        ("pamphlet", "Pamphlet"),
        ("personal_communication", "Personal communication"),
        ("song", "Song"),
        ("standard", "Standard"),
        ("thesis", "Thesis"),
    ],
    "tier": [("primary", "Primary"), ("secondary", "Secondary"), ("tertiary", "Tertiary")],
    "confidentiality": [("public", "Public"), ("internal", "Internal"), ("protected", "Protected")],
    "speaker_kind": [
        ("person", "Person"),
        ("organisation", "Organisation"),
        ("state_body", "State body"),
        ("other", "Other"),
    ],
    "locator_kind": [
        ("page", "Page"),
        ("paragraph", "Paragraph"),
        ("line", "Line"),
        ("section", "Section"),
        ("table_cell", "Table cell"),
        ("timecode", "Timecode"),
        ("url_fragment", "URL fragment"),
    ],
    "contradiction_kind": [
        ("direct_negation", "Direct negation"),
        ("reversal_over_time", "Reversal over time"),
        ("numeric", "Numbers differ"),
        ("scope", "Scope differs"),
        ("attribution", "Attribution differs"),
        ("omission", "Omission"),
        ("promise_broken", "Promise broken"),
    ],
    "contradiction_state": [("proposed", "Proposed"), ("accepted", "Accepted"), ("rejected", "Rejected")],
    "acknowledged": [("yes", "Acknowledged"), ("no", "Not acknowledged"), ("unknown", "Not known")],
    "consistency": [
        ("no_flip", "No flip"),
        ("half_flip", "Half flip"),
        ("full_flop", "Full flop"),
        ("not_applicable", "Not applicable"),
    ],
}


def words_of(choice: str, value: str | None) -> str:
    """Give the words for a value of a choice; the value itself when it has none."""
    return dict(CHOICES[choice]).get(value or "", value or "")


def kind_words(value: str) -> str:
    """Give the words for an annotation's kind."""
    return next((words for known, words, _ in KINDS if known == value), value)


def relation_words(value: str) -> str:
    """Give the words for a relation."""
    return next((words for known, words, _ in RELATIONS if known == value), value)


def shown_time(value: datetime | str) -> str:
    """Write a time for whoever asks, in their time zone: `4 October 2022, 16:05 CEST`; outside of requests in UTC."""
    moment = from_time(value) if isinstance(value, str) else value
    identity = current() if has_request_context() else None
    local = moment.astimezone(ZoneInfo(identity.time_zone) if identity else UTC)
    zone = f"{local:%Z}"
    return f"{local.day} {local:%B %Y, %H:%M} {zone if zone.isalpha() else 'UTC' + zone}"
