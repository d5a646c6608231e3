"""A small good case that tests of the reader, the library and the linter spoil in one place at a time."""

TEXT = """\
title: A sore throat
setting: office
specialty: family medicine
difficulty: 1
status: draft
minutes: 5
patient: {age: 8 years, sex: female}
date_of_service: 2026-05-04
documents:
  - id: visit
    title: Office note
    author: Pediatrician
    date: 2026-05-04
    text: |
      ## HPI
      8 yo F, throat pain x 2 d, fever.
      Rapid strep positive.

      ## Assessment
      Strep pharyngitis. Amoxicillin x 10 d.
key:
  diagnoses:
    - code: J02.0
      evidence:
        - {document: visit, quote: Strep pharyngitis}
      why: The test names the germ, and the physician the disease.
      partial: {J02.9: 0.5}
      instead:
        J03.00: Look at what the physician calls inflamed.
hints: [Name the germ.]
"""


def spoiled(old: str, new: str, text: str = TEXT) -> str:
    """The case with one thing changed; ``old`` must stand there exactly once."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the case"
    return text.replace(old, new)


VARIED = (
    TEXT
    + """\
variants:
  germ:
    strep: {}
    viral:
      words: {Strep pharyngitis: Viral pharyngitis, Rapid strep positive: Rapid strep negative}
      codes: {J02.0: J02.8, J03.00: J03.80}
  age:
    child: {}
    grown: {patient: {age: 30 years}, words: {8 yo: 30 yo}}
"""
)
"""The same case with four encounters; the age changes no code of the key."""

QUERY = """\
  queries:
    - reason: treatment
      accept_reasons: [no_diagnosis]
      about: What the fever was treated for.
      terms: [fever]
      evidence: [{document: visit, quote: "throat pain x 2 d, fever."}]
      why: Nobody says what it means.
      cites: [I.B.14]
      instead: {R50.9: Ask what the fever means.}
"""
"""A query for the key of the case: it goes before `hints:`."""

INJECTED = """\
  procedures:
    - code: J0561
      system: hcpcs
      modifiers: [JZ]
      units: 12
      evidence: [{document: visit, quote: Amoxicillin x 10 d.}]
      why: Twelve units of 100,000, and nothing of the vial was left.
"""
"""A procedure for the key of the case: it goes before `hints:` as well."""
