"""A real server in a process of its own, and a real Chromium in front of it."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
REQUIRED = os.environ.get("SANDBOX_BROWSER") == "required"
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--force-prefers-reduced-motion",
)  # fmt: skip
LOOKS = ((1440, "light"), (390, "dark"))
"""Widths and colour schemes in which axe reads every page: whether one fits does not hang on its colours."""
BUSY = ".htmx-request, .htmx-swapping, .htmx-settling"
"""What htmx marks from the moment of a request until what came of it has found its place."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without Chromium these tests are skipped, except where they are required: there they fail."""
    if not REQUIRED and not (CHROMIUM and DRIVER):
        for item in items:
            if "browser" in item.path.parts:
                item.add_marker(pytest.mark.skip(reason="Chromium and chromedriver are not installed"))


@dataclass
class Site:
    """The running server. ``restart`` kills it as a power cut would, and starts it again on the same data.

    ``cookie``: of the browser that has used the instructor's link.
    """

    data: Path
    process: subprocess.Popen[str]
    address: str
    link: str = ""
    options: tuple[str, ...] = ()
    cookie: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def start(cls, data: Path, port: int = 0, *options: str) -> "Site":
        command = [sys.executable, str(ROOT / "run.py"), "--port", str(port), "--data", str(data), *options]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, stderr=subprocess.DEVNULL)
        assert process.stdout
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found, "the server did not start"
        link = re.search(r"/instructor/\S+", process.stdout.readline())
        return cls(data, process, found[0], link[0] if link else "", options)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()

    def restart(self) -> None:
        self.stop()
        port = int(self.address.rsplit(":", 1)[1])
        again = Site.start(self.data, port, *self.options)
        self.process = again.process


@pytest.fixture(scope="session")
def site(codes_db: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    data = tmp_path_factory.mktemp("instance")
    (data / "codes.db").symlink_to(codes_db)
    site = Site.start(data)
    yield site
    site.stop()


class Page:
    """The browser as a person uses it."""

    def __init__(self, driver: webdriver.Chrome, site: Site) -> None:
        self.driver, self.site = driver, site

    def open(self, path: str) -> None:
        self.driver.get(self.site.address + path)

    def teach(self) -> None:
        """Use the instructor's link, which works once; from then on, come as whoever has used it."""
        if self.site.cookie:
            self.open("/about")
            self.driver.add_cookie(self.site.cookie)
            self.open("/teach")
        else:
            self.open(self.site.link)
            self.click("main form button")
            self.wait(lambda: self.driver.current_url.endswith("/teach"))
            (found,) = (one for one in self.driver.get_cookies() if one["name"] == "sandbox")
            self.site.cookie = {name: found[name] for name in ("name", "value", "path")}

    def find(self, css: str) -> WebElement:
        """The first visible match, waited for."""
        return self.wait(lambda: next((e for e in self.all(css) if e.is_displayed()), None), f"no {css}")

    def all(self, css: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def wait(self, ready: Callable[[], object], message: str = "", seconds: float = 45) -> WebElement:
        def look(_: object) -> object:
            try:
                return ready()
            except Exception:
                return None

        return WebDriverWait(self.driver, seconds, poll_frequency=0.05).until(look, message)  # type: ignore[return-value]

    def click(self, css: str) -> None:
        """Click the first visible match; once more where the page was swapped in just that moment."""
        self.wait(lambda: self._still(css).click() or True, f"{css} cannot be clicked")

    def _still(self, css: str) -> WebElement:
        """The first visible match, once all swaps are done and it stands still: else a click hits its neighbour."""
        self.wait(lambda: not self.all(BUSY), "the page is still being swapped")
        found = self.find(css)
        place = "const r = arguments[0].getBoundingClientRect(); return [r.x, r.y]"
        before = None
        while (now := self.driver.execute_script(place, found)) != before:
            before = now
            time.sleep(0.05)
        return found

    def type(self, css: str, *keys: str) -> None:
        """Type into the first visible match; once more where the page was swapped in just that moment."""
        self.wait(lambda: self.find(css).send_keys(*keys) or True, f"{css} takes no keys")

    def press(self, *keys: str) -> None:
        """Keys for whatever has the focus."""
        for key in keys:
            self.driver.switch_to.active_element.send_keys(key)
            time.sleep(0.02)

    def focused(self) -> str:
        """The id of the element that has the focus."""
        return str(self.driver.execute_script("return document.activeElement.id"))

    def text(self, css: str) -> str:
        """The text of the first visible match; read once more where the page was swapped in just that moment."""
        (read,) = self.wait(lambda: (self.find(css).text,), f"no {css}")  # type: ignore[misc]
        return str(read)

    def value(self, css: str) -> str:
        return str(self.driver.execute_script("return document.querySelector(arguments[0])?.value", css))

    def console(self) -> list[str]:
        """What the browser complained about since the last look: refused scripts, styles, hosts, errors."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]

    def resize(self, width: int, height: int = 1000) -> None:
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def scheme(self, name: str) -> None:
        features = [{"name": "prefers-color-scheme", "value": name}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def forget(self) -> None:
        """A stranger's browser: no cookie, nor one that comes with the answer to what the last page sent at its end."""
        self.driver.delete_all_cookies()
        time.sleep(0.2)
        self.driver.delete_all_cookies()


def _driver(folder: Path, javascript: bool = True, flags: tuple[str, ...] = ()) -> webdriver.Chrome:
    assert CHROMIUM, "Chromium is not installed: apt-get install chromium chromium-driver"
    assert DRIVER, "chromedriver is not installed: apt-get install chromium-driver"
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, *flags, f"--user-data-dir={folder}", "--window-size=1440,1000"):
        options.add_argument(flag)
    options.accept_insecure_certs = True  # of a server behind a proxy of the tests
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    if not javascript:
        prefs = {"profile.managed_default_content_settings.javascript": 2}
        options.add_experimental_option("prefs", prefs)
    return webdriver.Chrome(options=options, service=Service(DRIVER))


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    driver = _driver(tmp_path_factory.mktemp("profile"))
    yield driver
    driver.quit()


@pytest.fixture
def page(driver: webdriver.Chrome, site: Site) -> Iterator[Page]:
    """A fresh learner at 1440 pixels, in light colours."""
    page = Page(driver, site)
    page.open("/about")
    page.forget()
    page.resize(1440)
    page.scheme("light")
    page.console()
    yield page


@pytest.fixture
def bare_page(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A browser whose JavaScript is off."""
    driver = _driver(tmp_path_factory.mktemp("bare"), javascript=False)
    yield Page(driver, site)
    driver.quit()
