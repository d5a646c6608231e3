// The right side: chart, key and report, drawn anew from the text as it stands. What is open stays open.
import { openDocument, openId, show, tabs } from "./chart.js";
import { post } from "./editor-checks.js";

const parts = ["which", "view-chart", "view-key", "slips", "told"];

export function previewing(cm, form) {
  const side = document.querySelector(".side");
  const links = [...side.querySelectorAll(".views a")];
  const view = (link) => document.getElementById(link.hash.slice(1));
  const drawn = Object.fromEntries(parts.map((id) => [id, document.getElementById(id).innerHTML]));
  let asked = 0;

  function select(chosen) {
    for (const link of links) {
      link.setAttribute("aria-selected", String(link === chosen));
      link.tabIndex = link === chosen ? 0 : -1;
      view(link).hidden = link !== chosen;
    }
  }

  function makeTabs() {
    links[0].parentElement.setAttribute("role", "tablist");
    links.forEach((link, n) => {
      link.id = `to-${link.hash.slice(1)}`;
      link.setAttribute("role", "tab");
      link.setAttribute("aria-controls", link.hash.slice(1));
      const panel = view(link);
      panel.setAttribute("role", "tabpanel");
      panel.removeAttribute("aria-label");
      panel.setAttribute("aria-labelledby", link.id);
      panel.tabIndex = 0;
      link.addEventListener("click", (event) => {
        event.preventDefault();
        select(link);
      });
      link.addEventListener("keydown", (event) => {
        const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!way && event.key !== " ") return;
        event.preventDefault();
        const next = links[(n + (way ?? 0) + links.length) % links.length];
        select(next);
        next.focus();
      });
    });
    select(links[0]);
  }

  // Draws what has changed and no more: scroll, open rows and the focus stay.
  function put(fresh) {
    const document_ = document.getElementById("chart") && openId();
    for (const id of parts) {
      const html = fresh.querySelector(`#${id}`).innerHTML;
      if (html === drawn[id]) continue;
      drawn[id] = html;
      const place = document.getElementById(id);
      const scroller = place.querySelector(".chart") ?? place;
      const { scrollTop } = scroller;
      const open = [...place.querySelectorAll("details")].map((each) => each.open);
      const focus = place.contains(document.activeElement) ? document.activeElement.id : "";
      place.innerHTML = html;
      if (id === "view-chart" && document.getElementById("chart")) {
        tabs();
        if (document_) openDocument(document_);
      }
      place.querySelectorAll("details").forEach((each, n) => {
        each.open = open[n] ?? false;
      });
      (place.querySelector(".chart") ?? place).scrollTop = scrollTop;
      if (focus) document.getElementById(focus)?.focus();
    }
    document.getElementById("procedures").hidden = fresh.querySelector("#procedures").hidden;
  }

  // `said`: somebody has asked what a learner is told, and does not just type.
  async function refresh(said = false) {
    const number = ++asked;
    const body = new FormData();
    body.set("text", cm.getValue());
    const fields = ["encounter", "slip", "dx", "px"].map((id) => document.getElementById(id)).filter(Boolean);
    for (const field of fields) body.set(field.name, field.value);
    const html = await post(`/teach/cases/${form.dataset.case}/preview`, body);
    if (number !== asked || html === null) return;
    const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("preview");
    if (!fresh) return;
    // A text that cannot be read just now leaves the last good drawing where it is.
    const broken = Boolean(fresh.dataset.unreadable);
    side.classList.toggle("stale", broken);
    if (broken && document.getElementById("chart")) {
      if (said) document.getElementById("told").textContent = "The text cannot be read as a case just now.";
      drawn.told = null;
      return;
    }
    put(fresh);
    if (body.get("slip")) {
      for (const id of ["dx", "px"]) document.getElementById(id).value = fresh.querySelector(`#${id}`).value;
      document.getElementById("slip").value = "";
    }
  }

  side.addEventListener("change", (event) => {
    if (event.target.matches("#encounter, #slip")) refresh(true);
  });
  // These fields belong to the form of the text; here they only ask.
  side.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("#dx, #px")) return;
    event.preventDefault();
    refresh(true);
  });
  side.addEventListener("click", (event) => {
    const proof = event.target.closest?.(".proof");
    if (proof) {
      select(links[0]);
      show([[proof.dataset.document, proof.textContent]]);
    } else if (event.target.closest?.("button[formaction]")) {
      event.preventDefault();
      refresh(true);
    }
  });
  makeTabs();
  if (document.getElementById("chart")) tabs();
  return { refresh };
}
