// A form that is saved as one goes. What could not be sent is sent again by itself, and the page claims no more than is true.

const GONE = "The server cannot be reached. Your work is still on this page; try again in a moment.";
const UNREACHED = "The server cannot be reached. What you typed is not saved yet: it is still on this page, and is sent again by itself.";
const UNABLE = "The server could not save what you typed. It is still on this page, and is sent again by itself; if it stays so, tell your instructor.";
const REFUSED = "What you typed was not saved: the server does not take it. Copy it if you need it, then reload this page.";
const SETTLED = "What you typed is saved now.";

const PATIENCE = 20_000; // milliseconds until an answer is no longer waited for
const FIRST = 2_000; // milliseconds until it is sent again, more each time …
const LONGEST = 20_000; // … and at most

// selector: of the form, whose hx-post saves it. others: ends of the addresses that save it as well.
// Returns what sends it at the last moment.
export function saving(selector, others = []) {
  const form = () => document.querySelector(selector);
  const place = Object.assign(document.createElement("div"), { id: "unsent", role: "alert" });
  document.getElementById("notice").before(place);

  // How many changes were typed, how many of them went out last, and how many the server has.
  let [typed, sent, saved] = [0, 0, 0];
  let due = false; // it is to be sent again
  let away = false; // nobody answered the last request
  let lost = null; // what was sent and not answered: { body, typed }
  let onward = null; // the button that waits until it is saved
  let [timer, tries] = [0, 0];

  const unsaved = () => due || typed !== saved;
  const drafts = (request) => request.path === form()?.getAttribute("hx-post");
  const saves = (request) => drafts(request) || others.includes(request.path.split("/").at(-1));

  function say(text, kind = "bad", again = false) {
    if (place.textContent === text && !again) return; // told once, not at every try
    const line = text ? [Object.assign(document.createElement("p"), { className: `notice ${kind}`, textContent: text })] : [];
    place.replaceChildren(...line);
  }

  // The line in the bar: since when nothing is saved, or that all is.
  function claim(all) {
    const line = document.getElementById("saved");
    const was = line.textContent.trim();
    if (was.startsWith("not saved") !== all) return;
    if (all) line.textContent = `saved ${new Date().toISOString().slice(11, 16)} UTC`;
    else line.textContent = was.startsWith("saved") ? was.replace("saved", "not saved since") : "not saved yet";
  }

  function send() {
    clearTimeout(timer);
    htmx.trigger(form(), "change");
  }

  function later(wait) {
    clearTimeout(timer);
    due = true;
    timer = setTimeout(send, wait);
  }

  function failed(text, again) {
    say(text, "bad", again);
    claim(false);
    // Not all pages of a class at the same moment.
    later(Math.min(LONGEST, FIRST * 1.6 ** tries++) * (0.75 + Math.random() / 2));
  }

  function refused() {
    clearTimeout(timer);
    [due, lost, onward] = [false, null, null];
    if (!place.dataset.theirs) say(REFUSED);
    delete place.dataset.theirs;
    claim(false);
  }

  function settled() {
    clearTimeout(timer);
    [due, lost, tries, saved] = [false, null, 0, sent];
    claim(true);
    if (place.querySelector(".bad")) say(SETTLED, "ok");
    if (onward) form().requestSubmit(onward);
    onward = null;
  }

  document.addEventListener("htmx:configRequest", ({ detail }) => {
    if (!saves(detail)) return;
    sent = typed;
    if (!drafts(detail)) return;
    detail.timeout = PATIENCE;
    // The server may have what was not answered, and a newer form would then seem to come from another tab. So the very
    // same goes out once more, which it takes either way; what the form says by now follows.
    if (lost) [detail.parameters, sent] = [lost.body, lost.typed];
  });

  for (const name of ["sendError", "timeout", "sendAbort"]) {
    document.addEventListener(`htmx:${name}`, ({ detail: { requestConfig: request } }) => {
      if (drafts(request)) lost ??= { body: request.formData, typed: sent };
      // Given up for another request, which mostly saves it too.
      if (name === "sendAbort") return drafts(request) && later(1000);
      away = true;
      const pressed = saves(request) && !drafts(request);
      if (drafts(request) || (pressed && unsaved())) failed(UNREACHED, pressed);
      else if (!due) say(GONE, "bad", pressed);
    });
  }

  // What the server says of a draft that it refuses stays until one is saved. Of one that it could not save, we speak.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const { xhr, requestConfig } = detail;
    if (!drafts(requestConfig) || xhr.status < 400) return;
    detail.shouldSwap = xhr.status < 500 && Boolean(xhr.getResponseHeader("HX-Retarget"));
    detail.target = place;
    if (detail.shouldSwap) place.dataset.theirs = "yes";
  });

  document.addEventListener("htmx:afterRequest", ({ detail: { xhr, requestConfig: request, successful } }) => {
    if (!xhr.status) return;
    const back = away;
    away = false;
    if (place.textContent === GONE) say("");
    if (!saves(request)) return back && due && send();
    if (xhr.status >= 500) {
      // An answer that broke over what was sent must not keep what is mended from being sent.
      if (xhr.status === 500) lost = null;
      return (drafts(request) || unsaved()) && failed(UNABLE);
    }
    if (xhr.status >= 400) return drafts(request) && refused();
    if (!successful) return; // it leads to another page
    if (drafts(request) && new URL(xhr.responseURL).pathname !== request.path) return refused();
    if (!drafts(request) || !lost || lost.typed === typed) return settled();
    [lost, saved] = [null, sent];
    claim(false);
    send();
  });

  addEventListener("online", () => {
    tries = 0;
    if (due) send();
  });

  document.addEventListener("input", (event) => {
    if (!event.target.closest(selector) || event.target.name === "sure") return;
    typed += 1;
    onward = null;
    if (place.querySelector(".ok")) say("");
  });

  // A page that could not be left without losing what was typed waits for it.
  addEventListener("submit", (event) => {
    if (event.target !== form() || event.defaultPrevented) return;
    if (!due) return void (saved = typed);
    event.preventDefault();
    onward = event.submitter;
    send();
  });
  addEventListener("beforeunload", (event) => away && unsaved() && event.preventDefault());

  // A page that is left keeps what was typed, even in a field that was not left before.
  function keep() {
    if (unsaved()) navigator.sendBeacon(form().getAttribute("hx-post"), new FormData(form()));
  }
  addEventListener("pagehide", keep);
  return () => {
    keep();
    clearTimeout(timer);
    [saved, due] = [typed, false];
  };
}
