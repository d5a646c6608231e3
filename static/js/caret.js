// A caret that walks through a document of the chart by keyboard, word by word, and selects as it goes.
import { flat, rangeOf } from "./flat.js";

const STEPS = {
  ArrowRight: ["word", 1],
  ArrowLeft: ["word", -1],
  ArrowDown: ["line", 1],
  ArrowUp: ["line", -1],
  Home: ["edge", -1],
  End: ["edge", 1],
};

// `say` tells a screen reader; `take` is called on Enter, `leave` on Escape or when the focus goes elsewhere,
// with true where it should be brought back; `turn` on a bracket, with the way, and tells whether it turned.
export function caret(doc, { say, take, leave, turn }) {
  let page = flat(doc);
  const words = [...page.text.matchAll(/\S+/g)].map((found) => [found.index, found.index + found[0].length]);
  if (!words.length) return null;
  const role = doc.getAttribute("role");
  const sentences = words.map((_, n) => n).filter((n) => (
    n === 0 || page.breaks.has(words[n][0]) || /[.!?;]["')\]]?$/.test(page.text.slice(...words[n - 1]))
  ));
  let at = first();
  let anchor = at;

  function first() {
    const selection = getSelection();
    if (!selection.rangeCount || !doc.contains(selection.anchorNode)) return 0;
    const range = selection.getRangeAt(0);
    return Math.max(0, words.findIndex(([from]) => range.comparePoint(...page.places[from]) >= 0));
  }

  const box = (n) => rangeOf(page, ...words[n]).getClientRects()[0];

  function line(way) {
    const here = box(at);
    let best = at;
    let near = [Infinity, Infinity];
    for (let n = at + way; n >= 0 && n < words.length; n += way) {
      const there = box(n);
      if ((there.top - here.top) * way < here.height / 2) continue;
      const far = [Math.round(Math.abs(there.top - here.top) / 4), Math.abs(there.left - here.left)];
      if (far[0] > near[0] && best !== at) break;
      if (far[0] < near[0] || far[1] < near[1]) [best, near] = [n, far];
    }
    return best;
  }

  function edge(way) {
    const here = box(at);
    let n = at;
    while (words[n + way] && Math.abs(box(n + way).top - here.top) < here.height / 2) n += way;
    return n;
  }

  function sentence(way) {
    if (way < 0) return sentences.findLast((n) => n < at) ?? 0;
    return sentences.find((n) => n > at) ?? words.length - 1;
  }

  // Selecting forward by sentence takes the whole of it, not the first word of the next.
  function sentenceEnd() {
    const next = sentences.find((n) => n > at + 1) ?? words.length;
    return next - 1;
  }

  function show() {
    const [from, to] = [Math.min(at, anchor), Math.max(at, anchor)];
    const range = rangeOf(page, words[from][0], words[to][1]);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    scroll();
    const text = page.text.slice(words[from][0], words[to][1]);
    say(from === to ? text : `selected: ${text.length > 120 ? `… ${text.slice(-120)}` : text}`);
  }

  function scroll() {
    const frame = doc.closest("#chart");
    const place = box(at);
    const scrolls = frame.scrollHeight > frame.clientHeight;
    const bounds = scrolls ? frame.getBoundingClientRect() : { top: 0, bottom: innerHeight };
    const off = place.top < bounds.top + 70 ? place.top - bounds.top - 90
      : place.bottom > bounds.bottom - 90 ? place.bottom - bounds.bottom + 110 : 0;
    if (off) (scrolls ? frame : document.scrollingElement).scrollTop += off;
  }

  function onKey(event) {
    if (event.altKey) return;
    // Marks that were drawn meanwhile cut the text into other pieces; the words are the same.
    page = flat(doc);
    const [unit, way] = STEPS[event.key] ?? [];
    if (unit) {
      const bySentence = (event.ctrlKey || event.metaKey) && unit !== "edge";
      if (bySentence) at = event.shiftKey && way > 0 ? sentenceEnd() : sentence(way);
      else at = { word: () => Math.min(words.length - 1, Math.max(0, at + way)), line: () => line(way), edge: () => edge(way) }[unit]();
      if (!event.shiftKey) anchor = at;
      show();
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      take();
      anchor = at;
    } else if (event.key === "Escape") {
      stop(true);
    } else if (!((event.key === "[" && turn(-1)) || (event.key === "]" && turn(1)))) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  function onBlur(event) {
    // The bar with its button belongs to it; and a browser that looks away comes back.
    if (document.hasFocus() && !event.relatedTarget?.closest("#wordbar")) stop(false);
  }

  function stop(back) {
    doc.removeEventListener("keydown", onKey);
    doc.removeEventListener("blur", onBlur);
    doc.classList.remove("marking");
    if (role) doc.setAttribute("role", role);
    else doc.removeAttribute("role");
    doc.removeAttribute("aria-roledescription");
    leave(back);
  }

  doc.addEventListener("keydown", onKey);
  doc.addEventListener("blur", onBlur);
  // In a tab panel a screen reader keeps the arrow keys for itself.
  doc.setAttribute("role", "application");
  doc.setAttribute("aria-roledescription", "document, marking words");
  doc.classList.add("marking");
  doc.tabIndex = 0;
  doc.focus({ preventScroll: true });
  show();
  return { stop };
}
