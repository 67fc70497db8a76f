/* Lists in forms: rows are added, taken away and filled from a text file without asking the server.
   The last row is always the empty one to type into; new rows are copies of it. */
const rowsOf = (box) => box.querySelector("ol");

function renumber(row, number) {
  for (const field of row.querySelectorAll("[name]")) {
    field.name = field.name.replace(/\.\d+\.(\w[^.]*)$|\.\d+\.(?=[^.]+$)/, (part) => part.replace(/\d+/, number));
    if (field.type !== "checkbox" && field.type !== "radio" && field.tagName !== "SELECT") field.value = "";
  }
}

function add(box) {
  const list = rowsOf(box);
  const row = list.lastElementChild.cloneNode(true);
  const number = Number(box.dataset.rows || list.children.length) + 1;
  box.dataset.rows = number;
  renumber(row, number);
  list.append(row);
  row.querySelector("input:not([type=hidden]), textarea")?.focus();
}

function remove(button) {
  const row = button.closest("li");
  const list = row.parentElement;
  if (list.children.length > 1) {
    (row.nextElementSibling || row.previousElementSibling).querySelector("input")?.focus();
    row.remove();
  } else {
    renumber(row, 0);
  }
}

document.addEventListener("click", (event) => {
  const adding = event.target.closest("[data-row-add]");
  const removing = event.target.closest("[data-row-remove]");
  if (adding) {
    event.preventDefault();
    add(adding.closest("[data-rows]"));
  } else if (removing) {
    remove(removing);
  }
});

document.addEventListener("change", async (event) => {
  const target = event.target.dataset.linesInto;
  if (target && event.target.files.length) {
    document.getElementById(target).value = await event.target.files[0].text();
  }
});

for (const part of document.querySelectorAll("[data-row-remove], [data-lines-into]")) {
  part.hidden = false;
}
