"""The learner's page in a real browser: by keyboard, by mouse, across reloads and restarts, and without JavaScript."""

import json
import re

import pytest
from browser.conftest import Page
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

HIP = "/cases/hip-pain-after-a-fall"


def enter(page: Page, row: str, words: str, *keys: str) -> None:
    """Type into a row, wait for the suggestions, and press keys."""
    field = page.find(f"#{row}-code")
    field.click()
    field.send_keys(words)
    page.find("#suggest [role=option]")
    page.press(*keys)


def test_a_case_is_coded_from_list_to_feedback_with_the_keyboard_only(page: Page) -> None:
    page.open("/")
    link = page.driver.find_element(By.LINK_TEXT, "Hip pain after a fall at home")
    for _ in range(200):
        page.press(Keys.TAB)
        if page.driver.switch_to.active_element == link:
            break
    page.press(Keys.ENTER)
    page.find("#coding")
    page.press("/")
    assert page.focused() == "dx-0-code"
    page.press("s72002a")
    page.find("#suggest [aria-selected=true]")
    page.press(Keys.ENTER)
    assert page.focused() == "dx-0-poa"
    assert page.value("#dx-0-code") == "S72.002A"
    page.press("y")
    # What the linter of a line has to say may be there by now, and the link to its rule is on the way.
    page.wait(lambda: page.focused() == "dx-1-code" or page.press(Keys.TAB), "the next line is not reached")
    page.press("htn ckd")
    page.find("#suggest [aria-selected=true]")
    page.press(Keys.ENTER)
    assert page.value("#dx-1-code") == "I12.9"
    page.press(Keys.CONTROL + Keys.ENTER)
    page.wait(lambda: "Not right yet" in page.text("#feedback"))
    assert "Wrong etiology" not in page.text("#feedback")
    assert page.console() == []


def test_a_line_is_told_step_by_step_and_the_focus_goes_along(page: Page) -> None:
    page.open(HIP)
    enter(page, "dx-0", "S72.002A", Keys.ENTER)
    page.press(Keys.CONTROL + Keys.ENTER)
    page.type("#pair-0 > summary", Keys.ENTER)
    page.find("#chart mark")
    in_row = "return document.activeElement.matches('#pair-0 > summary')"
    for words, step in (("Wrong etiology", "What kind"), ("M80.052A", "Compare")):
        assert words not in page.text("#feedback")
        page.find("#pair-0 .step").click() if step == "What kind" else page.type("#pair-0 .step", Keys.ENTER)
        page.wait(lambda words=words: words in page.text("#pair-0"))
        page.wait(lambda: page.driver.execute_script(in_row), "the focus is lost")
    page.driver.refresh()
    assert "M80.052A" in page.text("#pair-0"), "a reload forgets the steps"
    assert page.console() == []


def test_without_javascript_the_steps_are_taken_on_the_page_of_the_attempt(bare_page: Page) -> None:
    bare_page.open(HIP)
    bare_page.type("#dx-0-code", "S72.002A")
    bare_page.click("#coding .check")
    bare_page.click("#pair-0 > summary")
    bare_page.click("#pair-0 .step")
    bare_page.wait(lambda: "Wrong etiology" in bare_page.text("#pair-0"))


def test_a_finished_case_gives_three_sentences_to_take_along(page: Page) -> None:
    page.open(HIP)
    page.type("#dx-0-code", "S72.002A", Keys.CONTROL + Keys.ENTER)
    page.find("#pair-0")
    assert not page.all("#lessons")
    page.click("#key-button")
    page.wait(lambda: len(page.all("#lessons li")) == 3)


def test_tab_completes_and_a_code_that_is_typed_out_stays(page: Page) -> None:
    page.open(HIP)
    enter(page, "dx-0", "ckd stage 3b", Keys.TAB)
    page.wait(lambda: page.value("#dx-0-code") == "N18.32")
    field = page.find("#dx-1-code")
    field.click()
    field.send_keys("w010xx")
    page.find("#suggest [role=option]")
    page.press(Keys.TAB)
    assert page.value("#dx-1-code") == "W01.0XX"


def test_a_heading_opens_its_choices_and_the_keyboard_is_never_caught(page: Page) -> None:
    page.open(HIP)
    enter(page, "dx-0", "S72.0", Keys.ARROW_DOWN)
    page.press(Keys.ESCAPE, Keys.TAB)
    assert page.focused() != "dx-0-code"
    enter(page, "dx-1", "S72.0", Keys.TAB)
    assert page.focused() != "dx-1-code"


