"""Small files in the formats of CMS and CDC, made here: rows of the public domain, or invented; nothing of CPT."""

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import openpyxl

from sandbox.codes.importing.days import Asked
from sandbox.codes.importing.run import import_file

Cells = Sequence[object]

HCPCS = (
    ("   JZ", "7", "Zero drug amount discarded/not administered to any patient", "Zero drug wasted", 20230101, ""),
    (
        "   LT",
        "7",
        "Left side (used to identify procedures performed on the left side of the body)",
        "Left",
        19840101,
        "",
    ),
    ("   QQ", "7", "Ordering professional consulted a mechanism", "Ord prof consulted", 20180701, 20241231),
    ("A0425", "3", "Ground mileage, per statute mile", "Ground mileage", 20010101, ""),
    ("G0008", "3", "Administration of influenza virus vaccine", "Admin influenza virus vac", 19940101, ""),
    ("G0105", "3", "Colorectal cancer screening; colonoscopy on individual at high risk", "High risk", 19980101, ""),
    ("J0561", "3", "Injection, penicillin g benzathine, 100,000 units", "Penicillin g benzathine", 20110101, ""),
    (
        "J9998",
        "3",
        "Injection, invented for a test and withdrawn, " + "1 mg of a very long name " * 5,
        "Old",
        20200101,
        20251231,
    ),
    ("J9997", "3", "Injection, invented for a test, in force only later", "Later", 20260601, ""),
    ("V5364", "3", "Dysphagia screening", "Dysphagia screening", 20010101, ""),
)
"""Code or modifier, record, long title, short title, first day, last day; the newest change is of April 1, 2026."""


def anweb(rows: Iterable[Sequence[object]] = HCPCS, changed: int = 20260401) -> str:
    """HCPCS as CMS's ``ANWEB`` text, with the long titles in lines of 80."""
    out = []
    for code, record, long, short, first, last in rows:
        parts = [str(long)[n : n + 80] for n in range(0, len(str(long)), 80)]
        for number, part in enumerate(parts):
            kind = str(record) if not number else {"3": "4", "7": "8"}[str(record)]
            line = f"{code}{number + 1:03}00{kind}{part:<80}"
            if not number:
                line = f"{line}{short!s:<28}".ljust(268) + f"{first}{changed}{last!s:<8}N"
            out.append(line.ljust(320))
    return "".join(f"{line}\r\n" for line in (*out, ""))


POA = ("B90.0", "I25.2", "I69.351", "S72.001D", "W01.0XXA", "Y92.009", "Z66", "Z79.01", "Z87.891", "Z99.89")


def poa(codes: Iterable[str] = POA, year: str = "26") -> str:
    """The POA-exempt list as CMS's text with tabs."""
    head = f"OrdFY{year}\tPOAexemptCode\tDescription\r\n"
    return head + "".join(f'{n:05}\t{code}\t"Title, {code}"\r\n' for n, code in enumerate(codes, 1))


def poa_rows(codes: Iterable[str] = POA, year: str = "2026") -> list[Cells]:
    """The same as rows of a sheet."""
    return [
        (f"Order{year}", "POAexemptCode", "Description"),
        *((f"{n:05}", code, f"Title, {code}") for n, code in enumerate(codes, 1)),
    ]


