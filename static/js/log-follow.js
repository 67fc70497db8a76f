/* A log that grows is kept at its end until the person scrolls up or presses the button. */
const button = document.querySelector("[data-follow]");
const box = button && document.getElementById(button.dataset.follow);

function follow(on) {
  button.setAttribute("aria-pressed", on);
  if (on) box.scrollTop = box.scrollHeight;
}

if (box) {
  const isFollowing = () => button.getAttribute("aria-pressed") === "true";
  button.addEventListener("click", () => follow(!isFollowing()));
  box.addEventListener("wheel", (event) => event.deltaY < 0 && follow(false), { passive: true });
  box.addEventListener("keydown", (event) => ["PageUp", "ArrowUp", "Home"].includes(event.key) && follow(false));
  new MutationObserver(() => isFollowing() && follow(true)).observe(box, { childList: true, subtree: true });
  if (!location.hash) follow(true);
}
