/* [data-dialog="id"] opens that dialog without asking the server; the link's own address shows the
   page with the dialog open. Its first field has the focus. `dialog` in the address is dropped when
   the dialog closes. */
const FIELD = ":is([autofocus], .body :is(input:not([type=hidden]), select, textarea))";

function modal(dialog) {
  dialog.removeAttribute("open");
  dialog.showModal();
  dialog.querySelector(FIELD)?.focus();
}

function beside(dialog, { clientX, clientY }) {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}

function upgrade(scope) {
  for (const dialog of scope.querySelectorAll("dialog.dialog[open]:not(:modal)")) modal(dialog);
}

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog) {
    event.preventDefault();
    modal(dialog);
  } else if (event.target.matches("dialog.dialog") && beside(event.target, event)) {
    event.target.close();
  }
});

document.addEventListener(
  "close",
  () => {
    const url = new URL(location.href);
    if (!url.searchParams.has("dialog")) return;
    url.searchParams.delete("dialog");
    history.replaceState(history.state, "", url);
  },
  true,
);

document.addEventListener("htmx:after:swap", () => upgrade(document));
upgrade(document);
