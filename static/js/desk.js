// The linter looks at the library piece by piece and the list fills in by itself; where it cannot, the button is there.
const page = document.documentElement.classList;
page.add("scripted");
for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(name, (event) => {
    if (event.target.id === "unseen") page.remove("scripted");
  });
}
