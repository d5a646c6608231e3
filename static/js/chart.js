// The chart: documents as tabs, and the words that a line rests on, marked.
import { flat } from "./flat.js";

// It is looked up each time: the editor draws it anew while the author types.
const box = () => document.getElementById("chart");
const links = () => [...box().querySelectorAll(".tabs a")];
const docs = () => [...box().querySelectorAll(".doc")];

export function tabs() {
  const list = box().querySelector(".tabs");
  list.setAttribute("role", "tablist");
  box().classList.add("tabbed");
  const pages = docs();
  links().forEach((link, n) => {
    const id = pages[n].id;
    Object.assign(link, { id: `tab-${id}` });
    link.removeAttribute("aria-current");
    link.setAttribute("role", "tab");
    link.setAttribute("aria-controls", id);
    pages[n].setAttribute("role", "tabpanel");
    pages[n].setAttribute("aria-labelledby", link.id);
    pages[n].tabIndex = 0;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      select(n);
    });
    link.addEventListener("keydown", (event) => {
      const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (way) {
        event.preventDefault();
        step(way);
        links()[current()].focus();
      } else if (event.key === " ") {
        event.preventDefault();
        select(n);
      }
    });
  });
  select(0);
}

const current = () => links().findIndex((link) => link.getAttribute("aria-selected") === "true");

function select(n) {
  const pages = docs();
  links().forEach((link, m) => {
    link.setAttribute("aria-selected", String(m === n));
    link.tabIndex = m === n ? 0 : -1;
    pages[m].hidden = m !== n;
  });
  // Where the tabs do not fit side by side they scroll; the chosen one stays in sight.
  const link = links()[n];
  const list = link.parentElement;
  list.scrollLeft = link.offsetLeft - list.offsetLeft - 40;
  box().scrollTop = 0;
}

export const step = (way) => select((current() + way + links().length) % links().length);

export const openDoc = () => docs()[current()];

export const openId = () => openDoc()?.id.slice(4);

export function openDocument(id) {
  const pages = docs();
  const n = pages.findIndex((doc) => doc.id === `doc-${id}`);
  if (n >= 0 && n !== current()) select(n);
  return pages[n];
}

// Marks each [document, words] in the chart and shows the first of them.
export function show(proofs) {
  const chart = box();
  unmark("mark:not(.own)");
  const marks = proofs.map(([id, words]) => markWords(docs().find((doc) => doc.id === `doc-${id}`), words));
  const first = marks.findIndex((found) => found.length);
  if (first < 0) return;
  openDocument(proofs[first][0]);
  const frame = chart.getBoundingClientRect();
  const place = marks[first][0].getBoundingClientRect();
  chart.scrollTop += place.top - frame.top - frame.height / 3;
}

// Wraps the words, wherever they run across lines and elements. White space counts as one blank.
export function markWords(doc, words, kind = "") {
  if (!doc) return [];
  const { text, places } = flat(doc);
  const wanted = words.replace(/\s+/g, " ").trim();
  const start = text.indexOf(wanted);
  if (start < 0 || !wanted) return [];
  const byNode = new Map();
  for (const [node, offset] of places.slice(start, start + wanted.length)) {
    const range = byNode.get(node) ?? [offset, offset];
    byNode.set(node, [Math.min(range[0], offset), Math.max(range[1], offset)]);
  }
  return [...byNode].filter(([node]) => node.data.trim()).map(([node, [from, to]]) => {
    const range = document.createRange();
    range.setStart(node, from);
    range.setEnd(node, Math.min(to + 1, node.length));
    const mark = document.createElement("mark");
    mark.className = kind;
    range.surroundContents(mark);
    return mark;
  });
}

export function unmark(css) {
  box().querySelectorAll(css).forEach((mark) => {
    const parent = mark.parentNode;
    mark.replaceWith(...mark.childNodes);
    parent.normalize();
  });
}
