"""A learner in front of the app: what the browser would send, without the browser."""

import re
from typing import Any

from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

HIP = "hip-pain-after-a-fall"


class Learner:
    """One browser with its own cookie."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def open(self, case: str = HIP) -> dict[str, str]:
        """Open a case. Returns the hidden fields of its form."""
        page = self.client.get(f"/cases/{case}").text
        return {name: field(page, name) for name in ("csrf_token", "case_hash", "token")}

    def post(self, path: str, codes: list[str] | None = None, htmx: bool = True, **fields: Any) -> TestResponse:
        """Post the form of a case: ``codes`` as ``M80.052A/Y``; ``fields`` from :meth:`open`, or others. ``px``: codes
        of ICD-10-PCS, or (code, system, modifiers, units)."""
        pairs = [(name, value) for name, value in fields.items() if name != "px"]
        for code in codes or []:
            bare, _, poa = code.partition("/")
            pairs += [("dx_code", bare), ("dx_poa", poa)]
        for n, line in enumerate(fields.get("px", [])):
            code, system, modifiers, units = (line, "icd-10-pcs", (), 1) if isinstance(line, str) else line
            pairs += [("px_code", code), ("px_system", system)]
            pairs += [(f"px-{n}-modifiers", ",".join(modifiers)), (f"px-{n}-units", str(units))]
        headers = {"HX-Request": "true"} if htmx else {}
        return self.client.post(path, data=MultiDict(pairs), headers=headers)

    def check(self, codes: list[str], case: str = HIP, htmx: bool = True, **fields: Any) -> TestResponse:
        """Open the case and check the codes."""
        return self.post(f"/cases/{case}/check", codes, htmx, **{**self.open(case), **fields})


def field(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, f"no field {name}"
    return found[1]
