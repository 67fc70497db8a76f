/* input[data-find="#id"]: of the rows inside, only those that show the text are left, and it is
   marked. The address keeps it. How many there are is said in [data-found]. */
const ROWS = "tbody > tr, .json-items > li";
const MOST = 500;

function isSeen({ parentElement }) {
  return parentElement.closest("details:not([open]) > :not(summary)") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT;
}

function marks(row, wanted) {
  const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT, isSeen);
  const ranges = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.data.toLowerCase().indexOf(wanted);
    if (at < 0) continue;
    const range = new Range();
    range.setStart(node, at);
    range.setEnd(node, at + wanted.length);
    ranges.push(range);
  }
  return ranges;
}

function find(input) {
  const wanted = input.value.trim().toLowerCase();
  const rows = [...document.querySelectorAll(`${input.dataset.find} :is(${ROWS})`)];
  const found = wanted ? rows.map((row) => marks(row, wanted)) : [];
  const isIn = (row, at) => !wanted || found[at].length > 0 || (row.matches("li") && row.textContent.toLowerCase().includes(wanted));
  const left = rows.filter((row, at) => !(row.hidden = !isIn(row, at)));
  if (globalThis.Highlight) CSS.highlights.set("found", new Highlight(...found.flat().slice(0, MOST)));
  const said = document.querySelector(`${input.dataset.find} [data-found]`);
  if (said) said.textContent = wanted ? `${left.length} of ${rows.length} rows` : "";
}

document.addEventListener("input", ({ target }) => {
  if (!target.matches("[data-find]")) return;
  find(target);
  const url = new URL(location.href);
  if (target.value) url.searchParams.set("find", target.value);
  else url.searchParams.delete("find");
  history.replaceState(history.state, "", url);
});

function findAll() {
  for (const input of document.querySelectorAll("[data-find]")) if (input.value) find(input);
}

findAll();
document.addEventListener("htmx:after:swap", findAll);
