"""On paper: the whole chart, the report with what was opened, the log; black on white, and nothing to press."""

import base64
import re

import pytest
from browser.conftest import Page
from selenium.webdriver.common.keys import Keys

CASE = "/cases/hip-pain-after-a-fall"
INK = """const seen = [...document.querySelectorAll('main *, .bar h1')].filter(e => e.checkVisibility() && e.innerText);
return [...new Set(seen.map(e => getComputedStyle(e).color))]"""
PAPER = "return getComputedStyle(document.body).backgroundColor"
PRESSED = """return [...document.querySelectorAll('button:not(.proof), nav, .foot, dialog, .offers')]
.filter(e => e.checkVisibility()).map(e => e.outerHTML.slice(0, 90))"""


def on_paper(page: Page, scheme: str) -> str:
    """The text of the page as it is printed."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print", "features": features})
    assert page.driver.execute_script(INK) == ["rgb(0, 0, 0)"]
    assert page.driver.execute_script(PAPER) == "rgb(255, 255, 255)"
    assert page.driver.execute_script(PRESSED) == []
    return str(page.driver.execute_script("return document.body.innerText"))


def pages(page: Page) -> int:
    """How many sheets Chromium makes of it."""
    options = {"preferCSSPageSize": False, "printBackground": True}
    pdf = base64.b64decode(page.driver.execute_cdp_cmd("Page.printToPDF", options)["data"])
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_chart_is_printed_whole_with_its_title_and_no_coding(page: Page, scheme: str) -> None:
    page.open(CASE)
    page.type("#dx-0-code", "S72.002A", Keys.TAB)
    page.find("#state-dx-0 .title")
    titles = [e.get_attribute("data-title") for e in page.all(".doc")]
    text = on_paper(page, scheme)
    assert "Hip pain after a fall at home" in text and len(titles) > 1
    assert all(text.count(str(title)) == 1 for title in titles), "a document is missing, or its tab is printed"
    assert "S72.002A" not in text and "Look up codes" not in text
    assert pages(page) >= 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_is_printed_with_opened_lines_and_formulas(page: Page, scheme: str) -> None:
    page.open(CASE)
    page.type("#dx-0-code", "S72.002A", Keys.CONTROL + Keys.ENTER)
    page.click("#feedback .sum a")
    page.click("#pair-0 > summary")
    figures = [row.text for row in page.all("#figures td:nth-child(3)")]
    text = on_paper(page, scheme)
    assert "Where to look" in text and "S72.002A" in text and figures
    assert all(formula in text for formula in figures)
    wide = "return document.querySelectorAll('#pair-0 > summary > span')[2].getBoundingClientRect().width"
    assert page.driver.execute_script(wide) > 200, "the sentence stands in a column that is meant for another"
    assert "report a problem" not in text and "My progress" not in text
    assert pages(page) >= 1


def test_the_log_is_printed_with_its_seal_and_lines_to_sign(page: Page) -> None:
    page.open(CASE)
    page.type("#dx-0-code", "S72.002A", Keys.CONTROL + Keys.ENTER)
    page.find("#pair-0")
    page.open("/me/log")
    text = on_paper(page, "dark")
    assert all(words in text for words in ("Log of practice", "Hip pain after a fall at home", "Seal", "Instructor"))
    assert "as CSV" not in text and pages(page) == 1
