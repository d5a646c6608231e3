// The workstation's behaviour. Every page works without it; with it, the keyboard does everything.
import { openDocument, step, tabs, show } from "./chart.js";
import { addRow, focusEmpty, move, onInput } from "./rows.js";
import { typeahead } from "./typeahead.js";

const csrf = document.querySelector('meta[name="csrf-token"]').content;
document.documentElement.classList.add("scripted");

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = csrf;
});
// The server cannot be reached: say so, and that what was typed is still here.
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => notice("The server cannot be reached. Your codes are still on this page; try again in a moment."));
}
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) notice("");
});
document.addEventListener("htmx:afterSettle", (event) => {
  const form = document.getElementById("coding");
  const focus = form?.dataset.focus;
  if (focus) {
    delete form.dataset.focus;
    document.getElementById(focus)?.focus();
  }
  if (event.target.id === "feedback" || event.detail.elt?.id === "feedback") {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    document.getElementById("feedback").scrollIntoView({ block: "nearest", behavior: still ? "instant" : "smooth" });
  }
});

function notice(text) {
  const place = document.getElementById("notice");
  if (!text) return void place.replaceChildren();
  const line = Object.assign(document.createElement("p"), { className: "notice bad", textContent: text });
  place.replaceChildren(line);
}

// A pair that is opened shows its words in the chart.
document.addEventListener("toggle", (event) => {
  const pair = event.target;
  if (!pair.open || !pair.matches("details.pair, details.look")) return;
  const proofs = [...pair.querySelectorAll(".proof")].filter((q) => pair.matches(".look") || !q.closest(".look"));
  if (proofs.length) show(proofs.map((q) => [q.dataset.document, q.textContent]));
}, true);
document.addEventListener("click", (event) => {
  const proof = event.target.closest?.(".proof");
  if (proof) show([[proof.dataset.document, proof.textContent]], true);
});

document.addEventListener("input", (event) => {
  if (event.target.matches("input.code")) onInput(event.target);
});

const typing = (target) => target.matches?.("input, select, textarea");
const keys = {
  "[": () => step(-1),
  "]": () => step(1),
  "/": () => focusEmpty(),
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
  } else if (event.key === "Escape") {
    document.querySelector("details.keys")?.removeAttribute("open");
  } else if (!event.ctrlKey && !event.metaKey && !event.altKey && keys[event.key]) {
    // Brackets are no part of a code: they turn the chart's pages even while one types. The others wait their turn.
    const bracket = event.key === "[" || event.key === "]";
    if (typing(event.target) && !(bracket && event.target.matches("input.code"))) return;
    event.preventDefault();
    keys[event.key]();
  }
});

tabs();
typeahead(document.getElementById("coding").parentElement, addRow);
if (location.hash.startsWith("#doc-")) openDocument(location.hash.slice(5));
