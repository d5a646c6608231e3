// A board that is swapped while it is read: what is scrolled inside stays where it is, and a change is said once.
import "./token.js";

const scrolled = new Map();

document.addEventListener("htmx:beforeSwap", () => {
  scrolled.clear();
  for (const box of document.querySelectorAll(".scroll[id]")) scrolled.set(box.id, [box.scrollLeft, box.scrollTop]);
});

document.addEventListener("htmx:afterSwap", () => {
  for (const [id, [left, top]] of scrolled) document.getElementById(id)?.scrollTo({ left, top, behavior: "instant" });
  const said = document.getElementById("board-said");
  const words = document.getElementById("board")?.dataset.said ?? "";
  if (said && said.textContent !== words) said.textContent = words;
});
