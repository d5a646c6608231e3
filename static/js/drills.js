// Drills by keyboard: 1 to 4 choose, Enter goes on. What came of it takes the focus, and is read out.
import { shortcuts } from "./keys.js";
import "./token.js";

document.documentElement.classList.add("scripted");

const onward = () => document.getElementById("next");
const focus = () => onward()?.focus({ preventScroll: true });
document.addEventListener("htmx:afterSettle", focus);
focus();

const choose = (event) => {
  const choice = document.querySelectorAll("#drill .choices button")[Number(event.key) - 1];
  choice?.click();
  return Boolean(choice);
};
shortcuts({ "1": choose, "2": choose, "3": choose, "4": choose });
