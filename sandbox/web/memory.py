"""What is kept in memory of what was made before: bounded by weight, for some things are a hundred times another's."""

import threading
import zlib
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

from markupsafe import Markup

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memory(Generic[K, V]):
    """The values used last, up to ``most`` in weight together. Safe for threads."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._kept: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._weight = 0
        self._lock = threading.Lock()

    def get(self, key: K) -> V | None:
        """The value kept under the key, or None."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def put(self, key: K, value: V, weight: int = 1) -> None:
        """Keep a value; what was not used for longest goes. One that weighs a tenth of all is not kept at all."""
        if 10 * weight > self.most:
            return
        with self._lock:
            before = self._kept.pop(key, None)
            self._kept[key] = value, weight
            self._weight += weight - (before[1] if before else 0)
            while self._weight > self.most:
                _, (_, gone) = self._kept.popitem(last=False)
                self._weight -= gone


class Drawn:
    """Parts of pages that were drawn, up to ``most`` bytes together. Safe for threads.

    They are kept packed: markup is mostly markup, and takes a tenth so. Unpacking one takes some 30 microseconds.
    """

    def __init__(self, most: int) -> None:
        self._kept: Memory[Hashable, bytes] = Memory(most)

    def get(self, key: Hashable) -> Markup | None:
        """The part that was drawn for the key, or None."""
        packed = self._kept.get(key)
        return None if packed is None else Markup(zlib.decompress(packed).decode())  # noqa: S704 - was escaped

    def put(self, key: Hashable, part: str) -> None:
        """Keep a part that is safe as it stands; what was not used for longest goes."""
        packed = zlib.compress(part.encode(), 1)
        self._kept.put(key, packed, len(packed))
