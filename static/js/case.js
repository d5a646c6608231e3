// The workstation's behaviour. Every page works without it; with it, the keyboard does everything.
import "./token.js";
import "./steps.js";
import { toBook } from "./book-panel.js";
import { openDocument, step, tabs, show } from "./chart.js";
import { shortcuts } from "./keys.js";
import { after, focusEmpty, move, onInput, skipTools } from "./rows.js";
import { saving } from "./saving.js";
import { typeahead } from "./typeahead.js";
import { words } from "./words.js";

document.documentElement.classList.add("scripted");

saving("#coding", ["lines", "check"]);
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  // The clock of a lab asks by itself: that clears nothing that somebody is to read.
  if (detail.successful && detail.requestConfig.elt.id !== "lab-state") document.getElementById("notice").replaceChildren();
});
// What is said beside a line is exchanged while the focus may stand on a link in it: it goes to the link that is there
// then, or else to the line that comes next.
let left = "";
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const said = event.detail.target;
  if (said.matches?.(".state") && said.contains(document.activeElement)) left = said.id;
});
document.addEventListener("htmx:oobAfterSwap", () => {
  if (!left || document.activeElement !== document.body) return;
  const said = document.getElementById(left);
  left = "";
  (said?.querySelector("a") ?? after(said))?.focus();
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

// How sure somebody is belongs to the next check and to no draft.
document.addEventListener("change", (event) => {
  if (event.target.name === "sure") event.stopPropagation();
}, true);

document.addEventListener("input", (event) => {
  if (event.target.matches("input.code")) onInput(event.target);
});

// Brackets are no part of a code: they turn the chart's pages even while one types. The others wait their turn.
shortcuts({ "[": () => step(-1), "]": () => step(1) }, "input.code");
shortcuts({
  "/": () => focusEmpty(),
  "b": () => toBook(),
  "w": () => mark(),
  "Alt+w": () => mark(),
  "Alt+ArrowUp": (event) => move(event.target, "up"),
  "Alt+ArrowDown": (event) => move(event.target, "down"),
  "Alt+Delete": (event) => move(event.target, "remove"),
  "Ctrl+Enter": () => document.querySelector("#coding .check").click(),
});

tabs();
const mark = words();
skipTools(document);
typeahead(document.getElementById("coding").parentElement);
if (location.hash.startsWith("#doc-")) openDocument(location.hash.slice(5));
