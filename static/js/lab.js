// How a lab stands: time that is left counts down from what the server said, and a change of state reloads the page.
import "./token.js";

const SHORT = 300; // seconds: from here on they are told one by one

let end = 0;
let state = "";

function read() {
  const box = document.getElementById("lab-state");
  if (!box) return;
  if (state && state !== box.dataset.state) {
    // A form that is being typed in is saved by its own script before the page goes.
    location.reload();
    return;
  }
  state = box.dataset.state;
  end = box.dataset.left ? performance.now() + 1000 * Number(box.dataset.left) : 0;
}

function tick() {
  const line = document.querySelector("#lab-state .left");
  if (!line || !end || state === "paused") return;
  const seconds = Math.max(0, Math.round((end - performance.now()) / 1000));
  line.textContent =
    seconds > SHORT ? `${Math.ceil(seconds / 60)} min left` : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} left`;
}

document.addEventListener("htmx:afterSettle", read);
read();
setInterval(tick, 1000);
tick();
