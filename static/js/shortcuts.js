/* G and a letter goes to a [data-go] link, ? opens #shortcuts, / goes to the page's search field.
   [data-shortcuts-switch] turns them off for people whose tools type single letters. */
const OFF = "shortcuts-off";
const SECOND = 1000;
let waiting = 0;

const typing = (target) =>
  target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), select, textarea");

function go(letter) {
  const link = document.querySelector(`.sidebar [data-go="${CSS.escape(letter)}"]`);
  if (link) location.assign(link.href);
}

function press(event) {
  const key = event.key.toLowerCase();
  if (Date.now() - waiting < SECOND) {
    waiting = 0;
    go(key);
  } else if (key === "g") waiting = Date.now();
  else if (key === "?") document.getElementById("shortcuts")?.showModal();
  else if (key === "/") {
    const field = document.querySelector("main input[type=search]");
    if (!field) return;
    event.preventDefault();
    field.focus();
  }
}

document.addEventListener("keydown", (event) => {
  const held = event.ctrlKey || event.metaKey || event.altKey || event.repeat;
  const off = localStorage.getItem(OFF) || document.querySelector("dialog[open]");
  if (!held && !off && !typing(event.target)) press(event);
});

for (const box of document.querySelectorAll("[data-shortcuts-switch]")) {
  box.checked = !localStorage.getItem(OFF);
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
}
