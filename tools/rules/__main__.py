"""`python -m tools.rules [FOLDER]` prints each place that breaks a rule of ours and ends with 1 when there is one."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.rules import Fault, code, leading, words
from tools.rules.allowed import ALLOWED

PYTHON = (code.markup, code.sql, code.network, code.running, leading.files, leading.redirects)


def of_python(source: str, path: str) -> Iterator[Fault]:
    """Give the faults of a module, exceptions included."""
    tree = ast.parse(source)
    for rule in PYTHON:
        yield from rule(tree, path)


def of_tree(root: Path) -> Iterator[Fault]:
    """Give every fault below `root`, exceptions included."""
    for path in sorted((root / "annotator").rglob("*.py")):
        yield from of_python(path.read_text(encoding="utf-8"), path.relative_to(root).as_posix())
    for path in sorted(path for path in (root / "templates").rglob("*.*") if path.is_file()):
        yield from words.template(path.read_text(encoding="utf-8"), path.relative_to(root).as_posix())
    for path in sorted((root / "static/js").rglob("*.js")):
        yield from words.script(path.read_text(encoding="utf-8"), path.relative_to(root).as_posix())


def judged(found: list[Fault], allowed: dict[str, dict[str, str]]) -> list[Fault]:
    """Give the faults without a stated reason, and the reasons that nothing needs any more."""
    met = {(fault.rule, fault.place) for fault in found}
    left = [fault for fault in found if fault.place not in allowed.get(fault.rule, {})]
    spare = [
        (rule, place) for rule, places in allowed.items() for place in places if (rule, place) not in met
    ]
    said = "nothing breaks this rule here any more; take the line out"
    here = "tools/rules/allowed.py"
    return left + [Fault(here, 1, rule, place, f"{place}: {said}") for rule, place in spare]


def main(root: Path) -> int:
    """Print the faults of the tree; the exit status says whether there are any."""
    faults = judged(list(of_tree(root)), ALLOWED)
    for fault in faults:
        print(fault)
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
