// The editor of a case. Without this module the page is a form with a plain text, and does the same.
import "./token.js";
import { shortcuts } from "./keys.js";
import { checking } from "./editor-checks.js";
import { completing } from "./editor-complete.js";
import { keeping } from "./editor-keep.js";
import { previewing } from "./editor-preview.js";

document.documentElement.classList.add("scripted");

const form = document.getElementById("editor");
const cm = CodeMirror.fromTextArea(document.getElementById("text"), {
  mode: "yaml",
  inputStyle: "contenteditable", // what a screen reader can read line by line; a hidden textarea is not
  screenReaderLabel: "The case as YAML",
  lineNumbers: true,
  lineWrapping: true,
  indentUnit: 2,
  tabSize: 2,
  gutters: ["problems", "CodeMirror-linenumbers"],
  extraKeys: {
    Tab: (cm) => cm.execCommand(cm.somethingSelected() ? "indentMore" : "insertSoftTab"),
    "Shift-Tab": "indentLess",
    Esc: leave,
  },
});
const input = cm.getInputField();
input.setAttribute("role", "textbox");
input.setAttribute("aria-multiline", "true");
input.setAttribute("aria-describedby", "how");
cm.on("changes", () => cm.save());

// Esc and then Tab leaves the text (WCAG 2.1.2); any other key takes the Esc back.
function leave(cm) {
  const stay = () => {
    cm.removeKeyMap(map);
    cm.off("keydown", other);
    cm.off("blur", stay);
  };
  const map = { Tab: false, "Shift-Tab": false };
  const other = (_, event) => {
    if (!["Tab", "Shift"].includes(event.key)) stay();
  };
  cm.addKeyMap(map);
  cm.on("keydown", other);
  cm.on("blur", stay);
}

const preview = previewing(cm, form);
const checks = checking(cm, form, preview.refresh);
const keeper = keeping(cm, form);
completing(cm);

shortcuts({
  "Ctrl+s": () => form.requestSubmit(document.getElementById("save")),
  "F8": () => checks.next(1),
  "Shift+F8": () => checks.next(-1),
});

// The server says how saving went; what was merged takes the text's place, and can be undone.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.requestConfig?.elt !== form) return;
  const said = document.getElementById("said");
  const notice = document.getElementById("notice");
  // An error of the server stands among the notices: what was said of an earlier save is over then, and the reverse.
  if (event.detail.target === notice) return void said.replaceChildren();
  notice.replaceChildren();
  const merged = document.getElementById("merged");
  if (merged) {
    cm.setValue(merged.value);
    merged.remove();
    checks.now();
  }
  if (said.dataset.kind === "saved") {
    document.getElementById("note").value = "";
    keeper.saved();
  } else {
    document.getElementById("saying").scrollIntoView({ block: "nearest" });
  }
  // A button that is gone takes the focus with it.
  if (document.activeElement === document.body) cm.focus();
});
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => {
    const line = Object.assign(document.createElement("p"), { className: "notice bad" });
    line.textContent = "The server cannot be reached, and nothing was saved. Your text is still here; try again in a moment.";
    document.getElementById("said").replaceChildren(line);
  });
}
