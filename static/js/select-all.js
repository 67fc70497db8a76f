/* form[data-selectable]: [data-select-all] ticks every row box, [data-selected] counts the ticked. */
const boxes = (form) => [...form.querySelectorAll("tbody input[type=checkbox][name]")];

function show(form) {
  const all = boxes(form);
  const ticked = all.filter((box) => box.checked).length;
  const master = form.querySelector("[data-select-all]");
  if (master) {
    master.checked = ticked > 0 && ticked === all.length;
    master.indeterminate = ticked > 0 && ticked < all.length;
  }
  for (const label of form.querySelectorAll("[data-selected]")) {
    label.textContent = `${ticked} selected`;
  }
}

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-selectable]");
  if (!form) return;
  if (event.target.matches("[data-select-all]")) {
    for (const box of boxes(form)) box.checked = event.target.checked;
  }
  show(form);
});

function showAll() {
  document.querySelectorAll("form[data-selectable]").forEach(show);
}

document.addEventListener("htmx:after:swap", showAll);
window.addEventListener("pageshow", showAll);
