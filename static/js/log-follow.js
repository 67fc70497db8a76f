/* [data-log]: a log that grows is kept at its end until the person scrolls up, takes hold of it or presses
   [data-follow], and its new warnings and errors are counted in [data-count]. A search shows its hit. */
const growth = new MutationObserver((changes) => {
  if (changes.every((change) => !change.removedNodes.length)) changes.forEach(count);
  if (following) follow(true);
});
let [box, following] = [null, false];

function follow(on) {
  following = on;
  document.querySelector("[data-follow]")?.setAttribute("aria-pressed", on);
  if (on) box.scrollTop = box.scrollHeight;
}

function count({ addedNodes }) {
  for (const { id, dataset } of addedNodes) {
    const told = document.querySelector(`[data-count="${id && dataset.level}"]`);
    const [figure] = told?.textContent.match(/[\d,]+$/) ?? [];
    if (figure) told.textContent = told.textContent.replace(figure, (Number(figure.replaceAll(",", "")) + 1).toLocaleString("en"));
  }
}

function begin() {
  const [found, isFirst] = [document.querySelector("[data-log]"), !box];
  if (found === box) return;
  growth.disconnect();
  box = found;
  if (!box) return;
  growth.observe(box, { childList: true, subtree: true });
  const hit = document.getElementById(box.dataset.log);
  hit?.setAttribute("aria-current", "true");
  if (hit) box.scrollTop = hit.offsetTop - box.offsetTop - box.clientHeight / 3;
  else follow(isFirst ? !location.hash && Boolean(document.querySelector("[data-follow]")) : following);
}

const leave = ({ target }) => following && box?.contains(target) && follow(false);
begin();
document.addEventListener("htmx:after:swap", begin);
document.addEventListener("click", ({ target }) => target.closest("[data-follow]") && follow(!following));
document.addEventListener("wheel", (event) => event.deltaY < 0 && leave(event), { passive: true });
document.addEventListener("keydown", (event) => ["PageUp", "ArrowUp", "Home"].includes(event.key) && leave(event));
document.addEventListener("pointerdown", leave);
