/* A form that was sent cannot be sent again until the answer is there: its button says it is busy.
   It is not disabled, since a disabled button would take its own value out of what is sent. */
function release() {
  for (const button of document.querySelectorAll("[data-busy]")) {
    delete button.dataset.busy;
    button.removeAttribute("aria-busy");
  }
}

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || event.defaultPrevented || event.target.method !== "post") return;
  if (button.dataset.busy !== undefined) {
    event.preventDefault();
    return;
  }
  button.dataset.busy = "";
  button.setAttribute("aria-busy", "true");
});

window.addEventListener("pageshow", release);
document.addEventListener("htmx:finally:request", release);
