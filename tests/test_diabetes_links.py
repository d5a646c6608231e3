"""The tables of the combination rules name codes that exist."""

import pytest

from sandbox.codes.codeset import CodeSet
from sandbox.rules import cmb_chest
from sandbox.rules.cmb_diabetes import COMA, DIABETES, EARLY
from sandbox.rules.diabetes_links import LINKS, Link

DAY = 20260501
CHEST = (
    *(*cmb_chest.NATIVE, *cmb_chest.OTHER, *cmb_chest.JOINED, *cmb_chest.ANGINA, cmb_chest.SMALL_VESSELS),
    *(*cmb_chest.COPD, *cmb_chest.COPD_INFECTED, *cmb_chest.INFECTIONS),
)


@pytest.mark.parametrize("link", LINKS, ids=[link.stems[0] for link in LINKS])
def test_every_stem_of_a_link_begins_a_code(link: Link, codes: CodeSet) -> None:
    assert [stem for stem in (*link.stems, *link.elsewhere) if not codes.below(stem, DAY)] == []


@pytest.mark.parametrize("category", DIABETES)
@pytest.mark.parametrize("link", LINKS, ids=[link.stems[0] for link in LINKS])
def test_every_category_of_diabetes_can_answer_a_link(link: Link, category: str, codes: CodeSet) -> None:
    assert [rest for rest in link.answers if not codes.below(category + rest, DAY)] == []


@pytest.mark.parametrize("link", LINKS, ids=[link.stems[0] for link in LINKS])
def test_no_diabetes_is_another_cause(link: Link) -> None:
    assert [category for category in DIABETES if category.startswith(link.elsewhere)] == []


def test_a_code_belongs_to_one_link() -> None:
    stems = [stem for link in LINKS for stem in link.stems]
    assert [(a, b) for a in stems for b in stems if a is not b and a.startswith(b)] == []


def test_the_other_tables_name_codes(codes: CodeSet) -> None:
    assert [stem for stem in (*CHEST, EARLY) if not codes.below(stem, DAY)] == []
    assert [rest for pair in COMA for rest in pair if not codes.valid("E11" + rest, DAY)] == []
