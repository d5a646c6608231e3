// The steps of the feedback, on the case's page and on that of an attempt.

// What takes the place of an open line is open as well.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  if (target.matches("details[open]")) fragment.querySelector("details")?.setAttribute("open", "");
});

// What is new in a line has the focus, and is read out.
document.addEventListener("htmx:afterRequest", (event) => {
  if (!/\/(step|query)$/.test(event.detail.requestConfig?.path)) return;
  const fresh = document.querySelector("[data-fresh]") ?? document.querySelector("#feedback .pair > summary");
  fresh?.removeAttribute("data-fresh");
  fresh?.focus({ preventScroll: true });
});
