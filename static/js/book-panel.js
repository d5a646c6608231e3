// The code book beside the chart: it keeps its place, and one key takes a code over into the coding form.
import { address, fetchBook, live, stop } from "./book.js";
import { shortcuts } from "./keys.js";
import { addRow } from "./rows.js";
import { fill } from "./typeahead.js";

const panel = document.getElementById("book-panel");
const opener = document.getElementById("book-open");
const body = document.getElementById("book-body");
const said = document.getElementById("book-said");
const kept = `book:${location.pathname}`;
let line = null; // the coding line from which the book was last asked
let number = 0;

const place = () => JSON.parse(sessionStorage.getItem(kept) ?? "{}");
const keep = (change) => sessionStorage.setItem(kept, JSON.stringify({ ...place(), ...change }));

const toggle = () => (panel.hidden ? open() : close());

// The key that opens the book leads back into it from the chart, and closes it from within.
export function toBook() {
  if (panel.hidden || panel.contains(document.activeElement)) toggle();
  else enter();
}

const enter = () => (body.querySelector("#book-q") ?? body.querySelector("h1"))?.focus();

async function open(focus = true) {
  panel.hidden = false;
  opener.setAttribute("aria-expanded", "true");
  keep({ open: true });
  if (!body.firstElementChild) await load(place().url ?? panel.dataset.start, { top: place().top ?? 0 });
  if (focus) enter();
}

function close() {
  panel.hidden = true;
  opener.setAttribute("aria-expanded", "false");
  keep({ open: false });
  (line?.isConnected ? line : opener).focus();
}

async function load(url, { focus = "", top = 0, ...options } = {}) {
  stop();
  const mine = ++number;
  try {
    const found = await fetchBook(url, options);
    if (mine !== number) return;
    body.replaceChildren(found.book);
    const heading = body.querySelector("h1");
    heading.tabIndex = -1; // It takes the focus when a page of the book is opened.
    panel.scrollTop = top;
    keep({ url: found.url, top });
    said.textContent = heading.textContent;
    if (focus) (body.querySelector(focus) ?? heading).focus({ preventScroll: true });
  } catch {
    said.textContent = "The code book cannot be reached. Try again in a moment.";
  }
}

// Links and forms of the book stay in the panel; what leads elsewhere opens beside.
panel.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.pathname.startsWith("/book")) {
    event.preventDefault();
    load(link.href, { focus: "h1" });
  } else {
    link.target = "_blank";
  }
});
panel.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  if (form.method === "get") return void load(address(form), { focus: ".book-codes a" });
  const data = new FormData(form, event.submitter);
  load(form.action, { method: "POST", body: data, focus: "#book-mine button", top: panel.scrollTop });
});
panel.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-take]");
  if (button) take(button);
});
panel.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  event.preventDefault();
  event.stopPropagation();
  close();
});
shortcuts({ "t": (event) => {
  const code = panel.contains(event.target) && (event.target.closest("[data-take]") ?? body.querySelector(".book-take [data-take]"));
  if (!code) return false;
  take(code);
} });
panel.addEventListener("scroll", () => keep({ top: panel.scrollTop }), { passive: true });

const lines = (group) => [...document.querySelectorAll(`#coding .rows input[name="${group}_code"]`)];
// What was typed to look it up may go; a code that stands there stays.
const free = (input) => !/\d/.test(input.value);

function take(from) {
  const { take: code, system } = from.dataset;
  const group = system === "icd-10-cm" ? "dx" : "px";
  if (group === "px" && !document.getElementById("rows-px")) {
    said.textContent = "This case has no lines for procedures.";
    return;
  }
  const mine = line?.isConnected && line.name === `${group}_code` && free(line) ? line : null;
  const input = mine ?? lines(group).find((each) => !each.value.trim()) ?? addRow(group).querySelector("input.code");
  line = null;
  fill(input, code);
  if (matchMedia("(max-width: 40rem)").matches) close();
  input.focus();
  said.textContent = `${code} taken over.`;
}

document.getElementById("coding").parentElement.addEventListener("focusin", (event) => {
  if (event.target.matches("input.code")) line = event.target;
});
opener.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  toggle();
});
document.getElementById("book-close").addEventListener("click", close);
opener.setAttribute("aria-expanded", "false");
opener.setAttribute("aria-controls", "book-panel");
live(panel, (url) => keep({ url, top: 0 }));
if (place().open) open(false);
