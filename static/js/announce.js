/* Says to screen readers what changed: `announce` events always, [data-announce] in swapped content
   only when it differs, since a list that refreshes itself would never be quiet. */
const region = document.getElementById("live");
let shown = document.querySelector("main [data-announce]")?.dataset.announce;

function say(text) {
  if (region) region.textContent = region.textContent === text ? `${text}\u00a0` : text;
}

document.addEventListener("announce", (event) => say(event.detail.text));

document.addEventListener("htmx:after:swap", () => {
  const found = document.querySelector("main [data-announce]")?.dataset.announce;
  if (found && found !== shown) say(found);
  shown = found;
});
