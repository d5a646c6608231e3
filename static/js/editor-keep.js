// What is not saved yet is kept in this tab, so that neither a crash nor a slip of the hand loses it.
export function keeping(cm, form) {
  const name = `edit:${form.dataset.case}`;
  const base = () => document.getElementById("base");
  let saved = cm.getValue();
  let sent = saved;
  let timer = 0;

  const dirty = () => cm.getValue() !== saved;

  function keep() {
    clearTimeout(timer);
    document.getElementById("dirty").hidden = !dirty();
    try {
      if (dirty()) sessionStorage.setItem(name, JSON.stringify({ text: cm.getValue(), base: base().value, at: Date.now() }));
      else sessionStorage.removeItem(name);
    } catch {
      // A full or forbidden store: the page still warns before it is left.
    }
  }

  function offer() {
    let kept = null;
    try {
      kept = JSON.parse(sessionStorage.getItem(name));
    } catch {
      return;
    }
    if (!kept || kept.text === saved) return;
    const place = document.getElementById("unsaved");
    const line = document.createElement("p");
    line.textContent = `You left this case at ${new Date(kept.at).toLocaleTimeString()} with changes that were not saved. They are kept in this tab.`;
    const take = button("Put them back", () => {
      // Saved over what they began with; if that has changed meanwhile, the server says so.
      base().value = kept.base;
      cm.setValue(kept.text);
    });
    const drop = button("Throw them away", () => sessionStorage.removeItem(name));
    drop.classList.add("secondary", "outline");
    place.replaceChildren(line, take, " ", drop);
    place.className = "notice warn";
    place.hidden = false;

    function button(text, act) {
      const made = Object.assign(document.createElement("button"), { type: "button", className: "narrow", textContent: text });
      made.addEventListener("click", () => {
        act();
        place.hidden = true;
        cm.focus();
      });
      return made;
    }
  }

  cm.on("changes", () => {
    document.getElementById("dirty").hidden = !dirty();
    clearTimeout(timer);
    timer = setTimeout(keep, 400);
  });
  form.addEventListener("htmx:beforeRequest", () => {
    sent = cm.getValue();
  });
  addEventListener("pagehide", () => dirty() && keep());
  addEventListener("beforeunload", (event) => {
    if (!dirty()) return;
    keep();
    event.preventDefault();
  });
  offer();

  return {
    saved() {
      saved = sent;
      keep();
    },
  };
}
