"""What the fields of a case file are made of: every scalar a string as the author typed it, unknown keys refused."""

import datetime as dt
import re
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _iso(value: object) -> dt.date:
    """A date written in full; pydantic alone would take 20260502 for seconds since 1970."""
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"the calendar has no {value}") from None
    raise ValueError(f"{value!r} is no date in the form YYYY-MM-DD")


Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)]
# An editor's YAML takes 0210093 and 30233E1 for numbers; our reader does not, so the exported schema allows both.
CodeText = Annotated[
    str,
    Field(
        pattern=r"^[A-Z0-9.]{2,9}$",
        description="A code, with or without dot, in capitals",
        json_schema_extra={"type": ["string", "number"]},
    ),
]
Credit = Annotated[float, Field(gt=0, lt=1, description="Between 0 and 1, both excluded")]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]*$", max_length=20)]
Only = tuple[Name, ...]
AGE = r"^\d+ (year|month|week|day)s?$"
AgeText = Annotated[str, Field(pattern=AGE)]
Sex = Literal["female", "male", "unknown"]
Setting = Literal[
    "inpatient", "emergency", "observation", "ambulatory_surgery", "outpatient", "office", "telehealth", "clinic",
    "urgent_care", "home_health", "nursing_facility",
]  # fmt: skip
StatusText = Annotated[str, Field(pattern=r"^\d\d$")]
Minutes = Annotated[int, Field(ge=1, le=240)]
Day = Annotated[dt.date, BeforeValidator(_iso, json_schema_input_type=dt.date)]


class Part(BaseModel):
    """A part of a case file: frozen, with no key that the schema does not know."""

    # What stands under a field is its description, in the schema and in the reference.
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