def poa_xml(codes: Iterable[str] = POA, year: str = "26") -> str:
    """The same as XML, one element a code."""
    rows = "".join(
        f"<row><OrdFY{year}>{n:05}</OrdFY{year}><POAexemptCode>{code}</POAexemptCode><Description>T</Description></row>"
        for n, code in enumerate(codes, 1)
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<dataroot>{rows}</dataroot>\n'


def order(
    rows: Iterable[tuple[str, int, str]] = (("A00", 0, "Cholera"), ("A000", 1, "Cholera"), ("U099", 1, "Post")),
) -> str:
    """CMS's order file."""
    return "".join(f"{n:05} {code:<7} {flag} {title:<60} {title}\r\n" for n, (code, flag, title) in enumerate(rows, 1))


ADDENDA = """action,code,long_title
add,D6911,Glanzmann thrombasthenia
revise,I4200,"Cardiomyopathy, revised"
delete,Z87890,
"""


def pcs_axis(place: int, title: str, values: dict[str, str], definition: str = "") -> str:
    labels = "".join(f'<label code="{code}">{label}</label>' for code, label in values.items())
    told = f"<definition>{definition}</definition>" if definition else ""
    return f'<axis pos="{place}" values="{len(values)}"><title>{title}</title>{labels}{told}</axis>'


def pcs_tables(year: str = "2026", codes: int = 4) -> str:
    """One table of ICD-10-PCS with one row of four codes."""
    head = (
        pcs_axis(1, "Section", {"0": "Medical and Surgical"})
        + pcs_axis(2, "Body System", {"S": "Lower Joints"})
        + pcs_axis(3, "Operation", {"R": "Replacement"}, "Putting in a substitute")
    )
    row = (
        pcs_axis(4, "Body Part", {"9": "Hip Joint, Right", "B": "Hip Joint, Left"})
        + pcs_axis(5, "Approach", {"0": "Open"})
        + pcs_axis(6, "Device", {"J": "Synthetic Substitute"})
        + pcs_axis(7, "Qualifier", {"9": "Cemented", "A": "Uncemented"})
    )
    table = f'<pcsTable>{head}<pcsRow codes="{codes}">{row}</pcsRow></pcsTable>'
    return f'<?xml version="1.0"?>\n<ICD10PCS.tabular><version>{year}</version>\n{table}\n</ICD10PCS.tabular>\n'


PCS_DEFINITIONS = """<?xml version="1.0"?>
<ICD10PCS.definitions><version>2026</version>
<section code="0"><title>Medical and Surgical</title>
<axis pos="3"><title>Operation</title><terms><title>Replacement</title><definition>Putting in a substitute</definition>
<explanation>The part may have been taken out before</explanation>
<includes>Total hip replacement</includes></terms></axis>
<axis pos="4"><title>Body Part</title><terms><title>Hip Joint, Right</title><title>Hip Joint, Left</title>
<includes>Acetabulofemoral joint</includes></terms></axis></section>
</ICD10PCS.definitions>
"""

PCS_INDEX = """<?xml version="1.0"?>
<ICD10PCS.index><version>2026</version><letter><title>A</title>
<mainTerm><title>Arthroplasty</title>
<term level="1"><see>Replacement, Lower Joints<tab>0SR</tab></see></term></mainTerm>
<mainTerm><title>Acetabulofemoral joint</title><use>Hip Joint, Right</use></mainTerm>
<mainTerm><title>Replacement</title><term level="1"><title>Joint</title><term level="2"><title>Hip</title>
<term level="3"><title>Right</title><codes>0SR9</codes></term></term></term></mainTerm>
</letter></ICD10PCS.index>
"""

PTP_ROWS: tuple[Cells, ...] = (
    ("G0105", "G0008", "", 20200101, "*", 1, "Invented for a test"),
    ("G0105", "J0561", "*", 19960101, 20251231, 0, "Invented for a test"),
    ("G0105", "V5364", "", 20200101, "*", 9, "Invented for a test"),
    ("J0561", "A0425", "", 20260101, "*", 0, "Invented for a test"),
)


def ptp_rows(rows: Iterable[Cells] = PTP_ROWS) -> list[Cells]:
    """NCCI pairs with the heading that CMS spreads over several rows."""
    return [
        ("Column1/Column2 Edits", "", "", "", "", "", ""),
        ("Column 1", "Column 2", "*=in existence", "Effective", "Deletion", "Modifier", "PTP Edit Rationale"),
        ("", "", "prior to 1996", "Date", "Date", "0=not allowed", ""),
        ("", "", "", "", "*=no data", "1=allowed", ""),
        ("", "", "", "", "", "9=not applicable", ""),
        *rows,
    ]


def ptp(rows: Iterable[Cells] = PTP_ROWS) -> str:
    """The same as text with tabs."""
    return "".join("\t".join(map(str, row)) + "\r\n" for row in ptp_rows(rows))


MUE = (
    '"Terms of use that fill a page."\r\n'
    '"HCPCS/\nCPT Code",{0} Services MUE Values,MUE Adjudication Indicator,MUE Rationale\r\n'
    "A0425,250,1 Line Edit,Nature of Service/Procedure\r\n"
    "G0105,{1},3 Date of Service Edit: Clinical,Clinical: Data\r\n"
)


def mue(whom: str = "Practitioner", most: int = 1) -> str:
    """A table of most units."""
    return MUE.format(whom, most)


CPT = """# system: cpt
# from: 2026-01-01
code,short title,long title,effective,terminated
00001,Invented,"Service invented for a test, with no such code in CPT",2026-01-01,
00002,Invented and gone,Another service invented for a test,2020-01-01,2026-03-31
0Z,Invented,Modifier invented for a test,,
"""
"""A school's own table. CPT has no such codes: its lowest is far above these."""


def sheet(path: Path, rows: Iterable[Cells]) -> Path:
    """An XLSX workbook."""
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("Table")
    for row in rows:
        page.append(list(row))
    book.save(path)
    return path


def packed(path: Path, members: dict[str, str | bytes]) -> Path:
    """A zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


CM_INDEX = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.index><version>2026</version><title>ICD-10-CM INDEX TO DISEASES and INJURIES</title><letter><title>C</title>
<mainTerm><title>Cholera</title><code>A00.9</code><term level="1"><title>classical</title><code>A00.0</code></term>
</mainTerm></letter></ICD10CM.index>
"""
"""An Alphabetic Index of one main term."""

ALL: dict[str, tuple[str, Asked]] = {
    "a": (anweb(), Asked()),
    "b": (poa(), Asked()),
    "c": (order(), Asked(20251001)),
    "d": (ADDENDA, Asked(20261001)),
    "e": (pcs_tables(), Asked()),
    "f": (PCS_DEFINITIONS, Asked()),
    "g": (PCS_INDEX, Asked()),
    "h": (ptp(), Asked(20260401, table="practitioner")),
    "i": (mue(), Asked(20260401)),
    "j": (mue("Outpatient Hospital", 2), Asked(20260401)),
    "k": (CPT, Asked()),
    "l": (CM_INDEX, Asked()),
}
"""One file of every kind but the Tabular, which is large, with what the command line has to say of it."""


def load_all(folder: Path, files: Mapping[str, tuple[str, Asked]] = ALL) -> None:
    """Import files into a data folder; unless told which, one of every kind."""
    for name, (content, asked) in files.items():
        path = folder / f"{name}.txt"
        path.write_bytes(content.encode())
        import_file(path, folder, asked)
        path.unlink()
