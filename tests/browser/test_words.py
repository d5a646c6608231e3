"""Words of the chart under a line: by mouse, by keyboard, by touch at 390 pixels, and without JavaScript."""

import pytest
from browser.conftest import Page
from browser.test_accessible import fits, violations
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

HIP = "/cases/hip-pain-after-a-fall"
SELECT = """
const doc = document.querySelector('.doc:not([hidden])');
const walker = document.createTreeWalker(doc, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const at = walker.currentNode.data.indexOf(arguments[0]);
  if (at < 0 || walker.currentNode.parentElement.closest('h2, .by')) continue;
  getSelection().setBaseAndExtent(walker.currentNode, at, walker.currentNode, at + arguments[0].length);
  return true;
}
return false;
"""


def begin(page: Page) -> None:
    page.open(HIP)
    for row, code in (("dx-0", "S72.002A"), ("dx-1", "N18.32")):
        page.type(f"#{row}-code", code, Keys.TAB)
        page.find(f"#state-{row} .title")


def quotes(page: Page, row: str) -> list[str]:
    return [proof.text for proof in page.all(f"#{row}-marked .proof")]


def words_of(page: Page) -> str:
    """Words of the document that is open: the first paragraph's first three."""
    return str(
        page.driver.execute_script(
            "return document.querySelector('.doc:not([hidden]) p:not(.by)').firstChild.data"
            ".trim().split(/\\s+/).slice(0, 3).join(' ')"
        )
    )


@pytest.mark.parametrize("width", [1440, 390])
def test_selected_words_are_put_under_the_line_and_survive(page: Page, width: int) -> None:
    page.resize(width)
    begin(page)
    words = words_of(page)
    page.click("#dx-0-code")
    assert page.driver.execute_script(SELECT, words)
    assert page.text("#use-words") == "Use for line 1: S72.002A"
    page.click("#use-words")
    page.wait(lambda: quotes(page, "dx-0") == [words], "no chip")
    assert page.find("mark.own").get_attribute("data-line") == "1"
    assert not page.driver.find_element("id", "wordbar").is_displayed()
    assert page.driver.execute_script("return document.activeElement !== document.body"), "the focus is lost"
    page.click("#dx-0 .tool.down")
    page.wait(lambda: quotes(page, "dx-1") == [words] and page.value("#dx-1-code") == "S72.002A")
    assert page.find("mark.own").get_attribute("data-line") == "2"
    page.driver.refresh()
    page.wait(lambda: quotes(page, "dx-1") == [words])
    assert violations(page) == []
    assert fits(page)
    page.click("#dx-1-marked .tool")
    page.wait(lambda: not quotes(page, "dx-1") and page.focused() == "dx-1-marked", page.focused())
    assert not page.all("mark.own")
    assert page.console() == []


def test_the_keyboard_walks_selects_attaches_and_comes_back(page: Page) -> None:
    begin(page)
    page.click("#dx-1-code")
    page.press(Keys.ALT + "w")
    page.wait(lambda: page.all(".doc.marking"))
    page.press(Keys.ARROW_RIGHT, Keys.SHIFT + Keys.ARROW_RIGHT)
    said = page.driver.execute_script("return document.getElementById('word-voice').textContent")
    assert said.startswith("selected: ")
    page.press(Keys.ENTER)
    page.wait(lambda: quotes(page, "dx-1") == [said.removeprefix("selected: ")])
    assert page.all(".doc.marking"), "one may go on marking"
    page.press(Keys.CONTROL + Keys.ARROW_DOWN, Keys.CONTROL + Keys.SHIFT + Keys.ARROW_RIGHT)
    page.wait(lambda: page.driver.execute_script("return String(getSelection())").strip())
    assert violations(page) == []
    page.press("]")
    page.wait(lambda: page.all(".doc.marking") and page.all(".tabs a")[1].get_attribute("aria-selected") == "true")
    page.press(Keys.ARROW_DOWN, Keys.END, Keys.SHIFT + Keys.HOME, Keys.ENTER)
    page.wait(lambda: len(quotes(page, "dx-1")) == 2)
    page.press(Keys.ESCAPE)
    page.wait(lambda: page.focused() == "dx-1-code", page.focused())
    assert not page.all(".doc.marking")
    assert page.console() == []


def test_a_single_key_takes_a_selection_and_a_switch_turns_it_off(page: Page) -> None:
    begin(page)
    page.driver.execute_script("document.activeElement.blur()")
    page.driver.execute_script(SELECT, words_of(page))
    page.find("#use-words")
    page.press("w")
    page.wait(lambda: len(quotes(page, "dx-1")) == 1)
    switch = "document.getElementById('single-keys').click(); document.activeElement.blur()"
    page.driver.execute_script(switch)
    page.press("w")
    assert not page.all(".doc.marking")
    # The browser remembers the switch, for whoever comes next as well.
    page.driver.execute_script(switch)
    page.press("w")
    page.find(".doc.marking")


def test_the_report_shows_the_words_and_what_is_said_of_them(page: Page) -> None:
    begin(page)
    page.click("#dx-1-code")
    page.driver.execute_script(SELECT, words_of(page))
    page.click("#use-words")
    page.wait(lambda: quotes(page, "dx-1"))
    page.type("#dx-1-code", Keys.CONTROL + Keys.ENTER)
    page.find("#feedback .pair")
    page.driver.execute_script("document.querySelectorAll('#feedback details.pair').forEach(d => d.open = true)")
    assert quotes(page, "dx-1")[0] in page.text("#feedback .yours")
    assert violations(page) == []
    page.click("#feedback .sum a")
    assert "Words of the chart" in page.text("#figures")
    assert violations(page) == []


def test_without_javascript_words_are_typed_and_proven(bare_page: Page) -> None:
    page = bare_page
    page.open(HIP)
    page.type("#dx-0-code", "S72.002A")
    words = page.find(".doc p:not(.by)").text.split()[:3]
    page.click("#dx-0-marked summary")
    page.type("[name=dx-0-quote]", " ".join(words).upper())
    page.click("#dx-0-marked .put")
    page.wait(lambda: quotes(page, "dx-0") == [" ".join(words)])
    page.click("#dx-0-marked summary")
    Select(page.find("[name=dx-0-document]")).select_by_index(1)
    page.type("[name=dx-0-quote]", "no such words")
    page.click("#dx-0-marked .put")
    page.wait(lambda: "does not stand in" in page.text("main"))
    page.click("main a")
    assert quotes(page, "dx-0") == [" ".join(words)]
    page.click("#dx-0-marked .tool")
    page.wait(lambda: not quotes(page, "dx-0"))
