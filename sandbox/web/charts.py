"""Small charts as SVG, drawn on the server. They come by an address of their own and are shown as images: what styles
them lies in the image, which the page's Content-Security-Policy lets in and which can run nothing."""

import re
from collections.abc import Sequence
from typing import Final

import pygal
from pygal.style import Style

_SCRIPT: Final = re.compile(r"<script.*?</script>", re.DOTALL)
_FONT: Final = "system-ui, sans-serif"
_ROW: Final = 26
_HEAD: Final = 54
_INK: Final = {False: ("#1b2530", "#1c5aa8", "#5b6875"), True: ("#e6ebf0", "#7db8ff", "#a2afbb")}
"""Dark or not → colours of text, bars and what is soft."""


def bars(rows: Sequence[tuple[str, float]], dark: bool, most: float | None = 100) -> bytes:
    """Horizontal bars, the first row on top; ``most`` is where the scale ends (None: at the largest)."""
    ink, bar, soft = _INK[dark]
    style = Style(
        background="transparent", plot_background="transparent", foreground=ink, foreground_strong=ink,
        foreground_subtle=soft, colors=(bar,), opacity="1", font_family=_FONT, label_font_size=11,
        major_label_font_size=11, value_font_size=11, guide_stroke_color=soft, major_guide_stroke_color=soft,
    )  # fmt: skip
    chart = pygal.HorizontalBar(
        style=style, js=[], show_legend=False, width=640, height=_HEAD + _ROW * max(1, len(rows)), margin=4,
        spacing=6, truncate_label=34, range=(0, most) if most else None, include_x_axis=True, no_data_text="",
        disable_xml_declaration=True, print_values=False,
    )  # fmt: skip
    chart.x_labels = [label for label, _ in reversed(rows)]
    chart.add("", [value for _, value in reversed(rows)])
    if not most:
        largest = int(max((value for _, value in rows), default=1))
        chart.y_labels = list(range(0, largest + 1, max(1, largest // 10)))
    # Its settings for tooltips are a script, of no use in an image.
    return _SCRIPT.sub("", str(chart.render(is_unicode=True))).encode()
