"""Whether the title a file has in its properties is one that a person gave it."""

import re

_FILE_NAME = re.compile(r"\.(?:docx?|odt|rtf|pdf|indd|qxd|tex|dvi|ps|xlsx?|pptx?|html?|txt)$", re.IGNORECASE)
_MADE_BY_A_PROGRAM = re.compile(
    r"(?:microsoft (?:word|powerpoint)|powerpoint|untitled|unbenannt|(?:do[ck]ument|title)\s*\d*$|about:blank)",
    re.IGNORECASE,
)


def sensible_title(title: str) -> bool:
    """Whether this is more than a file's name or what a program wrote for want of one."""
    named = _FILE_NAME.search(title) or _MADE_BY_A_PROGRAM.match(title) or "://" in title
    return not named and any(sign.isalpha() for sign in title) and "\ufffd" not in title
