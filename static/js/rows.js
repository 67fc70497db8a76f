/* In the body of a .table the arrow keys go from a link or box to that of the row above or below. */
document.addEventListener("keydown", (event) => {
  const step = { ArrowUp: "previousElementSibling", ArrowDown: "nextElementSibling" }[event.key];
  if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
  const cell = event.target.closest(".table > tbody > tr > *");
  if (!cell || !event.target.matches("a, button, [type=checkbox]")) return;
  const place = [...cell.parentElement.children].indexOf(cell);
  let row = cell.parentElement[step];
  while (row && !row.children[place]?.querySelector("a, button, [type=checkbox]")) row = row[step];
  if (!row) return;
  event.preventDefault();
  row.children[place].querySelector("a, button, [type=checkbox]").focus();
});
