/* In a [data-rows] list: [data-bulk] edits rows as text, [data-lines] reads them from a file, a pasted
   list becomes rows; [data-row-count] counts them. */
const rowsOf = (box) => [...box.querySelector("ol").children];
const mainOf = (row) => row.querySelector("[data-main]");
const linesOf = (text) => text.split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
const filledIn = (box) => rowsOf(box).filter((row) => mainOf(row).value.trim());
const told = (box) => box.dispatchEvent(new Event("input", { bubbles: true }));
function add(box, text = "", before = null) {
  const detail = { text, before };
  box.dispatchEvent(new CustomEvent("row-add", { bubbles: true, detail }));
  return detail.row;
}

/* Rows whose line is still there stay as they are, in the order of the lines. */
function apply(bulk) {
  const [box, area] = [bulk.closest("[data-rows]"), bulk.querySelector("textarea")];
  const [before, kept, last, stay] = [rowsOf(box), filledIn(box), add(box), new Set()];
  for (const line of linesOf(area.value)) {
    const at = kept.findIndex((row) => mainOf(row).value.trim() === line);
    if (at < 0) add(box, line, last);
    else last.before(...kept.splice(at, 1));
    stay.add(last.previousElementSibling);
  }
  for (const row of before) if (!stay.has(row)) row.remove();
  area.value = "";
  told(box);
}

function count(box) {
  const fields = (row) => [...row.querySelectorAll("input:is([type=text], [type=number], [type=date], :not([type])), textarea")];
  const number = rowsOf(box).filter((row) => fields(row).some((field) => field.value.trim())).length;
  for (const place of box.querySelectorAll(":scope > footer [data-row-count]")) place.textContent = `${number} row${number === 1 ? "" : "s"}`;
}

document.addEventListener("toggle", ({ target }) => {
  if (!target.matches?.("[data-bulk]")) return;
  if (!target.open) apply(target);
  else target.querySelector("textarea").value = filledIn(target.closest("[data-rows]")).map((row) => mainOf(row).value).join("\n");
}, true);
document.addEventListener("submit", ({ target }) => target.querySelectorAll("[data-bulk][open]").forEach(apply), true);
document.addEventListener("input", ({ target }) => {
  for (let box = target.closest("[data-rows]"); box; box = box.parentElement.closest("[data-rows]")) count(box);
});
document.addEventListener("change", async ({ target }) => {
  if (!target.matches("[data-lines]") || !target.files.length) return;
  const box = target.closest("[data-rows]");
  const end = rowsOf(box).find((row) => !row.nextElementSibling && !mainOf(row).value.trim());
  for (const line of linesOf(await target.files[0].text())) add(box, line, end);
  told(box);
  target.value = "";
});
document.addEventListener("paste", (event) => {
  const row = event.target.matches?.("[data-main]") && event.target.closest("li");
  const lines = row ? linesOf(event.clipboardData.getData("text")) : [];
  if (lines.length < 2) return;
  event.preventDefault();
  for (const line of lines) add(row.closest("[data-rows]"), line, row);
  told(row.closest("[data-rows]"));
});
for (const box of document.querySelectorAll("[data-rows]")) count(box);
