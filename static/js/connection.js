/* #paused is shown while the browser is offline or the page's stream cannot be reached. */
const banner = document.getElementById("paused");
let broken = false;

function show() {
  if (banner) banner.hidden = navigator.onLine && !broken;
}

function set(value) {
  broken = value;
  show();
}

window.addEventListener("online", show);
window.addEventListener("offline", show);
document.addEventListener("htmx:sse:error", () => set(!document.hidden));
document.addEventListener("htmx:after:sse:connection", (event) =>
  set(event.detail.connection.status >= 400),
);
window.addEventListener("pagehide", () => set(false));