def test_a_finished_line_is_judged_at_once_and_unasked(page: Page) -> None:
    page.open(HIP)
    page.type("#dx-0-code", "w010xx", Keys.TAB)
    page.wait(lambda: "VAL03" in page.text("#state-dx-0"))
    page.type("#dx-1-code", "i10", Keys.TAB)
    page.wait(lambda: "Essential (primary) hypertension" in page.text("#state-dx-1"))
    assert not page.all("#state-dx-1 .inline")


def test_a_used_last_row_brings_a_new_one(page: Page) -> None:
    page.open(HIP)
    count = len(page.all("#coding input[name=dx_code]"))
    page.type(f"#dx-{count - 1}-code", "I10")
    page.type(f"#dx-{count}-code", "N18.32", Keys.TAB)
    page.wait(lambda: "stage 3b" in page.text(f"#state-dx-{count}"))


def test_lines_move_by_keyboard_and_keep_the_focus(page: Page) -> None:
    page.open(HIP)
    for row, code in (("dx-0", "I10"), ("dx-1", "N18.32"), ("dx-2", "E03.9")):
        page.type(f"#{row}-code", code, Keys.TAB)
    page.click("#dx-2-code")
    page.press(Keys.ALT + Keys.ARROW_UP)
    page.wait(lambda: page.value("#dx-1-code") == "E03.9" and page.focused() == "dx-1-code")
    page.press(Keys.ALT + Keys.ARROW_UP)
    page.wait(lambda: page.value("#dx-0-code") == "E03.9" and page.focused() == "dx-0-code")
    page.press(Keys.ALT + Keys.ARROW_DOWN)
    page.wait(lambda: page.value("#dx-0-code") == "I10" and page.focused() == "dx-1-code")


def test_brackets_turn_the_documents(page: Page) -> None:
    page.open(HIP)
    titles = [tab.text for tab in page.all(".tabs [role=tab]")]
    assert len(titles) >= 3
    shown = lambda: page.text(".tabs [aria-selected=true]")  # noqa: E731
    assert shown() == titles[0]
    page.press("]")
    assert shown() == titles[1]
    page.press("[", "[")
    assert shown() == titles[-1]
    page.click("#dx-0-code")
    page.press("]")
    assert shown() == titles[0]
    assert page.value("#dx-0-code") == ""


def test_a_pair_that_is_opened_shows_its_words_in_the_chart(page: Page) -> None:
    page.open(HIP)
    # What is said beside the line comes as soon as it is left, and moves all that is below it.
    page.type("#dx-0-code", "S72.002A", Keys.TAB)
    page.wait(lambda: "SPC01" in page.text("#state-dx-0"))
    page.press(Keys.CONTROL + Keys.ENTER)
    page.find("#feedback .pair")
    sign = "return getComputedStyle(document.querySelector('#feedback .pair > summary'), '::before').content"
    assert "▸" in page.driver.execute_script(sign), "nothing shows that the row opens"
    page.click("#feedback .offers.all .step")
    page.find("#feedback .pair:not([open]) .told")
    page.click("#feedback .pair > summary")
    assert "▾" in page.driver.execute_script(sign)
    marked = page.find("#chart mark")
    assert marked.text in page.text("#feedback .pair[open]")
    assert page.text(".doc:not([hidden])")
    page.type("#dx-0-code", Keys.CONTROL + Keys.ENTER)
    page.wait(lambda: "attempt 2" in page.text("#feedback"))
    page.wait(lambda: not page.all("#chart mark"))


def test_a_draft_survives_a_reload_and_the_death_of_the_server(page: Page) -> None:
    page.open(HIP)
    page.type("#dx-0-code", "M80.052A", Keys.TAB)
    Select(page.find("#dx-0-poa")).select_by_value("Y")
    page.type("#dx-1-code", "D62", Keys.TAB)
    page.wait(lambda: "Acute posthemorrhagic anemia" in page.text("#state-dx-1"))
    page.site.restart()
    page.driver.refresh()
    page.find("#coding")
    assert [page.value(css) for css in ("#dx-0-code", "#dx-0-poa", "#dx-1-code")] == ["M80.052A", "Y", "D62"]


def test_when_the_server_is_gone_the_page_says_so_and_keeps_the_codes(page: Page) -> None:
    page.open(HIP)
    page.type("#dx-0-code", "I10", Keys.TAB)
    page.site.stop()
    page.click("#coding .check")
    page.wait(lambda: "cannot be reached" in page.text(".notices"))
    assert page.value("#dx-0-code") == "I10"
    page.site.restart()
    page.click("#coding .check")
    page.wait(lambda: "attempt 1" in page.text("#feedback"))
    page.wait(lambda: not page.all(".notices .bad"))


