// The workstation's behaviour. Every page works without it; with it, the keyboard does everything.
import "./token.js";
import { toBook } from "./book-panel.js";
import { openDocument, step, tabs, show } from "./chart.js";
import { focusEmpty, move, onInput, skipTools } from "./rows.js";
import { typeahead } from "./typeahead.js";
import { words } from "./words.js";

document.documentElement.classList.add("scripted");

// The server cannot be reached: say so, and that what was typed is still here.
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => notice("The server cannot be reached. Your codes are still on this page; try again in a moment."));
}
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) notice("");
});
document.addEventListener("htmx:afterSettle", (event) => {
  skipTools(document);
  const form = document.getElementById("coding");
  const focus = form?.dataset.focus;
  if (focus) {
    delete form.dataset.focus;
    document.getElementById(focus)?.focus();
  }
  // What was asked for comes into sight; and help, whose button may have gone, takes the focus.
  const asked = event.detail.requestConfig?.path.split("/").at(-1);
  // The button that checks sleeps while it waits, and loses the focus: whoever pressed it by keyboard is there again.
  if (asked === "check" && document.activeElement === document.body) {
    document.querySelector("#coding .check").focus({ preventScroll: true });
  }
  // The words that an earlier report had marked are no longer what is asked about.
  if (asked === "check") show([]);
  // How sure somebody is, they say anew each time.
  if (asked === "check") document.querySelectorAll("#coding [name=sure]").forEach((choice) => (choice.checked = false));
  const shown = { check: "#feedback", key: "#key", hint: "#hints li:last-child", payment: "#consequences" }[asked];
  const place = shown && document.querySelector(shown);
  if (!place) return;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (asked !== "check") {
    place.tabIndex = -1;
    place.focus({ preventScroll: true });
  }
  place.scrollIntoView({ block: asked === "key" ? "start" : "nearest", behavior: still ? "instant" : "smooth" });
});

function notice(text) {
  const place = document.getElementById("notice");
  if (!text) return void place.replaceChildren();
  const line = Object.assign(document.createElement("p"), { className: "notice bad", textContent: text });
  place.replaceChildren(line);
}

// A step of the feedback took the place of its line: what is new in it has the focus, and is read out.
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.requestConfig?.path.endsWith("/step")) return;
  const fresh = document.querySelector("[data-fresh]") ?? document.querySelector("#feedback .pair > summary");
  fresh?.removeAttribute("data-fresh");
  fresh?.focus({ preventScroll: true });
});

// A pair that is opened shows its words in the chart.
document.addEventListener("toggle", (event) => {
  const pair = event.target;
  if (!pair.open || !pair.matches("details.pair, details.look")) return;
  const proofs = [...pair.querySelectorAll(".proof")].filter((q) => pair.matches(".look") || !q.closest(".look"));
  if (proofs.length) show(proofs.map((q) => [q.dataset.document, q.textContent]));
}, true);
document.addEventListener("click", (event) => {
  const proof = event.target.closest?.(".proof");
  if (proof) show([[proof.dataset.document, proof.textContent]]);
});

document.addEventListener("input", (event) => {
  if (event.target.matches("input.code")) onInput(event.target);
});

// Whoever speaks to the computer, or has shaky hands, may want no keys that act alone (WCAG 2.1.4).
document.querySelector("details.keys").hidden = false;
const single = document.getElementById("single-keys");
single.checked = localStorage.getItem("single-keys") !== "off";
single.addEventListener("change", () => localStorage.setItem("single-keys", single.checked ? "on" : "off"));

// A page that is left keeps what was typed, even in a field that was not left before.
let unsaved = false;
document.addEventListener("input", (event) => {
  unsaved ||= event.target.matches("#coding input.code, #coding select.poa");
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful && event.detail.elt.closest?.("#coding")) unsaved = false;
});
addEventListener("pagehide", () => {
  const form = document.getElementById("coding");
  if (unsaved) navigator.sendBeacon(form.getAttribute("hx-post"), new FormData(form));
});

const typing = (target) => target.matches?.("input, select, textarea");
const keys = {
  "[": () => step(-1),
  "]": () => step(1),
  "/": () => focusEmpty(),
  w: () => mark(),
  b: () => toBook(),
  "?": () => {
    const keys = document.querySelector("details.keys");
    keys.open = !keys.open;
    if (keys.open) keys.querySelector("summary").focus();
  },
};
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    document.querySelector("#coding .check").click();
  } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    if (move(event.target, event.key === "ArrowUp" ? "up" : "down")) event.preventDefault();
  } else if (event.altKey && event.key === "Delete") {
    if (move(event.target, "remove")) event.preventDefault();
  } else if (event.altKey && event.code === "KeyW") {
    event.preventDefault();
    mark();
  } else if (event.key === "Escape") {
    document.querySelector("details.keys")?.removeAttribute("open");
  } else if (!event.ctrlKey && !event.metaKey && !event.altKey && keys[event.key] && single.checked) {
    // Brackets are no part of a code: they turn the chart's pages even while one types. The others wait their turn.
    const bracket = event.key === "[" || event.key === "]";
    if (typing(event.target) && !(bracket && event.target.matches("input.code"))) return;
    event.preventDefault();
    keys[event.key]();
  }
});

tabs();
const mark = words();
skipTools(document);
typeahead(document.getElementById("coding").parentElement);
if (location.hash.startsWith("#doc-")) openDocument(location.hash.slice(5));
