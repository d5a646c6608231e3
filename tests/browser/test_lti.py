"""Through a school's system in a real browser: from a course on another site into the lab, and the score back."""

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import ltikit
import pytest
from browser.conftest import LOOKS, Page, Site, _driver
from browser.test_accessible import fits, violations
from browser.test_classroom import begin_lab
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from ltiplatform import Link, Platform, User
from selenium.webdriver.common.keys import Keys

ADA, BEN = User("u-ada", "Ada Lee"), User("u-ben", "Ben Ray")
TEACHER = User("u-teacher", "Tea Cher", "Instructor")

NO_FOREIGN_COOKIES = ("--test-third-party-cookie-phaseout",)
"""In a frame the browser then keeps a cookie only if it says that it is for that frame on that site (Partitioned)."""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def platform() -> Iterator[Platform]:
    """It is called localhost, and the server 127.0.0.1: for a browser these are two sites."""
    found = Platform(host="localhost")
    for user in (ADA, BEN, TEACHER):
        found.users[user.id] = user
    yield found
    found.close()


def serve(codes_db: Path, folder: Path, platform: Platform, address: str, *options: str, port: int = 0) -> Site:
    folder.mkdir()
    (folder / "codes.db").symlink_to(codes_db)
    ltikit.configure(folder, platform.settings(), address=address)
    platform.tool = address
    return Site.start(folder, port, *options)


@pytest.fixture
def own(codes_db: Path, few_cases: Path, tmp_path: Path, platform: Platform) -> Iterator[Site]:
    port, cases = free_port(), ("--cases", str(few_cases))
    site = serve(codes_db, tmp_path / "instance", platform, f"http://127.0.0.1:{port}", *cases, port=port)
    yield site
    site.stop()


@pytest.fixture
def browsers(own: Site, tmp_path: Path) -> Iterator[list[Page]]:
    pages = [Page(_driver(tmp_path / f"browser-{n}"), own) for n in range(2)]
    yield pages
    for page in pages:
        page.driver.quit()


def follows(page: Page, platform: Platform, user: User, link: Link | None = None, frame: bool = False) -> None:
    """Open the page of the course as a user, and click the link in it."""
    asked = "select=1" if link is None else f"link={link.id}"
    page.driver.get(f"{platform.issuer}/?user={user.id}&{asked}{'&frame=1' if frame else ''}")
    if not frame:
        page.click("#go")


def connected(teacher: Page, platform: Platform, feedback: str = "handed_in") -> tuple[str, str]:
    """(address of a class that is connected with the course, of its lab), by the pages."""
    room, lab, _ = begin_lab(teacher, feedback)
    platform.links["course"] = Link("course")
    follows(teacher, platform, TEACHER, platform.links["course"])
    teacher.click('[name="class"][value]:not([value="new"])')
    teacher.click("main form button")
    teacher.find(".joincode")
    return room, lab


def sets(platform: Platform, lab: str) -> Link:
    """The lab as an assignment of the course."""
    platform.links["lab"] = Link("lab", {"lab": lab.rpartition("/")[2]})
    return platform.links["lab"]


def test_from_the_course_into_the_lab_and_the_score_back(browsers: list[Page], own: Site, platform: Platform) -> None:
    teacher, ann = browsers
    room, lab = connected(teacher, platform)
    link = sets(platform, lab)
    teacher.open(lab)
    teacher.click('[value="start"]')
    follows(ann, platform, ADA, link)
    ann.click('form[action$="/join"] button')
    ann.click("table a")
    ann.type("#dx-0-code", "I10", Keys.TAB)
    ann.wait(lambda: "saved" in ann.text("#saved"), "no draft was saved")
    ann.click("button.check")
    ann.find("#feedback .pair")
    platform.answers = 503
    teacher.open(lab)
    teacher.click('[value="stop"]')
    teacher.wait(lambda: any(path.endswith("/scores") for path in platform.asked), "no score was sent", 60)
    assert [page.console() for page in browsers] == [[], []]
    own.restart()
    platform.answers = 200
    teacher.open(f"{room}/lti")
    assert "Ada Lee" in teacher.text("main") and "waiting" in teacher.text("main")
    teacher.click('[value="again"]')
    teacher.wait(lambda: platform.scores, "the score did not arrive", 60)
    [(item, said)] = platform.scores
    assert (item, said["userId"], said["scoreMaximum"]) == ("lab", "u-ada", 100)
    teacher.wait(
        lambda: teacher.open(f"{room}/lti") or "sent 20" in teacher.text("main"), "it is not shown as sent", 30
    )
    follows(ann, platform, ADA, link)
    ann.wait(lambda: "over" in ann.text("#lab-state"), "the same learner is not back in the room")


def test_a_launch_without_its_cookie_is_refused_in_the_browser_too(
    browsers: list[Page], own: Site, platform: Platform
) -> None:
    teacher, ann = browsers
    _, lab = connected(teacher, platform)
    link = sets(platform, lab)
    fields = platform.login(ADA, link)
    state, nonce = begun_elsewhere(own, fields)
    token = platform.sign(platform.claims(ADA, link, nonce))
    ann.open("/about")
    script = (
        "const f = document.createElement('form'); f.method = 'post'; f.action = '/lti/launch';"
        "for (const [n, v] of arguments[0]) { const i = document.createElement('input'); i.name = n; i.value = v;"
        "f.append(i); } document.body.append(f); f.submit();"
    )
    ann.driver.execute_script(script, [["id_token", token], ["state", state]])
    ann.wait(lambda: "did not begin in this browser" in ann.text("h1"), "it was let in")


