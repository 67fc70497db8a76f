/* Ctrl+Enter starts, Enter in a row leads to the next one; after a refusal the list of what to
   change gets the focus. */
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
