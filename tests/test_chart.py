"""A chart on the page reads like the chart that the author typed."""

import re

import pytest

from sandbox.cases.library import Library
from sandbox.web.chart import render
from sandbox.web.house import ROOT

NA, K = "<tr><td>Na</td><td>131</td></tr>", "<tr><td>K</td><td>4</td></tr>"
HEAD = "<tr><th>Na</th><th>131</th></tr>"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("## HPI\n78 yo F", "<h3>HPI</h3>\n<p>78 yo F</p>"),
        ("BP 158/84\nHR 92", "<p>BP 158/84<br>\nHR 92</p>"),
        ("- HTN\n- CKD 3", "<ul><li>HTN</li><li>CKD 3</li></ul>"),
        ("1. Fx\n2. HTN", "<ol><li>Fx</li><li>HTN</li></ol>"),
        ("1. Fx, L,\n   displaced\n2. HTN", "<ol><li>Fx, L, displaced</li><li>HTN</li></ol>"),
        ("0612. Nosebleed L", "<p>0612. Nosebleed L</p>"),
        ("12. Look again", "<p>12. Look again</p>"),
        ("| Na | 131 |\n| K | 4 |", f"<table><tbody>{NA}{K}</tbody></table>"),
        ("| Na | 131 |\n|---|---|\n| K | 4 |", f"<table><thead>{HEAD}</thead><tbody>{K}</tbody></table>"),
        ("4+/5 *strength* ~19:00 _x_ `y` [a](b)", "<p>4+/5 *strength* ~19:00 _x_ `y` [a](b)</p>"),
        ("SpO2 <90 & >88 <script>", "<p>SpO2 &lt;90 &amp; &gt;88 &lt;script&gt;</p>"),
        ("a\n\n\nb", "<p>a</p>\n<p>b</p>"),
        ("", ""),
    ],
)  # fmt: skip
def test_only_the_shape_is_read(text: str, html: str) -> None:
    assert str(render(text)) == html


def test_no_word_of_a_shipped_chart_is_lost() -> None:
    for file in Library(ROOT / "cases").cases().values():
        for document in file.case.documents:
            shown = re.sub(r"<[^>]+>", " ", str(render(document.text)))
            shown = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&#39;", "'").replace("&#34;", '"')
            wanted = re.sub(r"^\s*(#+|[-*]|\d{1,2}[.)])\s", "", document.text, flags=re.MULTILINE)
            wanted = re.sub(r"^\s*\|[\s|:-]+$|\|", " ", wanted, flags=re.MULTILINE)
            assert shown.replace("&amp;", "&").split() == wanted.split(), (file.id, document.id)