def begun_elsewhere(site: Site, fields: dict[str, str]) -> tuple[str, str]:
    """(state, nonce) of a login that another browser began."""
    there = http.client.HTTPConnection(site.address.removeprefix("http://"), timeout=10)
    there.request("GET", f"/lti/login?{urlencode(fields)}")
    said = parse_qs(urlsplit(there.getresponse().headers["Location"]).query)
    there.close()
    return said["state"][0], said["nonce"][0]


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_pages_are_accessible_and_fit(
    browsers: list[Page], own: Site, platform: Platform, width: int, scheme: str
) -> None:
    teacher, ann = browsers
    for page in browsers:
        page.resize(width)
        page.scheme(scheme)

    def sound(page: Page) -> None:
        assert violations(page) == [], page.driver.current_url
        assert fits(page), page.driver.current_url

    platform.links["course"] = Link("course")
    follows(ann, platform, ADA, platform.links["course"])
    ann.wait(lambda: "not connected" in ann.text("h1"))
    sound(ann)
    follows(ann, platform, TEACHER, platform.links["course"])
    ann.wait(lambda: "Sign in" in ann.text("h1"))
    sound(ann)
    follows(ann, platform, TEACHER)
    ann.wait(lambda: "not connected" in ann.text("h1"))
    sound(ann)
    begin_lab(teacher, "at_once")
    follows(teacher, platform, TEACHER, platform.links["course"])
    teacher.find('[value="new"]')
    sound(teacher)
    teacher.click('[name="class"]:not([value="new"])')
    teacher.click("main form button")
    code = teacher.text(".joincode")
    follows(ann, platform, ADA, sets(platform, "/0"))
    teacher.open(teacher.driver.current_url.removeprefix(own.address) + "/lti")
    sound(teacher)
    follows(ann, platform, TEACHER)
    ann.find('[value^="case:"]')
    sound(ann)
    platform.links["lab"].custom = {"case": "hip-pain-after-a-fall"}
    follows(ann, platform, ADA, platform.links["lab"])
    ann.find("#dx-0-code")
    teacher.driver.refresh()
    assert "no result yet" in teacher.text("main")
    sound(teacher)
    # Somebody who was here by name and PIN comes from the course.
    ann.forget()
    ann.open(f"/join/{code}")
    ann.type("#who", BEN.name, Keys.ENTER)
    for field in ("#secret", "#again"):
        ann.type(field, "kitten7")
    ann.type("#again", Keys.ENTER)
    ann.wait(lambda: "/class/" in ann.driver.current_url)
    ann.forget()
    follows(ann, platform, BEN, platform.links["course"])
    ann.find("#secret")
    sound(ann)
    ann.type("#secret", "another", Keys.ENTER)
    ann.find("#wrong")
    sound(ann)
    ann.type("#secret", "kitten7", Keys.ENTER)
    ann.wait(lambda: "/class/" in ann.driver.current_url, "the same person is not let in")


# Over HTTPS, in a frame


def certificate(folder: Path) -> Path:
    """A certificate that signs itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    moment = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(moment - timedelta(days=1))
        .not_valid_after(moment + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / "cert.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


class Proxy(ThreadingHTTPServer):
    """What stands before the server and speaks HTTPS."""

    daemon_threads = True
    behind = ""


class _Forward(BaseHTTPRequestHandler):
    server: Proxy

    def log_message(self, *_: object) -> None:
        """A test does not print."""

    def _forward(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        told = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1", "X-Forwarded-Host": self.headers["Host"]}
        there = http.client.HTTPConnection(self.server.behind, timeout=60)
        there.request(self.command, self.path, body, {**dict(self.headers), **told, "Connection": "close"})
        answer = there.getresponse()
        content = answer.read()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        there.close()

    do_GET = do_POST = _forward


@pytest.fixture
def secure(codes_db: Path, few_cases: Path, tmp_path: Path, platform: Platform) -> Iterator[Site]:
    """The server behind a proxy that speaks HTTPS."""
    proxy = Proxy(("127.0.0.1", 0), _Forward)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path))
    proxy.socket = context.wrap_socket(proxy.socket, server_side=True, do_handshake_on_connect=False)
    address = f"https://127.0.0.1:{proxy.server_port}"
    site = serve(
        codes_db, tmp_path / "secure", platform, address, "--behind-proxy", "127.0.0.1", "--cases", str(few_cases)
    )
    proxy.behind = site.address.removeprefix("http://").rstrip(",")
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    site.address = address
    platform.tool_keys = {"keys": [ltikit.tool_key()]}
    yield site
    proxy.shutdown()
    proxy.server_close()
    site.stop()


def test_over_https_the_picker_works_in_a_frame_and_the_link_opens_a_tab(
    secure: Site, platform: Platform, tmp_path: Path
) -> None:
    page = Page(_driver(tmp_path / "browser", flags=NO_FOREIGN_COOKIES), secure)
    try:
        _, lab = connected(page, platform)
        follows(page, platform, TEACHER, frame=True)
        page.driver.switch_to.frame(page.find("iframe"))
        page.click(f'[value="lab:{lab.rpartition("/")[2]}"]')
        page.click("main form button")
        page.wait(lambda: platform.chosen, "nothing came back")
        page.find("#done")
        [item] = platform.chosen[0]["https://purl.imsglobal.org/spec/lti-dl/claim/content_items"]
        link = platform.links["chosen"] = Link("chosen", item["custom"])
        page.driver.switch_to.default_content()
        page.driver.delete_all_cookies()
        follows(page, platform, ADA, link, frame=True)
        page.driver.switch_to.frame(page.find("iframe"))
        page.click('[target="_blank"]')
        page.wait(lambda: len(page.driver.window_handles) == 2)
        page.driver.switch_to.window(page.driver.window_handles[1])
        page.find("#lab-state")
        assert page.driver.current_url.startswith(f"{secure.address}/labs/")
    finally:
        page.driver.quit()
