"""What is remembered stays below its weight."""

from markupsafe import Markup

from sandbox.web.memory import Drawn, Memory


def test_what_was_not_used_for_longest_goes_first() -> None:
    kept: Memory[str, int] = Memory(30)
    for n, key in enumerate("abcdefghij"):
        kept.put(key, n, 3)
    assert kept.get("a") == 0
    kept.put("k", 10, 3)
    assert (kept.get("a"), kept.get("b"), kept.get("k")) == (0, None, 10)


def test_a_heavy_thing_takes_the_place_of_several_and_a_very_heavy_one_is_not_kept() -> None:
    kept: Memory[str, int] = Memory(100)
    for n in range(50):
        kept.put(str(n), n, 2)
    kept.put("heavy", 1, 10)
    assert [n for n in range(50) if kept.get(str(n)) is None] == [0, 1, 2, 3, 4]
    kept.put("too heavy", 1, 11)
    assert kept.get("too heavy") is None


def test_a_value_put_again_counts_once() -> None:
    kept: Memory[str, int] = Memory(20)
    for _ in range(100):
        kept.put("same", 1, 2)
    kept.put("other", 2, 2)
    assert (kept.get("same"), kept.get("other")) == (1, 2)


def test_parts_of_pages_are_kept_packed_below_their_bytes() -> None:
    kept = Drawn(3000)
    row = '<li class="option">“é” – %d</li>\n'
    for n in range(100):
        kept.put(n, Markup(row % n) * 40)
    there = [n for n in range(100) if kept.get(n)]
    assert there == list(range(there[0], 100)), "those used last"
    assert 20 < len(there) < 100
    assert kept.get(99) == Markup(row % 99) * 40
    assert isinstance(kept.get(99), Markup)
