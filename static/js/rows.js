// The rows of the coding pane: a fresh one when the last is used, and moving them by keyboard.

export function onInput(input) {
  const list = input.closest("ol");
  if (!list || !input.value.trim()) return;
  const group = list.id === "rows-px" ? "px" : "dx";
  const codes = [...document.querySelectorAll(`#rows-${group} input.code`)];
  if (codes.length === 0 || codes.at(-1).value.trim()) addRow(group);
}

export function addRow(group) {
  const template = document.getElementById(`blank-${group}`);
  const place = document.querySelectorAll(`.rows input[name="${group}_code"]`).length;
  const row = template.content.firstElementChild.cloneNode(true);
  for (const element of [row, ...row.querySelectorAll("*")]) {
    for (const attribute of [...element.attributes]) {
      if (attribute.value.includes(`${group}-999`)) element.setAttribute(attribute.name, attribute.value.replace(`${group}-999`, `${group}-${place}`));
      else if (attribute.value.includes("1000")) element.setAttribute(attribute.name, attribute.value.replace("1000", place + 1));
    }
  }
  row.querySelector(".n").textContent = place + 1;
  document.getElementById(`rows-${group}`).append(row);
  skipTools(row);
  htmx.process(row);
  return row;
}

// With the keys of a line at hand, Tab need not stop at its buttons. Without JavaScript it does.
export function skipTools(root) {
  for (const button of root.querySelectorAll("button.tool")) button.tabIndex = -1;
}

export function focusEmpty() {
  const inputs = [...document.querySelectorAll(".rows input.code")];
  (inputs.find((input) => !input.value.trim()) ?? inputs.at(-1))?.focus();
}

// Presses the button of the row that the target is in. Returns whether there was one.
export function move(target, verb) {
  const button = target.closest?.(".row")?.querySelector(`.tool.${verb}`);
  if (button) button.click();
  return Boolean(button);
}

// The first field of the pane that stands behind an element.
export function after(element) {
  const fields = [...document.querySelectorAll(".rows input.code, .rows select.poa, .rows .billed input")];
  return fields.find((field) => element?.compareDocumentPosition(field) & Node.DOCUMENT_POSITION_FOLLOWING);
}
