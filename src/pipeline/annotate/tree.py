"""The dependency tree of one article as plain lists that can be changed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Tree:
    """One article's tree, element i of each list for token i. Repairs change the lists in place."""

    head: list[int]
    dep: list[str]
    pos: list[str]
    tag: list[str]
    word: list[str]
    lemma: list[str]

    def children(self) -> list[list[int]]:
        """The dependents of each token, ascending, as they are now."""
        found: list[list[int]] = [[] for _ in self.head]
        for i, h in enumerate(self.head):
            if h != i:
                found[h].append(i)
        return found

    def hang(self, token: int, head: int, label: str) -> None:
        """Make the token a dependent of another, or the root when it is its own head."""
        self.head[token], self.dep[token] = head, label

    def is_below(self, token: int, top: int) -> bool:
        """Whether ``top`` governs the token, at any depth."""
        while self.head[token] not in (token, top):
            token = self.head[token]
        return self.head[token] == top
