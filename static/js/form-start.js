/* Ctrl+Enter starts; after a refusal the list of what to change gets the focus. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form[data-start]") || document.querySelector("form[data-start]");
  const button = form?.querySelector("[data-submit]");
  if (button) {
    event.preventDefault();
    form.requestSubmit(button);
  }
});

document.getElementById("faults")?.focus();
