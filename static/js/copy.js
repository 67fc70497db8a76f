/* [data-copy="text"] copies that text; [data-copy-from="id"] copies what the element shows. */
const tell = (text) => document.dispatchEvent(new CustomEvent("announce", { detail: { text } }));

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-copy-from]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copyFrom);
  try {
    await navigator.clipboard.writeText(button.dataset.copy ?? source.textContent);
  } catch {
    tell("Copying was refused by the browser.");
    return;
  }
  tell("Copied.");
  button.dataset.done = "";
  setTimeout(() => delete button.dataset.done, 1500);
});
