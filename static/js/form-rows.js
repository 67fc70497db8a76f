/* [data-rows="<name>"]: rows of a form are added, moved and taken away without asking the server.
   New rows are copies of the last one as it was served, which is empty. The event `row-add` on a
   list adds one too: detail {text, before} gets the `row` that was made. */
const blanks = new WeakMap();
const TYPED = "[data-main], input:not([type=hidden]), textarea, select";

function blankOf(box) {
  const rows = box.querySelector("ol").children;
  if (!blanks.has(box)) blanks.set(box, { row: rows[rows.length - 1].cloneNode(true), next: rows.length });
  return blanks.get(box);
}

function empty(field) {
  if (field.tagName === "SELECT") for (const option of field.options) option.selected = option.defaultSelected;
  else if (field.type === "checkbox" || field.type === "radio") field.checked = field.defaultChecked;
  else field.value = field.defaultValue;
}

function add(box, { text = "", before = null } = {}) {
  const blank = blankOf(box);
  const [number, row, base] = [blank.next++, blank.row.cloneNode(true), `${box.dataset.rows}.`];
  for (const field of row.querySelectorAll("[name], [data-rows]")) {
    const renamed = (name) => base + name.slice(base.length).replace(/^\d+/, number);
    if (field.name) [field.name] = [renamed(field.name), empty(field)];
    else field.dataset.rows = renamed(field.dataset.rows);
  }
  const inside = [...row.querySelectorAll("[id]")].map((part) => part.id);
  for (const name of ["id", "for", "list", "aria-describedby"])
    for (const part of row.querySelectorAll(`[${name}]`))
      part.setAttribute(name, part.getAttribute(name).replace(/\S+/g, (id) => (inside.includes(id) ? `${id}-${number}` : id)));
  for (const part of row.querySelectorAll("[aria-label]")) part.ariaLabel = part.ariaLabel.replace(/\d+(?=\D*$)/, number + 1);
  if (text) row.querySelector("[data-main]").value = text;
  box.querySelector("ol").insertBefore(row, before);
  return row;
}

document.addEventListener("row-add", (event) => {
  event.detail.row = add(event.target, event.detail);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-row-add], [data-row-remove], [data-row-move]");
  if (!button) return;
  event.preventDefault();
  const [box, row] = [button.closest("[data-rows]"), button.closest("li")];
  blankOf(box);
  let next = button;
  if ("rowMove" in button.dataset) row.previousElementSibling?.before(row);
  else if ("rowRemove" in button.dataset) {
    next = (row.nextElementSibling || row.previousElementSibling || add(box)).querySelector(TYPED);
    row.remove();
  } else {
    const made = add(box);
    if (button.dataset.rowAdd === "list") made.querySelector("[data-list]").value = "1";
    next = made.querySelector(TYPED);
  }
  next.focus();
  box.dispatchEvent(new Event("input", { bubbles: true }));
});
