/* Ctrl+Enter starts, Enter in a row leads to the next one; after a refusal the list of what to
   change gets the focus. A closed section opens when a field in it stops the form from being sent. */
document.addEventListener("invalid", (event) => {
  for (let at = event.target; at; at = at.parentElement) if (at.localName === "details") at.open = true;
}, true);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  if (!event.ctrlKey && !event.metaKey) {
    if (!event.target.matches("[data-main]")) return;
    event.preventDefault();
    const next = event.target.closest("li").nextElementSibling?.querySelector("[data-main]");
    if (next) next.focus();
    else event.target.closest("[data-rows]").querySelector(":scope > footer [data-row-add]").click();
    return;
  }
  const form = event.target.closest?.("form[data-start]") || document.querySelector("form[data-start]");
  const button = form?.querySelector("[data-submit]");
  if (button) {
    event.preventDefault();
    form.requestSubmit(button);
  }
});

document.getElementById("faults")?.focus();
