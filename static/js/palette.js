/* Ctrl K opens #palette, as does [data-dialog="palette"]; arrows walk through what it finds, Enter
   goes to the first. */
const palette = document.getElementById("palette");
const field = palette?.querySelector("input");
const found = () => [...palette.querySelectorAll(".found a")];

function open() {
  if (!palette.open) palette.showModal();
}

function walk(step) {
  const links = found();
  const at = links.indexOf(document.activeElement) + step;
  if (at < 0) field.focus();
  else links[Math.min(at, links.length - 1)]?.focus();
}

if (palette) {
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    open();
  });
  palette.addEventListener("toggle", (event) => {
    if (event.newState !== "open") return;
    field.select();
    field.dispatchEvent(new Event("palette"));
  });
  palette.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    walk(step);
  });
  palette.querySelector("form").addEventListener("submit", (event) => {
    const [first] = found();
    if (!first) return;
    event.preventDefault();
    location.assign(first.href);
  });
}
