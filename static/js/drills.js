// Drills by keyboard: 1 to 4 choose, Enter goes on. What came of it takes the focus, and is read out.
import "./token.js";

document.documentElement.classList.add("scripted");

const onward = () => document.getElementById("next");
const focus = () => onward()?.focus({ preventScroll: true });
document.addEventListener("htmx:afterSettle", focus);
focus();

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem("single-keys") === "off") return;
  const choice = document.querySelectorAll("#drill .choices button")[Number(event.key) - 1];
  if (choice) {
    event.preventDefault();
    choice.click();
  }
});
