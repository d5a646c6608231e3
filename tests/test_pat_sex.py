"""Which codes are for one sex: by the editor's list while it held, and by its last state since."""

from sandbox.codes.codeset import CodeSet
from sandbox.rules.pat_sex import LAST_DAY, sexed

AFTER = 20261001
SEXES = {"male", "female"}


def listed(codes: CodeSet) -> list[tuple[str, int, int]]:
    """(code, first day, last day) of each span in which the editor ties a code to a sex."""
    rows = codes.connection.execute(
        "SELECT key FROM codes WHERE system = 'icd-10-cm' AND (spans LIKE '%male%')"
    ).fetchall()
    spans = [(key, span) for (key,) in rows for span in codes.get(key).spans]  # type: ignore[union-attr]
    return [(key, span.first, span.last) for key, span in spans if span.flags & SEXES]


def test_the_list_ends_with_the_edit(codes: CodeSet) -> None:
    assert max(last for _, _, last in listed(codes)) == LAST_DAY


def test_while_the_edit_held_its_list_is_taken_as_it_was(codes: CodeSet) -> None:
    for key, first, last in listed(codes):
        code = codes.get(key)
        assert code
        assert sexed(codes, key, first) == code.flags(first) & SEXES
        assert sexed(codes, key, last) == code.flags(last) & SEXES


def test_every_code_that_was_on_the_list_at_its_end_keeps_its_sex(codes: CodeSet) -> None:
    kept = [(key, last) for key, _, last in listed(codes) if last == LAST_DAY]
    assert len(kept) > 3000
    assert all(sexed(codes, key, AFTER) == sexed(codes, key, last) != frozenset() for key, last in kept)


def test_what_the_list_dropped_before_its_end_stays_dropped(codes: CodeSet) -> None:
    assert sexed(codes, "F526", 20160101) == {"female"}
    assert sexed(codes, "F526", AFTER) == frozenset()


def test_a_newer_code_takes_the_sex_of_its_whole_category_only(codes: CodeSet) -> None:
    assert sexed(codes, "O0031", AFTER) == {"female"}
    assert sexed(codes, "Z1505", AFTER) == frozenset(), "a category for both"
    assert sexed(codes, "C50A1", AFTER) == frozenset(), "a category with codes for either"
    assert sexed(codes, "QA0", AFTER) == frozenset(), "no code at all"
