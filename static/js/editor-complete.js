// Completion: the keys and values that the form of a case knows here, ids of documents, words of the chart, and codes.
import { post } from "./editor-checks.js";
import { documents, placeAt, schemaAt } from "./editor-place.js";

const wait = 120; // ms of rest before codes are asked for
const codeKeys = ["partial", "instead", "codes"]; // mappings whose keys are codes
const codeLists = ["accept", "either_first"];

let form; // {schema, rules}, fetched once

export function completing(cm) {
  let timer = 0;
  const load = fetch("/teach/case-form").then((answer) => answer.json()).then((got) => {
    form = got;
  }).catch(() => {}); // without it, one types

  cm.on("endCompletion", () => cm.getInputField().removeAttribute("aria-controls"));
  cm.addKeyMap({ "Ctrl-Space": () => {
    const at = place(cm);
    if (at?.kind === "value" && at.lines[at.line][at.ch - 1] === ":") cm.replaceSelection(" ");
    open(cm, true);
  } });
  cm.on("inputRead", (cm, change) => {
    if (change.origin !== "+input" || !/^[\w. -]{1,9}$/.test(change.text.join("\n"))) return;
    clearTimeout(timer);
    timer = setTimeout(() => load.then(() => open(cm, false)), wait);
  });
}

function open(cm, wanted) {
  if (cm.state.completionActive || cm.somethingSelected()) return;
  const at = place(cm);
  if (!at || (!wanted && at.typed.trim().length < least(at))) return;
  cm.showHint({ hint: (cm) => hint(cm, wanted), completeSingle: false, closeCharacters: /[{}[\]|#]/, container: document.querySelector(".writing") });
}

function place(cm) {
  const { line, ch } = cm.getCursor();
  const lines = cm.getValue().split("\n");
  const at = placeAt(lines, line, lines[line].slice(0, ch));
  if (!at) return null;
  // An entry of a list that holds no mappings is a value.
  const plain = form && at.path.at(-1) === "[]" && schemaAt(form.schema, at.path)?.type !== "object";
  return { ...at, kind: plain ? "value" : at.kind, lines, line, ch };
}

const codes = ({ path, kind }) => (kind === "key"
  ? codeKeys.includes(path.at(-1))
  : path.at(-1) === "code" || codeLists.includes(path.find((step) => codeLists.includes(step))) || path.at(-2) === "codes");
const least = (at) => (codes(at) ? 2 : at.path.at(-1) === "quote" ? 3 : 1);

async function hint(cm, wanted) {
  const at = place(cm);
  cm.getInputField().removeAttribute("aria-controls");
  if (!form || !at) return null;
  const typed = at.typed.trim().toLowerCase();
  const all = codes(at) ? await codesFor(at) : choices(at).filter(({ text }) => text.toLowerCase().includes(typed));
  const rank = ({ text }) => (text.toLowerCase().startsWith(typed) ? 0 : 1);
  const list = codes(at) ? all : all.sort((one, other) => rank(one) - rank(other)).slice(0, 40);
  // What is typed out wants no choosing: Enter is a new line then.
  if (!list.length || (!wanted && list.some(({ text, heading }) => !heading && same(text, at.typed)))) return null;
  const from = { line: at.line, ch: at.from };
  const found = { list: list.map((one) => item(at, one)), from, to: { line: at.line, ch: at.ch } };
  // A heading that stands there already is opened: the next Enter takes what is below it.
  if (list[0].heading && list[1] && same(list[0].text, at.typed)) found.selectedHint = 1;
  CodeMirror.on(found, "shown", () => accessible(cm));
  return found;
}

const same = (one, other) => one.replace(/[.:]/g, "").toUpperCase() === other.trim().replace(/[.:]/g, "").toUpperCase();

// {text, title}: what may stand here.
function choices(at) {
  const node = schemaAt(form.schema, at.path);
  const name = at.path.at(-1);
  if (at.kind === "key") {
    const own = { const: true, ...node?.properties };
    delete own.const;
    return Object.keys(own).map((key) => ({ text: `${key}:${structured([...at.path, key]) && !at.flow ? "" : " "}`, title: about([...at.path, key]) }));
  }
  if (name === "document") return documents(at.lines).map(({ id }) => ({ text: id, title: "" }));
  if (name === "quote") return quotes(at);
  if (name === "rule") return Object.entries(form.rules).map(([text, title]) => ({ text, title }));
  if (node?.type === "boolean") return ["true", "false"].map((text) => ({ text, title: "" }));
  const values = node?.enum ?? (node?.const ? [node.const] : []);
  return values.map((text) => ({ text, title: "" }));
}

const structured = (path) => ["object", "array"].includes(schemaAt(form.schema, path)?.type);
function about(path) {
  const node = schemaAt(form.schema, path);
  return node?.description?.split("\n")[0] ?? (node?.enum ? node.enum.join(", ") : "");
}

// Lines of the document that the same quote names, else of all.
function quotes(at) {
  const own = /document:\s*([\w-]+)/.exec(at.flow ? at.lines[at.line] : `${at.lines[at.line - 1]}\n${at.lines[at.line + 1]}`)?.[1];
  return documents(at.lines).filter(({ id }) => !own || id === own).flatMap(({ id, lines }) =>
    lines.filter((line) => line && !line.startsWith("#")).map((text) => ({ text: text.replace(/^[-*|]\s*/, ""), title: own ? "" : id, quote: true })));
}

async function codesFor(at) {
  const body = new FormData();
  body.set("q", at.typed.replace(/^["']/, "").trim());
  body.set("system", at.path.includes("procedures") ? "icd-10-pcs" : "icd-10-cm");
  const text = at.lines.join("\n");
  body.set("on", /^(?:discharged|date_of_service):\s*"?(\d{4}-\d\d-\d\d)/m.exec(text)?.[1] ?? "");
  const html = at.typed.trim().length > 1 ? await post("/codes/suggest", body) : null;
  const options = new DOMParser().parseFromString(html ?? "", "text/html").querySelectorAll("[role=option][data-code]");
  return [...options].map((option) => ({
    text: option.dataset.code + (at.kind === "key" ? ": " : ""),
    title: option.children[1].textContent,
    heading: Boolean(option.dataset.heading),
  }));
}

function item(at, { text, title, heading, quote }) {
  const plain = quote && (/[:#]\s|^[[{"'&*!|>%@`-]/.test(text) || (at.flow && /[,{}[\]]/.test(text)));
  return {
    // In a quotation, single marks are doubled; nothing else in it means anything.
    text: plain ? `'${text.replaceAll("'", "''")}'` : text,
    hint(cm, { from }, { text }) {
      // Up to the cursor: who types on while the list is on its way means what it says then.
      cm.replaceRange(heading ? text.replace(/: $/, "") : text, from, cm.getCursor(), "complete");
      // A heading is no code: its choices come at once.
      if (heading) setTimeout(() => open(cm, true));
    },
    render(element) {
      const code = Object.assign(document.createElement("b"), { textContent: text.replace(/: ?$/, "") });
      const words = Object.assign(document.createElement("span"), { textContent: title });
      element.append(code, " ", words);
      if (heading) element.classList.add("heading");
    },
  };
}

// What show-hint 5.65 leaves to be said to a screen reader, and what it says where it may not.
function accessible(cm) {
  const list = document.querySelector(".CodeMirror-hints");
  if (!list) return;
  list.removeAttribute("aria-expanded");
  list.setAttribute("aria-label", "Suggestions");
  list.tabIndex = 0; // it scrolls; while it is open, Tab takes the chosen one, and the arrows choose
  const input = cm.getInputField();
  input.removeAttribute("aria-owns");
  input.setAttribute("aria-controls", list.id);
}
