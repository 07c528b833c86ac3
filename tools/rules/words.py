"""What templates and scripts may not say, found by their words."""

import re
from collections.abc import Iterator

from tools.rules import Fault
from tools.rules.allowed import ADDRESSES

SAFE = re.compile(r"\|\s*safe\b|\bfilter\s+safe\b|autoescape\s+false|\bMarkup\b")
INLINE = re.compile(r"<[a-z][^<>{}]*\s(on[a-z]+|style)\s*=|<style\b|javascript:|\bsrcdoc\s*=", re.IGNORECASE)
SCRIPT = re.compile(r"<script\b([^>]*)>", re.IGNORECASE)
UNQUOTED = re.compile(r"<[a-z][^<>]*\s[a-z-]+=\{\{", re.IGNORECASE)
ADDRESS = re.compile(
    r"\b(?:href|src|action|formaction|poster|data|ping|cite)=[\"']?\{\{\s*([^}]*?)\s*\}\}", re.IGNORECASE
)
# A name that the template itself sets to a path of ours.
OWN_NAME = re.compile(r"\{%-?\s*set\s+(\w+)\s*=\s*(?:url_for\(|[\"']/(?![/\\\\]))")
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
WRITING = re.compile(
    r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|setHTMLUnsafe|createContextualFragment|parseHTMLUnsafe|DOMParser"
    r"|srcdoc|createPolicy)\b|\bdocument\s*\.\s*write(?:ln)?\b"
)
EVALUATING = re.compile(
    r"(?:(?<![\w.$])|\b(?:window|self|globalThis)\s*\.\s*)eval\s*\(|\bnew\s+Function\b|(?<![\w.$])Function\s*\(|\bset(?:Timeout|Interval)\s*\(\s*[\"'`]"
    r"|\bimport\s*\(\s*(?![\"'])|javascript:|importScripts\s*\("
)
SETTING = re.compile(r"setAttribute(?:NS)?\(\s*[\"'`](?:on\w+|style|srcdoc)[\"'`]")
# A text or a comment: what stands in a comment is no code, and what looks like a comment in a text is none.
TOKENS = re.compile(
    r"(\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|//[^\n]*|/\*.*?\*/", re.DOTALL
)


def template(words: str, path: str) -> Iterator[Fault]:
    """Give what a template says that it may not."""
    words = COMMENT.sub(_blank, words)
    yield from _found(
        SAFE, words, path, "markup", "a template escapes all it shows; give it words, not markup"
    )
    yield from _found(INLINE, words, path, "inline", "scripts and styles stand in files, never in a page")
    for match in UNQUOTED.finditer(words):
        if match[0].count('"') % 2 == 0:
            said = "an attribute with a value in it stands in quotes"
            yield _fault(words, match.start(), path, "quotes", said)
    for match in SCRIPT.finditer(words):
        if "src=" not in match[1] and 'type="application/json"' not in match[1]:
            said = "scripts and styles stand in files, never in a page"
            yield _fault(words, match.start(), path, "inline", said)
    known = {*ADDRESSES, *OWN_NAME.findall(words)}
    for match in ADDRESS.finditer(words):
        if not match[1].startswith("url_for(") and match[1] not in known:
            said = f"an address begins with {match[1]}; use url_for, or say in tools/rules/allowed.py what made it safe"
            yield _fault(words, match.start(), path, "address", said)


def script(words: str, path: str) -> Iterator[Fault]:
    """Give what a script says that it may not."""
    words = TOKENS.sub(lambda found: found[1] or _blank(found), words)
    yield from _found(
        WRITING, words, path, "script", "build elements and set textContent; text never becomes markup"
    )
    yield from _found(EVALUATING, words, path, "script", "text never becomes code")
    yield from _found(
        SETTING, words, path, "script", "set listeners and styles on the element, not as attributes"
    )


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


def _found(rule: re.Pattern[str], words: str, path: str, name: str, said: str) -> Iterator[Fault]:
    return (_fault(words, match.start(), path, name, said) for match in rule.finditer(words))


def _fault(words: str, at: int, path: str, name: str, said: str) -> Fault:
    return Fault(path, words.count("\n", 0, at) + 1, name, path, said)
