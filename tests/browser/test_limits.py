"""Whoever asks too often is told so where they are, and loses nothing."""

from browser.conftest import LOOKS, Page
from browser.test_accessible import violations

BURN = """
const done = arguments[arguments.length - 1];
const token = document.querySelector('meta[name="csrf-token"]').content;
(async () => {
  let last;
  for (let n = 0; n < 13; n++) {
    last = await Promise.all([...Array(50)].map(() => fetch("/codes/suggest", {
      method: "POST", headers: { "X-CSRFToken": token }, body: new URLSearchParams({ q: "a" }),
    })));
  }
  done(last.at(-1).status);
})();
"""
"""650 suggestions, more than a browser may have in a minute."""


def test_too_much_searching_is_told_beside_what_was_typed(page: Page) -> None:
    page.open("/cases/hip-pain-after-a-fall")
    page.find("#dx-0-code").click()
    page.driver.set_script_timeout(60)
    assert page.driver.execute_async_script(BURN) == 429
    page.console()
    page.type("#dx-0-code", "hip")
    page.wait(lambda: "You can search again in" in page.text("#notice"))
    assert page.value("#dx-0-code") == "hip"
    assert page.focused() == "dx-0-code"
    page.open("/book?q=hip")
    for width, scheme in LOOKS:
        page.resize(width)
        page.scheme(scheme)
        assert "That was a great deal of searching" in page.text("h1")
        assert violations(page) == []
        assert page.driver.execute_script("return document.documentElement.scrollWidth") <= width
