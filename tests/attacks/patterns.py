"""Every regular expression of the program, how it is used, and texts that are made to make it slow."""

import ast
import importlib
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from re import _parser as parser  # the standard library's own reading of a pattern
from typing import Any

Pattern = re.Pattern[str] | re.Pattern[bytes]
ROOT = Path(__file__).parents[2]
SIZE = 100_000
USUAL = ["a", "A", "0", " ", "\n", "-", ".", ",", "é", "漢", "\u0301", "x\n"]
METHODS = ("match", "fullmatch", "search", "sub", "split", "finditer", "findall")
IN_SCRIPTS = re.compile(
    r"(?:(?<=[(,=:\[!&|?;{}])|(?<=return))\s*/((?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+)/([dgimsuvy]*)(?=\s*[.,;)\]])"
)


# what is read at the start from the program's own files alone
OWN_FILES = frozenset({"annotator.assets"})


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Give the name and the syntax tree of each module of the program."""
    for path in sorted((ROOT / "annotator").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if "migrations" not in name and name not in OWN_FILES and not name.endswith("__main__"):
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def uses() -> dict[str, set[str]]:
    """Give, by the name of a compiled pattern, the methods that the program calls on it."""
    found: dict[str, set[str]] = defaultdict(set)
    for _, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in METHODS:
                owner = node.value
                named = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
                found[named].add(node.attr)
    return found


def compiled() -> dict[str, tuple[Pattern, set[str]]]:
    """Give the patterns that modules keep, each with how it is used (`finditer` where that cannot be told)."""
    used, found = uses(), {}
    for name, _ in modules():
        for key, value in vars(importlib.import_module(name)).items():
            if isinstance(value, re.Pattern):
                found[as_text(value)] = (value, used[key] or {"finditer"})
    return found


def as_text(pattern: Pattern) -> str:
    """Give the source of a pattern for text or for bytes."""
    source = pattern.pattern
    return source.decode("latin-1") if isinstance(source, bytes) else source


def written_in_place() -> dict[str, tuple[Pattern, set[str]]]:
    """Give the patterns that are written where they are used: `re.sub("[.,]", ...)`."""
    found = {}
    for _, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                of_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
                pattern = node.args[0]
                if of_re and node.func.attr in METHODS and isinstance(pattern, ast.Constant):
                    found[pattern.value] = (re.compile(pattern.value), {node.func.attr})
    return found


def compilations() -> int:
    """Count the calls of `re.compile` in the program, to know that none is missed."""
    calls = (node for _, tree in modules() for node in ast.walk(tree) if isinstance(node, ast.Call))
    return sum(ast.unparse(call.func) == "re.compile" for call in calls)


def in_scripts() -> list[tuple[str, str]]:
    """Give source and flags of the regular expressions of our scripts."""
    found = set()
    for path in sorted((ROOT / "static/js").rglob("*.js")):
        found |= {(source, flags) for source, flags in IN_SCRIPTS.findall(path.read_text(encoding="utf-8"))}
    return sorted(found)


def sample(parsed: Any) -> str:
    """Give a text that a parsed pattern, or its first way, fits more or less."""
    out = ""
    for kind, value in parsed:
        name = str(kind)
        if name in ("LITERAL", "NOT_LITERAL"):
            out += chr(value) if name == "LITERAL" else "a"
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            out += sample(value[2]) * max(1, min(value[0], 20))
        elif name == "SUBPATTERN":
            out += sample(value[3])
        elif name == "BRANCH":
            out += sample(value[1][0])
        elif name == "ATOMIC_GROUP":
            out += sample(value)
        elif name == "IN":
            out += next((chr(one[1]) for one in value if str(one[0]) == "LITERAL"), "a")
        elif name == "ANY":
            out += "a"
    return out


def fitting(pattern: Pattern) -> str:
    """Give a text that the pattern fits, or nearly."""
    return sample(parser.parse(pattern.pattern, pattern.flags))


def units(source: str, fits: str = "") -> list[str]:
    """Give what is repeated to make hostile texts: the pattern's own signs, alone and in pairs, and what fits it."""
    signs = [*dict.fromkeys([*USUAL, *re.findall(r"[^\\\[\]{}()|?*+^$]", fits + source)])][:26]
    pairs = random.Random(ascii(source)).sample([a + b for a, b in product(signs, signs) if a != b], 24)
    whole = [fits, fits[:-1], fits[1:], f" {fits}", f"{fits}\n"] if fits else []
    return [unit for unit in dict.fromkeys([*signs, *pairs, *whole]) if unit]


def hostile(unit: str, fits: str = "") -> Iterator[str]:
    """Give 100 KB of a unit: bare, after what a pattern may begin with, and before what it cannot end with."""
    body = unit * (SIZE // len(unit))
    yield body
    yield f"{fits[:1]}{body}\x01"