def test_a_double_click_makes_one_attempt(page: Page) -> None:
    page.open(HIP)
    page.type("#dx-0-code", "I10", Keys.TAB)
    page.driver.execute_script("const b = document.querySelector('.check'); b.click(); b.click();")
    page.wait(lambda: "attempt 1" in page.text("#feedback"))
    page.open("/attempts")
    assert len(page.all("tbody tr")) == 1


def test_the_button_that_checks_keeps_the_focus(page: Page) -> None:
    page.open(HIP)
    button = "return document.activeElement.matches('#coding .check')"
    page.driver.execute_script("document.querySelector('#coding .check').focus()")
    page.press(Keys.ENTER)
    page.find("#notice .notice")
    page.wait(lambda: page.driver.execute_script(button), "refused, and the focus is lost")
    enter(page, "dx-0", "I10")
    page.driver.execute_script("document.querySelector('#coding .check').focus()")
    page.press(Keys.ENTER)
    page.find("#feedback .sum")
    page.wait(lambda: page.driver.execute_script(button), "checked, and the focus is lost")


def test_hints_and_key_come_on_request(page: Page) -> None:
    page.open(HIP)
    page.click("#hint-button")
    page.wait(lambda: len(page.all("#hints li")) == 1)
    page.wait(lambda: page.text("#hint-button").startswith("Hint 2"))
    page.click("#key-button")
    page.wait(lambda: "M80.052A" in page.text("#key"))
    page.wait(lambda: page.find("#key-button").get_attribute("disabled"))


def test_an_error_message_stays_until_something_succeeds(page: Page) -> None:
    page.open(HIP)
    page.click("#coding .check")
    page.wait(lambda: "nothing to check yet" in page.text("#notice"))
    page.type("#dx-1-code", "I10", Keys.CONTROL + Keys.ENTER)
    page.wait(lambda: "Principal diagnosis is empty" in page.text("#notice"))
    page.type("#dx-0-code", "N18.32", Keys.CONTROL + Keys.ENTER)
    page.wait(lambda: "attempt 1" in page.text("#feedback"))
    page.wait(lambda: not page.all("#notice p"))


def test_nothing_found_is_no_choice(page: Page) -> None:
    page.open(HIP)
    page.type("#dx-0-code", "qqqqqqqqqq")
    page.find("#suggest .none")
    page.press(Keys.ARROW_DOWN, Keys.ENTER)
    assert page.value("#dx-0-code") == "qqqqqqqqqq"
    page.type("#dx-1-code", "ckd 3", Keys.ESCAPE, Keys.TAB)
    assert page.value("#dx-1-code") == "ckd 3"
    assert page.console() == []


def test_the_key_comes_into_sight_and_has_the_focus(page: Page) -> None:
    page.open(HIP)
    page.type("#dx-0-code", "S72.002A", Keys.CONTROL + Keys.ENTER)
    page.wait(lambda: "attempt 1" in page.text("#feedback"))
    page.click("#key-button")
    page.wait(lambda: page.focused() == "key")
    in_sight = "const y = document.getElementById('key').getBoundingClientRect().top; return y > -5 && y < innerHeight"
    page.wait(lambda: page.driver.execute_script(in_sight))


def test_a_code_in_a_field_that_was_not_left_survives_a_reload(page: Page) -> None:
    page.open(HIP)
    page.type("#dx-0-code", "N18.32")
    page.driver.refresh()
    page.find("#coding")
    page.driver.refresh()
    page.wait(lambda: page.value("#dx-0-code") == "N18.32")


def test_a_line_is_removed_by_keyboard_with_an_empty_one_above(page: Page) -> None:
    page.open(HIP)
    for row, code in (("dx-0", "I10"), ("dx-2", "N18.32"), ("dx-3", "E03.9")):
        page.type(f"#{row}-code", code, Keys.TAB)
    page.click("#dx-2-code")
    page.press(Keys.ALT + Keys.DELETE)
    page.wait(lambda: [page.value(f"#dx-{n}-code") for n in range(3)] == ["I10", "E03.9", ""])


