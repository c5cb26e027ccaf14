"""Whether an article has been seen before, against everything ever read: the index of sketches, kept with the output.

It says nothing that could not be computed from the articles again: a part that is missing or damaged is made anew, and
the rows come out the same.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from pipeline import store
from pipeline.articles.sketches import VERSION, Index, Part


class Known:
    """The sketches of earlier runs, and what this run adds to them.

    Attributes:
        index: for :func:`pipeline.articles.link_copies`.
        damaged: what was found damaged and is computed again, one sentence each.
    """

    def __init__(self, root: Path):
        """Read what the store holds.

        Args:
            root: the store, ``output/.store``.
        """
        self._shelf = store.sketches(root, VERSION)
        self._paths: dict[int, Path] = {}
        parts = []
        for pack in list(self._shelf.packs().values()):
            try:
                part = Part.from_buffer(self._shelf.view(pack.path))
            except store.DamagedPackError as error:
                self._shelf.set_aside(pack.path, str(error))
                continue
            self._paths[id(part)] = pack.path
            parts.append(part)
        self.index = Index(parts)
        self._held = set(map(id, parts))

    @property
    def damaged(self) -> list[str]:
        """What was found damaged and is computed again, one sentence each."""
        return self._shelf.damaged

    def keep(self) -> None:
        """Write what was added. Killed at any moment, this leaves sketches twice at worst, which does no harm."""
        if all(id(part) in self._held for part in self.index.parts):
            return
        part, merged = self.index.together()
        data = part.buffers()
        digest = hashlib.sha256()
        for piece in data:
            digest.update(piece)
        written = self._shelf.put([digest.hexdigest()], *data)
        for old in merged:
            path = self._paths.get(id(old))
            if path is not None and path != written:
                path.unlink(missing_ok=True)
