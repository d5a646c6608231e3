"""The moments at which something was done, kept in memory for the package ``limits``.

Its own store in memory starts a thread whenever something is counted, which copies every list of moments, and keeps a
key that was used once for ever. This one is for a server of one process: one lock, a clock that can be set, and an end
to its memory.
"""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Final

from limits.storage import MovingWindowSupport, Storage

_SWEEP: Final = 60.0
"""Seconds between two looks for keys that nobody uses any more."""


class Moments(Storage, MovingWindowSupport):
    """Moving windows over up to ``most`` keys. Safe for threads. ``clock`` gives seconds that never run backwards."""

    STORAGE_SCHEME = None

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = 50_000) -> None:
        super().__init__()
        self._clock, self._most = clock, most
        self._kept: OrderedDict[str, tuple[int, deque[float]]] = OrderedDict()
        self._lock = threading.Lock()
        self._swept = clock()

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the store itself may raise: nothing."""
        return ValueError

    def now(self) -> float:
        """Seconds by the clock of the store."""
        return self._clock()

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count ``amount`` under the key, unless that makes more than ``limit`` within the last ``expiry`` seconds."""
        with self._lock:
            now = self._clock()
            self._sweep(now)
            found = self._within(key, expiry, now)
            if len(found) + amount > limit:
                return False
            found.extend([now] * amount)
            self._kept[key] = expiry, found
            self._kept.move_to_end(key)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
            return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """(the first moment within the last ``expiry`` seconds, or now; how many there are)."""
        with self._lock:
            now = self._clock()
            found = self._within(key, expiry, now)
            return (found[0] if found else now), len(found)

    def _within(self, key: str, expiry: int, now: float) -> deque[float]:
        _, found = self._kept.get(key, (expiry, deque()))
        while found and found[0] <= now - expiry:
            found.popleft()
        return found

    def _sweep(self, now: float) -> None:
        if now - self._swept < _SWEEP:
            return
        self._swept = now
        for key in [key for key, (expiry, found) in self._kept.items() if not found or found[-1] <= now - expiry]:
            del self._kept[key]

    def clear(self, key: str) -> None:
        """Forget what was counted under the key."""
        with self._lock:
            self._kept.pop(key, None)

    def reset(self) -> int:
        """Forget everything. How many keys there were."""
        with self._lock:
            count = len(self._kept)
            self._kept.clear()
            return count

    def check(self) -> bool:
        """Whether the store works: it is memory."""
        return True

    def get(self, key: str) -> int:
        """How many moments are kept under the key."""
        with self._lock:
            return len(self._kept.get(key, (0, ()))[1])

    def get_expiry(self, key: str) -> float:
        """When the last moment under the key counts no more, by the clock of the store."""
        with self._lock:
            expiry, found = self._kept.get(key, (0, deque()))
            return found[-1] + expiry if found else self._clock()

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count under the key whatever the limit is; how many there are now."""
        self.acquire_entry(key, amount + self.get(key), expiry, amount)
        return self.get(key)
