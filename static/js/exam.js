// A paper of an exam: saved as one goes, with the time that is left.
import "./token.js";
import { step, tabs } from "./chart.js";
import { shortcuts } from "./keys.js";
import { focusEmpty, move, onInput, skipTools } from "./rows.js";
import { saving } from "./saving.js";
import { typeahead } from "./typeahead.js";

document.documentElement.classList.add("scripted");
const form = document.getElementById("coding");
const keep = form && saving("#coding");

// The server's clock counts: the page only counts down from what it said.
const left = document.getElementById("left");
const said = document.getElementById("left-said");
const end = performance.now() + 1000 * Number(left.dataset.left);
const ANNOUNCED = [10, 1]; // minutes before the end
let before = Infinity;

function tick() {
  const seconds = Math.max(0, Math.round((end - performance.now()) / 1000));
  const minutes = Math.ceil(seconds / 60);
  left.textContent = seconds > 300 ? `${minutes} min left` : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} left`;
  left.classList.toggle("short", seconds <= 300);
  const due = ANNOUNCED.find((minute) => before > 60 * minute && seconds <= 60 * minute);
  if (due && before !== Infinity) said.textContent = due === 1 ? "One minute is left." : `${due} minutes are left.`;
  before = seconds;
  if (seconds > 0) return;
  clearInterval(clock);
  // What is typed goes out first; then the server hands the paper in.
  keep?.();
  setTimeout(() => location.assign(left.dataset.over), 500);
}
const clock = setInterval(tick, 1000);
tick();

document.addEventListener("input", (event) => {
  if (event.target.matches("input.code")) onInput(event.target);
});

const line = (verb) => (event) => move(event.target, verb);
if (document.getElementById("chart")) {
  // Brackets are no part of a code: they turn the chart's pages even while one types.
  shortcuts({ "[": () => step(-1), "]": () => step(1) }, "input.code");
  shortcuts({
    "/": () => focusEmpty(),
    "Alt+ArrowUp": line("up"),
    "Alt+ArrowDown": line("down"),
    "Alt+Delete": line("remove"),
  });
  tabs();
  skipTools(document);
  typeahead(form.parentElement);
}
if (location.hash.endsWith("-code")) document.getElementById(location.hash.slice(1))?.focus();
