// Audit mode: the chart's tabs, the words of a fault marked in it, codes completed, and the audit handed in by keyboard.
import "./token.js";
import { openDocument, show, step, tabs } from "./chart.js";
import { shortcuts } from "./keys.js";
import { saving } from "./saving.js";
import { typeahead } from "./typeahead.js";

document.documentElement.classList.add("scripted");
tabs();
const form = document.getElementById("audit");
if (form) {
  typeahead(form.parentElement);
  saving("#audit");
}

document.addEventListener("toggle", (event) => {
  const pair = event.target;
  if (!pair.open || !pair.matches("details.pair")) return;
  const proofs = [...pair.querySelectorAll(".proof")];
  if (proofs.length) show(proofs.map((proof) => [proof.dataset.document, proof.textContent]));
}, true);
document.addEventListener("click", (event) => {
  const proof = event.target.closest?.(".proof");
  if (proof) show([[proof.dataset.document, proof.textContent]]);
});

shortcuts({ "[": () => step(-1), "]": () => step(1) }, "input.code");
if (form) shortcuts({ "Ctrl+Enter": () => form.requestSubmit(form.querySelector(".check")) });

if (location.hash.startsWith("#doc-")) openDocument(location.hash.slice(5));
