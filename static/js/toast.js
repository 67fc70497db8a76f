/* Shows `toast` events, {text, tone}, which answers send by HX-Trigger. Errors stay until dismissed. */
const SHOWN_FOR = 6000;
const box = document.getElementById("toasts");

function leave(toast) {
  if (toast.matches(":hover, :focus-within")) setTimeout(leave, SHOWN_FOR, toast);
  else toast.remove();
}

function settle(toast) {
  if (toast.dataset.tone !== "error") setTimeout(leave, SHOWN_FOR, toast);
}

function show(text, tone = "success") {
  const template = document.getElementById("toast");
  if (!text || !box || !template) return;
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.dataset.tone = tone;
  toast.querySelector("p").textContent = text;
  box.append(toast);
  settle(toast);
}

document.addEventListener("toast", (event) => show(event.detail.text, event.detail.tone));

document.addEventListener("htmx:error", (event) => {
  const failed = event.detail.ctx?.response === undefined;
  const asked = event.detail.ctx?.sourceElement?.matches?.("form, button, a");
  if (failed && asked)
    show("The Console did not answer. Check the connection and try again.", "error");
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-dismiss]")) event.target.closest(".toast").remove();
});

box?.querySelectorAll(".toast").forEach(settle);
