"""Turns of phrase by which a query leads: a table of patterns, each with examples that run as tests."""

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Sign:
    """A turn of phrase. ``name``: one of :data:`sandbox.queries.leading.WHY`.

    ``new``: it leads only where its group ``what`` names something that the chart does not have. ``leads`` and
    ``fine`` are questions that it must find, or leave alone, in a chart that has no word.
    """

    name: str
    pattern: re.Pattern[str]
    leads: tuple[str, ...]
    fine: tuple[str, ...]
    new: bool = False


def _sign(name: str, pattern: str, leads: tuple[str, ...], fine: tuple[str, ...], new: bool = False) -> Sign:
    return Sign(name, re.compile(pattern, re.IGNORECASE), leads, fine, new)


_ASK: Final = (
    r"(?:please|kindly|(?:can|could|would|will) (?:you|we)(?: please| kindly)?"
    r"|you (?:should|must|need to|have to|ought to)"
    r"|(?:we|I) (?:need|want|would like|ask) (?:you )?to|make sure (?:to|that you)|be sure to|remember to)"
    r"(?: also| then| just| go ahead and)*"
)
_WRITE: Final = (
    r"(?:document|add|write|state|record|list|include|enter|chart|specify|indicate|note|code|put|choose|use|diagnose"
    r"|report|select|confirm|update|addend)"
)
_REST: Final = r"(?P<what>[^.?!;\n]+)"

SIGNS: Final = (
    _sign(
        "payment",
        r"\b(?:reimburse\w*|payments?|payers?|paid|pays? (?:more|less|better|for)|revenue|billing|insur(?:er|ance)s?"
        r"|(?:MS-?)?DRGs?|M?CCs?|HCCs?|RAF|case[- ]mix|relative weight|risk[- ]adjust\w*|SOI|ROM|severity of illness"
        r"|severity (?:score|level|index)s?|risk of mortality|quality (?:score|measure|metric|indicator|figure|rating"
        r"|report)\w*|hospital-acquired condition|HACs?|PSIs?|star rating|benchmark\w*|auditors?|denials?"
        r"|den(?:y|ied) (?:the |our |this )?(?:claim|payment|stay)|claim (?:will|would|may) be denied"
        r"|so that (?:we|I) can (?:code|bill))\b",
        ("This would raise the DRG.", "It counts as an MCC.", "The payer will deny the claim.",
         "Our severity of illness score depends on it.", "For risk adjustment, which type was it?"),
        ("How severe is the asthma: mild, moderate, severe, other?", "He denied chest pain. What was treated?",
         "Please describe the severity of the malnutrition."),
    ),
    _sign(
        "directive",
        rf"\b{_ASK} {_WRITE} {_REST}",
        ("Please document acute kidney injury.", "Can you add sepsis to your note?", "You should write severe asthma.",
         "Please specify acute diastolic heart failure.", "Could you please state iron deficiency anemia?"),
        ("Please document whether sepsis was ruled out.", "Please document the stage, if known.",
         "Could you specify its type and severity?", "Please add the approach that was used.",
         "Please document your clinical judgment."),
        new=True,
    ),
    _sign(
        "directive",
        rf"\b{_ASK} {_WRITE} (?:(?:in \w+ \w+ )?that (?!there (?:is|was) no)|it\b|this\b(?! \w*(?:finding|diagnosis))"
        r"|them\b|so\b|(?:the|your) (?:record|note|chart|summary) (?:to|with|so))",
        ("Please state that the ulcer is diabetic.", "Please document it.", "We need you to write that so."),
        ("Please state whether the ulcer is due to diabetes.", "Please indicate the cause."),
    ),
    _sign(
        "directive",
        rf"\b(?:{_ASK} (?:change|correct|remove|delete|amend|revise|replace|withdraw|strike|do so\b"
        r"|take \S+ (?:off|out))"
        r"|(?:should|ought to|needs? to|must) (?:be|have been|have) (?:documented|added|written|coded|stated|recorded)"
        r"|(?:update|amend) (?:the|your) (?:record|note|chart|diagnosis))\b(?! (?:if|whether|where))",
        ("Please change the diagnosis to stage 4.", "This should be documented as sepsis.", "Please remove it.",
         "Please do so."),
        ("Please clarify the diagnosis.", "What should have been done about the findings?"),
    ),
    _sign(
        "agree",
        r"(?<!what )(?<!how )(?<!why )\b(?:do|would|will|can|could|don['’]t|wouldn['’]t|won['’]t|can['’]t)"
        r" (?:you|we|one)(?: not| also)? "
        r"(?:agree|concur|think|say|assume|accept)\b"
        r"(?!(?: with| to)? (?:the|this|that|dr\S*) ?\w* ?(?:patholog|radiolog|report|consult|cardiolog|neurolog))",
        ("Would you agree that he has sepsis?", "Don't you think this was pneumonia?", "Do you concur?"),
        ("Do you agree with the pathology report?", "What do you say about the findings?"),
    ),
    _sign(
        "agree",
        r"\b(?:(?:safe|fair|right|reasonable) to (?:say|assume|conclude)|(?:isn|wasn|aren|doesn|didn|hasn)['’]t"
        r" (?:it|this|that|he|she|the patient)|clearly|obviously|surely|undoubtedly|of course|evidently"
        r"|without (?:a )?doubt"
        r"|I (?:believe|think|assume|suspect|feel|am (?:sure|certain)|would say)"
        r"|it (?:seems|appears|looks) (?:that|like|as|to)|(?:looks|seems|appears) like)\b"
        r"|, (?:right|correct|agreed|yes)\?",
        ("Is it safe to say that he has sepsis?", "It was for low potassium, correct?", "I believe it is sepsis."),
        ("Is the right knee meant?", "Which of the two is correct?"),
    ),
    _sign(
        "statement",
        r"\b(?:meets? (?:the |all )?(?:\w+ )?criteria (?:for|of)|(?:consistent|compatible|in keeping) with"
        r"|(?:indicative|suggestive|diagnostic|characteristic|typical) of|suggests?|indicates"
        r"|(?<!please )(?:indicate|mean|prove|confirm) (?=an? |acute |severe |that )"
        r"|points? to|qualif(?:y|ies) (?:as|for)"
        r"|(?:the )?patient (?:has|had|developed|suffers? from|suffered from)(?! been)) ?(?P<what>[^.?!;,\n]+)",
        ("This meets the criteria for septic shock.", "The values are consistent with sepsis.",
         "The gas shows that the patient had acute respiratory failure.", "The findings indicate an acute infarction."),
        ("Please indicate whether it was present.", "Please state what the findings mean."),
        new=True,
    ),
)  # fmt: skip
