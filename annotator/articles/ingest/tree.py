"""The small tree that importers give to the walker: HTML's tag names, whatever the format."""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Element:
    """A tag with its attributes and its children, which are elements and pieces of text.

    ``page`` is set by importers of formats that have pages, never from an attribute of a web page.
    """

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)
    page: int | None = None

    def get(self, name: str) -> str:
        """An attribute's value, "" when it is missing."""
        return self.attributes.get(name, "")

    def elements(self) -> Iterator["Element"]:
        """This element and all below it, in the order of the text; no recursion."""
        waiting: list[Element] = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting.extend(child for child in reversed(element.children) if isinstance(child, Element))

    def words(self) -> str:
        """All text below, runs of white space as one space."""
        return " ".join("".join(self._pieces()).split())

    def _pieces(self) -> Iterator[str]:
        waiting: list[Element | str] = [self]
        while waiting:
            node = waiting.pop()
            if isinstance(node, str):
                yield node
            else:
                waiting.extend(reversed(node.children))
