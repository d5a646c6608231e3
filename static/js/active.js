// Counts active time on the case: a second counts while the page is in sight and something was typed, pointed at or
// scrolled within the last minute. It is sent now and then, and when the page is left.
const idle = 60_000;
const often = 60; // seconds
let last = Date.now();
let seconds = 0;

for (const name of ["keydown", "pointerdown", "pointermove", "wheel", "scroll", "touchmove"]) {
  addEventListener(name, () => (last = Date.now()), { passive: true, capture: true });
}

function send() {
  if (seconds < 1) return;
  const body = new FormData();
  body.set("csrf_token", document.querySelector('meta[name="csrf-token"]').content);
  body.set("seconds", String(seconds));
  if (navigator.sendBeacon(`${location.pathname}/spent`, body)) seconds = 0;
}

setInterval(() => {
  if (document.visibilityState === "visible" && Date.now() - last < idle) seconds += 1;
  if (seconds >= often) send();
}, 1000);
addEventListener("pagehide", send);
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && send());
