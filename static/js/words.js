// The words of the chart that a code rests on: selected by mouse, touch or keyboard, and put under a line.
// The server proves them and draws the line anew; here they are only chosen, and shown in the chart.
import { caret } from "./caret.js";
import { markWords, openDoc, step, unmark } from "./chart.js";
import { flat, partOf } from "./flat.js";
import { alone } from "./keys.js";

const LONGEST = 400;
const SHORTEST = 3;
const HINTS = ["Arrows move, Ctrl by sentence, Shift selects.", "Select the words in the chart."];

export function words() {
  const chart = document.getElementById("chart");
  const form = () => document.getElementById("coding");
  const [bar, use, done, hint, voice] = controls(chart);
  let row = ""; // id of the row that the words are for: dx-1
  let picked = null; // what is selected: { doc, quote }
  let walking = null; // the caret, while the keyboard walks through the chart
  let sent = false; // whether the pane that comes next was asked for here
  let drawn = ""; // the marks that are in the chart
  let back = null; // where the focus came from

  const code = (id) => document.getElementById(`${id}-code`)?.value.trim() ?? "";
  const number = (id) => (id.startsWith("px") ? "procedure " : "line ") + (Number(id.slice(3)) + 1);

  // The line that was last worked on, if it has a code; otherwise the last one that has.
  function target() {
    if (row && code(row)) return row;
    const filled = [...form().querySelectorAll(".row")].map((one) => one.id).filter(code);
    const kind = row.slice(0, 2) || "dx";
    return filled.findLast((id) => id.startsWith(kind)) ?? filled.at(-1);
  }

  function look() {
    const selection = getSelection();
    const range = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
    const doc = range && openDoc();
    const page = doc && range.intersectsNode(doc) && chart.contains(range.commonAncestorContainer) ? flat(doc) : null;
    const part = page && partOf(page, range);
    picked = part && { doc, quote: page.text.slice(...part) };
    draw();
  }

  function draw() {
    const id = target();
    const length = picked?.quote.length ?? 0;
    const wrong = !id ? "Type a code first, then mark the words that it rests on."
      : length > LONGEST ? `${length} characters: mark at most ${LONGEST}, the words that say it.` : "";
    bar.hidden = !picked && !walking;
    use.hidden = !id || !picked;
    use.disabled = Boolean(wrong) || length < SHORTEST;
    if (id) use.textContent = `Use for ${number(id)}: ${code(id)}`;
    hint.textContent = wrong || (walking ? HINTS[Number(matchMedia("(pointer: coarse)").matches)] : "");
    done.hidden = !walking;
  }

  function take() {
    const id = target();
    if (!id || use.disabled || !picked) {
      say(hint.textContent || "Nothing is selected.");
      return;
    }
    const fields = document.getElementById(`${id}-marked`);
    const [place, quote] = [fields.querySelector("select"), fields.querySelector(".byhand input")];
    place.disabled = quote.disabled = false;
    place.value = picked.doc.id.slice(4);
    quote.value = picked.quote;
    sent = true;
    fields.querySelector(".put").click();
    place.disabled = quote.disabled = true;
    say(`Put under ${number(id)}, ${code(id)}: ${picked.quote}`);
    getSelection().collapseToEnd();
    if (!walking) openDoc().focus({ preventScroll: true });
  }

  const say = (text) => { voice.textContent = text; };

  // Takes what is selected; where nothing is, the keyboard goes into the chart to select it.
  function mark() {
    if (picked && !walking) return take();
    if (!walking) walk();
  }

  function walk() {
    const focused = document.activeElement;
    back = focused?.closest("#coding") && focused.id ? focused.id : `${target() ?? "dx-0"}-code`;
    const doc = openDoc();
    walking = true;
    walking = caret(doc, { say, take, leave, turn });
    if (matchMedia("(max-width: 58rem)").matches) chart.scrollIntoView({ block: "start" });
    draw();
  }

  function turn(way) {
    if (!alone()) return false;
    walking.stop(false);
    step(way);
    walk();
    return true;
  }

  function leave(focus) {
    walking = null;
    getSelection().removeAllRanges();
    picked = null;
    draw();
    if (focus) document.getElementById(back)?.focus({ preventScroll: true });
  }

  // By hand is for whoever has no script: here the fields only carry what was selected.
  function settle() {
    form().querySelectorAll(".byhand select, .byhand input").forEach((field) => { field.disabled = true; });
    const own = [...form().querySelectorAll(".row .word .proof")].map((proof) => (
      [proof.dataset.document, proof.textContent, number(proof.closest(".row").id).replace("line ", "").replace("procedure ", "P")]
    ));
    // Marks that are the same stay: drawing them anew would take a selection away.
    if (JSON.stringify(own) !== drawn) {
      drawn = JSON.stringify(own);
      unmark("mark.own");
      for (const [id, quote, line] of own) {
        const [first] = markWords(document.getElementById(`doc-${id}`), quote, "own");
        if (first) first.dataset.line = line;
      }
    }
    draw();
  }

  document.addEventListener("selectionchange", () => requestAnimationFrame(look));
  document.addEventListener("focusin", (event) => {
    const one = event.target.closest?.("#coding .row");
    if (one && one.id !== row) {
      row = one.id;
      draw();
    }
  });
  document.addEventListener("click", (event) => {
    const tool = event.target.closest?.(".tool.words");
    if (!tool) return;
    row = tool.closest(".row").id;
    mark();
  });
  // A press on the bar must not take the selection away.
  bar.addEventListener("pointerdown", (event) => event.preventDefault());
  use.addEventListener("click", take);
  done.addEventListener("click", () => walking?.stop(true));
  document.addEventListener("htmx:afterSwap", (event) => {
    // Whoever marks words stays in the chart.
    if (sent && event.target.id === "coding") {
      delete form().dataset.focus;
      sent = false;
    }
  });
  document.addEventListener("htmx:afterRequest", (event) => { sent &&= event.detail.successful; });
  document.addEventListener("htmx:afterSettle", settle);
  document.addEventListener("input", (event) => {
    if (event.target.matches("#coding input.code")) draw();
  });
  settle();
  return mark;
}

function controls(chart) {
  const bar = Object.assign(document.createElement("div"), { id: "wordbar", hidden: true });
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", "Words for your codes");
  const button = (id, text) => Object.assign(document.createElement("button"), { type: "button", id, textContent: text });
  const [use, done] = [button("use-words", ""), button("leave-words", "Done")];
  done.className = "secondary outline";
  const hint = Object.assign(document.createElement("span"), { className: "soft small" });
  const voice = Object.assign(document.createElement("span"), { className: "hidden", id: "word-voice" });
  voice.setAttribute("aria-live", "polite");
  bar.append(use, hint, done);
  chart.append(bar, voice);
  return [bar, use, done, hint, voice];
}
