// The keys of a page. The server's table (sandbox/web/keys.py) is drawn as the list that ? opens; a script binds what its
// keys do, and can bind none that the list does not know.
const dialog = document.getElementById("keys");
const rows = [...(dialog ?? document).querySelectorAll("[data-combos]")];
const known = new Set(rows.flatMap((row) => row.dataset.combos.split(" ")));
const bound = new Map();
const fields = "input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]";

// Whoever speaks to the computer, or has shaky hands, may want no keys that act alone (WCAG 2.1.4).
const single = document.getElementById("single-keys");
export const alone = () => localStorage.getItem("single-keys") !== "off";
single.checked = alone();
single.addEventListener("change", () => localStorage.setItem("single-keys", single.checked ? "on" : "off"));
const box = document.getElementById("alone");
if (box) box.hidden = false;

// {"Ctrl+Enter": (event) => …}: what the keys do; false leaves the key to the browser. Keys that act alone wait while
// somebody types, but for fields that match `typing`.
export function shortcuts(table, typing = "") {
  for (const [combo, run] of Object.entries(table)) {
    if (known.has(combo)) bound.set(combo, { run, typing });
    else console.error(`The list of keys does not know ${combo}.`);
  }
}

function name(event) {
  const parts = [];
  // AltGr, by which many keyboards type a bracket, says that it is Ctrl and Alt.
  const plain = event.getModifierState("AltGraph");
  if (!plain && (event.ctrlKey || event.metaKey)) parts.push("Ctrl");
  if (!plain && event.altKey) parts.push("Alt");
  // With Alt, a Mac makes other letters of the letters.
  const letter = parts.includes("Alt") && /^Key[A-Z]$/.test(event.code) ? event.code.slice(3) : event.key;
  if (event.shiftKey && letter.length > 1) parts.push("Shift");
  return [...parts, parts.length && letter.length === 1 ? letter.toLowerCase() : letter].join("+");
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || !event.key) return;
  const combo = name(event);
  const found = bound.get(combo);
  if (!found || (dialog?.open && combo !== "?")) return;
  const field = event.target.matches?.(fields);
  if (combo.length === 1 && (!alone() || (field && !(found.typing && event.target.matches(found.typing))))) return;
  if (found.run(event) !== false) event.preventDefault();
});

function toggle() {
  if (dialog.open) return dialog.close();
  for (const row of rows) row.hidden = !row.dataset.combos.split(" ").every((combo) => bound.has(combo));
  for (const section of dialog.querySelectorAll("section")) section.hidden = !section.querySelector("dl > :not([hidden])");
  dialog.showModal();
}

if (dialog) {
  shortcuts({ "?": toggle });
  document.getElementById("keys-open").addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    toggle();
  });
  // A press beside the list closes it.
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}
