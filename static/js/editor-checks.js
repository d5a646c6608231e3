// What the linter says while one types: marked in the text, listed below it, and counted.
const wait = 150; // ms of rest after the last key
const quiet = 900; // ms after which the count is told to a screen reader
const signs = { error: "✕", warning: "!", note: "i" };
const rank = ["note", "warning", "error"];

export function checking(cm, form, after) {
  let timer = 0;
  let telling = 0;
  let asked = 0;
  let marks = [];
  const list = () => document.getElementById("problems");
  const links = () => [...list().querySelectorAll("a[data-line]")];

  async function ask(part) {
    const number = ++asked;
    const body = new FormData();
    body.set("text", cm.getValue());
    body.set("part", part);
    const html = await post(`/teach/cases/${form.dataset.case}/lint`, body);
    if (number !== asked) return;
    if (html === null) return tell("Not checked: no answer from the server.");
    const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("problems");
    if (!fresh) return tell("Not checked: reload the page.");
    show(fresh);
    if (part === "first") after();
    if (fresh.dataset.more) ask("all");
  }

  function show(fresh) {
    const at = links().indexOf(document.activeElement);
    const { scrollTop } = list();
    list().replaceWith(fresh);
    list().scrollTop = scrollTop;
    if (at >= 0) (links()[at] ?? links().at(-1))?.focus();
    draw();
  }

  function draw() {
    cm.operation(() => {
      for (const mark of marks) mark.clear();
      cm.clearGutter("problems");
      marks = links().map(mark).filter(Boolean);
    });
    tell(document.getElementById("counted").textContent);
  }

  function mark(link) {
    const { level } = link.dataset;
    const line = Math.min(link.dataset.line - 1, cm.lastLine());
    const text = cm.getLine(line);
    const message = link.querySelector(".message").textContent;
    gutter(line, level, message);
    let start = Math.min(link.dataset.column - 1, text.length);
    const word = /^[^\s,{}[\]]+/.exec(text.slice(start));
    let end = start + (word ? word[0].length : 1);
    if (start >= text.length) [start, end] = [text.search(/\S|$/), text.length];
    if (start >= end) return null;
    return cm.markText({ line, ch: start }, { line, ch: end }, { className: `problem-${level}`, attributes: { title: message } });
  }

  function gutter(line, level, message) {
    const before = cm.lineInfo(line).gutterMarkers?.problems;
    const sign = before ?? Object.assign(document.createElement("span"), { title: "" });
    if (!before || rank.indexOf(level) > rank.indexOf(sign.dataset.level)) {
      Object.assign(sign, { className: `sign ${level}`, textContent: signs[level] });
      sign.dataset.level = level;
    }
    sign.title += (sign.title && "\n") + message;
    if (!before) cm.setGutterMarker(line, "problems", sign);
  }

  function tell(text) {
    clearTimeout(telling);
    telling = setTimeout(() => {
      const count = document.getElementById("count");
      if (count.textContent !== text) count.textContent = text;
    }, quiet);
  }

  function go(link) {
    const place = { line: link.dataset.line - 1, ch: link.dataset.column - 1 };
    cm.setCursor(place);
    cm.scrollIntoView(place, 80);
    cm.focus();
  }

  form.addEventListener("click", (event) => {
    const link = event.target.closest?.("#problems a[data-line]");
    if (!link) return;
    event.preventDefault();
    go(link);
  });
  cm.on("changes", () => {
    clearTimeout(timer);
    timer = setTimeout(() => ask("first"), wait);
  });
  draw();

  return {
    now: () => ask("first"),
    // The next problem behind (or before) the cursor; round and round.
    next(way) {
      const all = way > 0 ? links() : links().reverse();
      const { line, ch } = cm.getCursor();
      const behind = ({ dataset }) => way * (dataset.line - 1 - line || dataset.column - 1 - ch) > 0;
      const found = all.find(behind) ?? all[0];
      if (found) go(found);
    },
  };
}

// What the server answers, or null where it does not.
export async function post(url, body) {
  const headers = { "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content, "HX-Request": "true" };
  try {
    const answer = await fetch(url, { method: "POST", body, headers });
    return answer.ok ? await answer.text() : null;
  } catch {
    return null;
  }
}
