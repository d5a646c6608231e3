import pytest

from sandbox.codes.codeset import CodeSet
from sandbox.encounter import CM, CPT, HCPCS, PCS, bare
from sandbox.kinship import Kinship


@pytest.fixture(scope="module")
def kinship(codes: CodeSet) -> Kinship:
    return Kinship(codes)


@pytest.mark.parametrize(
    ("entered", "key", "names"),
    [
        ("I10", "I10", ("exact",)),
        # side
        ("H25.11", "H25.12", ("wrong_side",)),
        ("H25.13", "H25.12", ("wrong_side",)),
        ("H25.10", "H25.12", ("too_general",)),
        ("H25.12", "H25.10", ("too_specific",)),
        ("M17.0", "M17.12", ("wrong_side",)),
        ("I69.351", "I69.354", ("wrong_side",)),
        ("S72.001D", "S72.002A", ("wrong_side", "wrong_episode")),
        ("E11.3591", "E11.3592", ("wrong_side",)),
        ("E11.3599", "E11.3592", ("too_general",)),
        # 7th character
        ("S72.002B", "S72.002A", ("wrong_seventh",)),
        ("S72.002D", "S72.002A", ("wrong_episode",)),
        ("S72.002S", "S72.002D", ("wrong_episode",)),
        ("S72.002K", "S72.002D", ("wrong_seventh",)),
        ("O41.1231", "O41.1232", ("wrong_seventh",)),
        ("H40.1130", "H40.1132", ("too_general",)),
        ("H40.1131", "H40.1132", ("wrong_seventh",)),
        ("W19XA", "W19.XXXA", ("wrong_seventh",)),
        # detail
        ("N18", "N18.32", ("too_general",)),
        ("N18.9", "N18.32", ("too_general",)),
        ("N18.32", "N18.9", ("too_specific",)),
        ("I50.9", "I50.42", ("too_general",)),
        ("J18.9", "J15.0", ("too_general",)),
        ("F03.90", "F01.50", ("too_general",)),
        ("I12.0", "I12.9", ("related",)),
        ("I10.1", "I10", ("related",)),
        # etiology
        ("E10.22", "E11.22", ("wrong_etiology",)),
        ("O24.419", "E11.9", ("wrong_etiology",)),
        ("J15.211", "J15.0", ("wrong_etiology",)),
        ("S72.002A", "M80.052A", ("wrong_etiology",)),
        ("S52.502A", "M80.052A", ()),
        ("M84.452A", "M80.052A", ("wrong_etiology",)),
        ("L97.411", "L89.612", ("wrong_etiology",)),
        # near, or no kin
        ("M81.0", "M80.052A", ("related",)),
        ("I48.91", "I50.42", ()),
        ("Y93.01", "Y92.012", ()),
        ("Z86.73", "Z87.891", ()),
        ("E11.9", "I10", ()),
        ("ZZZ", "I10", ()),
        ("E1", "E11.9", ()),
    ],
)
def test_two_diagnoses_are_kin_in_a_named_way(entered: str, key: str, names: tuple[str, ...], kinship: Kinship) -> None:
    assert kinship.between(bare(entered), bare(key), CM) == names


@pytest.mark.parametrize(
    ("entered", "key", "system", "names"),
    [
        ("0SRR019", "0SRS019", PCS, ("wrong_side",)),
        ("0SRS0JA", "0SRS019", PCS, ("related",)),
        ("0SPS019", "0SRS019", PCS, ("related",)),
        ("0SPS0JZ", "0SRS019", PCS, ()),
        ("0DTJ4ZZ", "0SRS019", PCS, ()),
        ("0SRS", "0SRS019", PCS, ("too_general",)),
        ("J0558", "J0561", HCPCS, ("related",)),
        ("G0008", "J0561", HCPCS, ()),
        ("12346", "12345", CPT, ("related",)),
    ],
)
def test_two_procedures_are_kin_in_a_named_way(
    entered: str, key: str, system: str, names: tuple[str, ...], kinship: Kinship
) -> None:
    assert kinship.between(entered, key, system) == names
