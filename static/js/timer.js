// A quiet session timer: so many minutes of work, so many of a break, a few words at the top of the page, no sound.
const place = document.getElementById("timer");
const said = document.getElementById("timer-said");
const USUAL = { on: true, work: 25, rest: 5 };
const MINUTE = 60_000;

const read = (name, usual) => {
  try {
    return { ...usual, ...JSON.parse(localStorage.getItem(name) ?? "{}") };
  } catch {
    return usual;
  }
};
const wanted = () => read("timer", USUAL);
// phase: "work", "rest", or "" before anything was done; since: when it began; seen: the last key, click or movement.
const state = () => read("timer-now", { phase: "", since: 0, seen: 0 });
const keep = (change) => localStorage.setItem("timer-now", JSON.stringify({ ...state(), ...change }));

let active = false;
for (const name of ["keydown", "pointerdown", "pointermove", "wheel", "touchmove"]) {
  addEventListener(name, () => (active = true), { passive: true, capture: true });
}

function draw() {
  const set = wanted();
  place.hidden = !set.on;
  if (!set.on) return;
  const now = Date.now();
  let { phase, since, seen } = state();
  // Whoever was away for as long as a break has had one.
  if (phase && now - seen > set.rest * MINUTE && !(phase === "rest" && now - since < set.rest * MINUTE)) phase = "";
  if (phase === "work" && now - since >= set.work * MINUTE) {
    [phase, since] = ["rest", now];
    said.textContent = `${set.work} minutes are done. A break of ${set.rest} minutes would do you good.`;
  } else if (phase === "rest" && now - since >= set.rest * MINUTE) {
    phase = "";
    said.textContent = "The break is over, when you like.";
  } else if (!phase && active) {
    [phase, since] = ["work", now];
    said.textContent = "";
  }
  keep({ phase, since, seen: active ? now : seen });
  active = false;
  const left = Math.ceil(((phase === "rest" ? set.rest : set.work) * MINUTE - (phase ? now - since : 0)) / MINUTE);
  place.textContent = phase === "rest" ? `break, ${left} min` : `${left} min`;
  place.setAttribute("aria-label", `${place.textContent} left, session timer`);
}

if (place) {
  draw();
  setInterval(draw, 5000);
}

// The settings, on the learner's own page.
const settings = document.getElementById("timer-settings");
if (settings) {
  settings.hidden = false;
  const [on, work, rest] = ["on", "work", "rest"].map((name) => document.getElementById(`timer-${name}`));
  const set = wanted();
  on.checked = set.on;
  work.value = set.work;
  rest.value = set.rest;
  const minutes = (field, usual) => Math.min(Math.max(Math.round(Number(field.value)) || usual, 1), Number(field.max));
  settings.addEventListener("change", () => {
    const next = { on: on.checked, work: minutes(work, USUAL.work), rest: minutes(rest, USUAL.rest) };
    localStorage.setItem("timer", JSON.stringify(next));
    work.value = next.work;
    rest.value = next.rest;
    keep({ phase: "", since: 0 });
    draw();
  });
  settings.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
}
