"""What a file is, by its first lines alone."""

import io

import pytest

from sandbox.codes.importing.recognise import recognise
from sandbox.codes.importing.safe import Refused, Source


def kind(content: str) -> str:
    return recognise(Source("a-name", io.BytesIO(content.encode())))[0]


@pytest.mark.parametrize(
    ("root", "expected"),
    [
        ("ICD10CM.tabular", "tabular"),
        ("ICD10CM.index", "index"),
        ("ICD10PCS.tabular", "pcs-tables"),
        ("ICD10PCS.definitions", "pcs-definitions"),
        ("ICD10PCS.index", "pcs-index"),
    ],
)
def test_xml_is_told_by_its_root(root: str, expected: str) -> None:
    assert (
        kind(f'\ufeff<?xml version="1.0" encoding="utf-8"?>\n<!-- CDC -->\n<{root}><version>2026</version>') == expected
    )


@pytest.mark.parametrize(
    "content", ["", "\n\n", "one,two\n1,2\n", "<html>", "<a><b>", "code\n1\n", "code,colour\n1,red\n"]
)
def test_anything_else_is_refused(content: str) -> None:
    with pytest.raises(Refused):
        kind(content)


def test_a_school_may_name_and_order_its_columns_freely() -> None:
    assert kind("Code,Effective,Short_Title,Price\n00001,,x,1\n") == "table"
