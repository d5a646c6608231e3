"""Six letters: made, typed, read."""

import pytest

from sandbox.classroom import joincodes


def test_codes_are_six_consonants_and_never_the_same() -> None:
    made = [joincodes.fresh() for _ in range(500)]
    assert len(set(made)) == 500
    assert {len(code) for code in made} == {joincodes.LENGTH}
    assert set("".join(made)) == set(joincodes.ALPHABET)
    assert not set(joincodes.ALPHABET) & set("AEIOUY0123456789")
    assert all(joincodes.read(code) == code for code in made)


@pytest.mark.parametrize("typed", ["KXRTPB", "kxrtpb", " kxr tpb ", "KXR-TPB", "k x r\tt p b\n", "Kxr - Tpb"])
def test_what_is_meant_is_read(typed: str) -> None:
    assert joincodes.read(typed) == "KXRTPB"


@pytest.mark.parametrize(
    "typed", ["", "KXRTP", "KXRTPBB", "KXRTPA", "KXRTP0", "КXRTPB", "KXRTP%", "../../", "ſXRTPBZZ"]
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert joincodes.read(typed) == ""