def test_keys_that_act_alone_can_be_switched_off(page: Page) -> None:
    page.open(HIP)
    shown = lambda: page.text(".tabs [aria-selected=true]")  # noqa: E731
    first = shown()
    page.press("?")
    page.click("#single-keys")
    page.press(Keys.ESCAPE)
    page.driver.refresh()
    page.find("#coding")
    page.press("]")
    assert shown() == first
    page.click("#keys-open")
    page.click("#single-keys")
    page.press(Keys.ESCAPE, "]")
    page.wait(lambda: shown() != first)


def test_everything_works_without_javascript(bare_page: Page) -> None:
    page = bare_page

    def typed(row: str) -> str | None:
        return page.all(f"#{row}-code")[0].get_attribute("value")

    page.open(HIP)
    assert len(page.all(".doc")) == len([doc for doc in page.all(".doc") if doc.is_displayed()])
    page.type("#dx-0-code", "i10")
    page.type("#dx-1-code", "n1832")
    # Every button loads a page anew: what follows is waited for.
    page.click("button.add")
    page.wait(lambda: typed("dx-1") == "N18.32", "saved, with its dot")
    page.wait(lambda: "stage 3b" in page.text("#state-dx-1"))
    page.click("#dx-1 .tool.up")
    page.wait(lambda: typed("dx-0") == "N18.32", "moved up")
    page.click("#hint-button")
    page.wait(lambda: len(page.all("#hints li")) == 1)
    page.click("#coding .check")
    page.wait(lambda: "/attempts/" in page.driver.current_url)
    page.wait(lambda: "CMB02" in page.text("#feedback"))


def test_the_page_asks_no_other_host(page: Page) -> None:
    page.driver.get_log("performance")
    page.open(HIP)
    page.type("#dx-0-code", "i10", Keys.CONTROL + Keys.ENTER)
    page.wait(lambda: "attempt 1" in page.text("#feedback"))
    told = [json.loads(entry["message"])["message"] for entry in page.driver.get_log("performance")]
    # What was asked for; who has asked for it may be an equal stylesheet of a page of another test.
    asked = [one["params"]["request"]["url"] for one in told if one["method"] == "Network.requestWillBeSent"]
    urls = [url for url in asked if re.match("https?:", url)]
    assert urls
    assert {url for url in urls if not url.startswith(page.site.address)} == set()


@pytest.mark.parametrize("width", [1440, 390])
def test_after_the_key_another_patient_is_offered_and_opens_empty(page: Page, width: int) -> None:
    page.resize(width)
    page.open("/")
    page.click('a[href$="hip-pain-after-a-fall/patient"]')
    page.type("#dx-0-code", "I10", Keys.TAB)
    page.find("#state-dx-0 .title")
    first = page.driver.current_url
    page.click("#key-button")
    page.click("#key .another a")
    page.wait(
        lambda: page.driver.current_url != first and page.value("#dx-0-code") == "", "the next patient is not there"
    )
    assert page.console() == []


def test_words_that_are_left_before_their_list_comes_are_completed_all_the_same(page: Page) -> None:
    page.open("/cases/six-days-of-cough")
    page.find("#dx-0-code").send_keys(f"htn ckd{Keys.TAB}")
    page.wait(lambda: page.value("#dx-0-code") == "I12.9")
    page.find("#dx-1-code").send_keys(f"copd{Keys.ENTER}")
    page.driver.switch_to.active_element.send_keys("uti")
    page.wait(lambda: page.value("#dx-1-code") == "J44.9")
    page.find("#suggest")
    assert page.focused() == "dx-2-code", "and what is typed by then has its own list"
    page.press(Keys.ESCAPE)
    page.type("#dx-3-code", "htn")
    page.find("#suggest [aria-selected=true]")
    page.driver.switch_to.active_element.send_keys(f" ckd{Keys.ENTER}")
    page.wait(lambda: page.value("#dx-3-code") == "I12.9", "the list of what stood there before is not taken")
    page.type("#dx-4-code", "qqqqqqqqqq", Keys.TAB)
    assert "No code yet" in page.text("#state-dx-4 .title")


def test_the_focus_is_not_lost_with_what_is_said_of_a_line(page: Page) -> None:
    page.open("/cases/six-days-of-cough")
    page.type("#dx-0-code", "w010xx", Keys.TAB)
    page.find("#state-dx-0 a")
    page.find("#dx-0-code").send_keys(Keys.CONTROL + "a")
    page.type("#dx-0-code", "htn ckd")
    page.find("#suggest [aria-selected=true]")
    page.press(Keys.TAB)
    page.wait(lambda: "Hypertensive" in page.text("#state-dx-0 .title"))
    assert page.focused() == "dx-1-code"
    assert page.console() == []
