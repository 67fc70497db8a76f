/* Says to screen readers what changed: [data-announce] in swapped content, and `announce` events. */
const region = document.getElementById("live");

function say(text) {
  if (region && text) region.textContent = region.textContent === text ? `${text}\u00a0` : text;
}

document.addEventListener("announce", (event) => say(event.detail.text));

document.addEventListener("htmx:after:swap", (event) => {
  const scope = event.detail.ctx?.target ?? document;
  const said = scope.querySelector?.("[data-announce]");
  if (said) say(said.dataset.announce);
});
