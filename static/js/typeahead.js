// Type words, an abbreviation or a code; choose with the arrows; Tab or Enter completes.
const wait = 90; // ms of rest after the last key
let timer = 0;
let asked = 0;
let refused = ""; // words whose suggestions were sent away

export function typeahead(root) {
  root.addEventListener("input", (event) => {
    if (event.target.matches("input.code")) schedule(event.target);
  });
  root.addEventListener("keydown", onKey);
  root.addEventListener("focusout", (event) => {
    if (event.target.matches?.("input.code")) {
      quiet();
      event.target.value = dotted(event.target);
    }
  });
  // mousedown, not click: the input must keep the focus until the choice is taken over.
  root.addEventListener("mousedown", (event) => {
    const option = event.target.closest?.(".suggest [role=option][data-code]");
    if (!option) return;
    event.preventDefault();
    take(option.closest(".row").querySelector("input.code"), option);
  });
}

const list = () => document.getElementById("suggest");
const options = () => [...(list()?.querySelectorAll("[role=option][data-code]") ?? [])];
const chosen = () => options().find((option) => option.getAttribute("aria-selected") === "true");

function schedule(input) {
  clearTimeout(timer);
  const words = input.value.trim();
  if (words.length < 2) return close();
  timer = setTimeout(() => ask(input, words), wait);
}

async function ask(input, words) {
  const number = ++asked;
  const html = await suggestions(input, words);
  if (!html || number !== asked || document.activeElement !== input) return;
  close();
  input.closest(".row").insertAdjacentHTML("beforeend", html);
  list().dataset.words = words;
  input.setAttribute("aria-expanded", "true");
  // A code that is typed out is not exchanged for a longer one: only an exact match, or words, are chosen at once.
  const first = options()[0];
  if (first && (!codeLike(words) || same(first.dataset.code, words))) select(first, input);
}

// The line was left before its list came: it is completed all the same, unless something else stands there by then.
async function complete(input) {
  const words = input.value.trim();
  if (words.length < 2 || codeLike(words) || words === refused) return;
  const list = Object.assign(document.createElement("template"), { innerHTML: (await suggestions(input, words)) ?? "" });
  const first = list.content.querySelector("[role=option][data-code]");
  if (!first || first.dataset.heading || !input.isConnected || input.value.trim() !== words) return;
  // Saved and named like any other; no list is opened or closed, for somebody types in the next line by now.
  input.value = first.dataset.code;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

async function suggestions(input, words) {
  const body = new FormData();
  body.set("q", words);
  body.set("system", input.closest(".row").querySelector('[name="px_system"]')?.value ?? "icd-10-cm");
  body.set("case_id", document.getElementById("coding")?.dataset.case ?? location.pathname.split("/")[2]);
  const headers = { "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content, "HX-Request": "true" };
  try {
    const answer = await fetch("/codes/suggest", { method: "POST", body, headers });
    if (answer.status === 429) document.getElementById("notice").innerHTML = await answer.text();
    return answer.ok ? await answer.text() : "";
  } catch {
    return ""; // Suggestions are a help; saving and checking say it when the server is gone.
  }
}

const codeLike = (text) => /^[0-9A-Z.]{3,8}$/i.test(text) && /\d/.test(text);
const same = (one, other) => one.replace(".", "").toUpperCase() === other.replace(".", "").toUpperCase().trim();

function onKey(event) {
  const input = event.target;
  if (input.matches?.(".billed input") && event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    return next(input);
  }
  if (!input.matches?.("input.code")) return;
  if (event.key === "Enter") {
    if (event.ctrlKey || event.metaKey) return quiet();
    event.preventDefault();
  }
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  // A list that came for what stood here a moment ago says nothing of what stands here now.
  if (list() && list().dataset.words !== input.value.trim()) close();
  const all = options();
  const at = all.indexOf(chosen());
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (!all.length) return;
    event.preventDefault();
    const way = event.key === "ArrowDown" ? 1 : -1;
    select(all[(at + way + all.length) % all.length], input);
  } else if ((event.key === "Enter" || event.key === "Tab") && chosen() && !event.shiftKey) {
    // Tab on a heading that is already typed out leaves the line: the keyboard is never caught in it.
    const leave = event.key === "Tab" && same(chosen().dataset.code, input.value);
    if (leave) return close();
    const done = take(input, chosen());
    if (event.key === "Enter" || !done) event.preventDefault();
    if (event.key === "Enter" && done) next(input);
  } else if (event.key === "Enter") {
    complete(input);
    next(input);
  } else if (event.key === "Tab" && !event.shiftKey && !all.length) {
    complete(input);
  } else if (event.key === "Escape") {
    refused = input.value.trim();
    close();
  }
}

function select(option, input) {
  for (const other of options()) other.setAttribute("aria-selected", String(other === option));
  if (!option) return;
  option.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", option.id);
}

// Takes over the code. A heading is no code: its choices are offered at once. Returns whether the line is complete.
function take(input, option) {
  if (option.dataset.heading) {
    const opened = same(option.dataset.code, input.value);
    input.value = option.dataset.code;
    if (opened) list().dataset.words = input.value;
    if (opened) select(options()[options().indexOf(option) + 1] ?? option, input);
    else ask(input, option.dataset.code);
    return false;
  }
  fill(input, option.dataset.code);
  return true;
}

// The code stands in its line as if it had been typed out: it is saved, named and, if need be, followed by a new line.
export function fill(input, code) {
  input.value = code;
  close();
  input.dispatchEvent(new Event("change", { bubbles: true }));
  input.dispatchEvent(new Event("input", { bubbles: true }));
  quiet();
}

function next(input) {
  const all = [...document.querySelectorAll(".rows input.code, .rows select.poa, .rows .billed input")];
  all[all.indexOf(input) + 1]?.focus();
}

// No suggestions, and none that are still on their way.
function quiet() {
  clearTimeout(timer);
  close();
}

function close() {
  asked++;
  list()?.remove();
  for (const input of document.querySelectorAll('input.code[aria-expanded="true"]')) {
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
}

// A10.1, W01.0XXA: the dot stands behind the third character of a diagnosis.
function dotted(input) {
  const code = input.value.trim().toUpperCase().replace(".", "");
  if (input.closest(".row")?.querySelector('[name="px_system"]')) return /^[0-9A-Z]{7}$/.test(code) ? code : input.value;
  return /^[A-Z][0-9A][0-9A-Z]{2,6}$/.test(code) ? `${code.slice(0, 3)}.${code.slice(3)}` : input.value;
}
