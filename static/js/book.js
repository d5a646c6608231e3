// The code book: what is typed is found at once, on its own page and in the panel beside the chart.
import "./token.js";

const wait = 80; // ms of rest after the last key
let timer = 0;
let asked = 0;

// The book's own part of one of its pages. Throws where the server cannot be reached or answers with an error.
export async function fetchBook(url, options = {}) {
  const answer = await fetch(url, { ...options, headers: { "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content } });
  if (!answer.ok) throw new Error(answer.statusText);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const book = page.getElementById("book");
  if (!book) throw new Error("no book");
  return { book: document.importNode(book, true), url: answer.url };
}

export function address(form) {
  const url = new URL(form.action, location.href);
  url.search = new URLSearchParams(new FormData(form));
  return url.href;
}

// Finds while somebody types; `found(url)` is told where the results have their own address.
export function live(root, found) {
  const look = async (form) => {
    const number = ++asked;
    const url = address(form);
    try {
      const { book } = await fetchBook(url);
      if (number !== asked || !form.isConnected) return;
      exchange(document.getElementById(form.dataset.live), book.querySelector(`#${form.dataset.live}`));
      found(url);
    } catch {
      // Searching by the button says what is wrong.
    }
  };
  root.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-live]");
    if (!form) return;
    clearTimeout(timer);
    timer = setTimeout(look, event.target.matches("select") ? 0 : wait, form);
  });
  root.addEventListener("keydown", walk);
}

// Who is already among the results stays there: on the same code, or else on the first.
function exchange(old, fresh) {
  const at = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  old.replaceWith(fresh);
  if (at === null) return;
  const links = [...fresh.querySelectorAll("a")];
  (links.find((link) => link.getAttribute("href") === at) ?? links[0] ?? document.getElementById("book-q")).focus();
}

// From the search down into the codes that were found, and back.
function walk(event) {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const links = [...document.querySelectorAll("#book-found .book-codes > li > a")];
  const at = links.indexOf(event.target);
  if (!links.length || (at < 0 && event.target.id !== "book-q")) return;
  const next = at + (event.key === "ArrowDown" ? 1 : -1);
  event.preventDefault();
  if (next < 0) document.getElementById("book-q").focus();
  else links[next]?.focus();
}

export const stop = () => {
  clearTimeout(timer);
  asked++;
};

if (document.querySelector("main > #book")) {
  live(document, (url) => history.replaceState(null, "", url));
}
