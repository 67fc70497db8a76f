/* #paused is shown while the browser is offline, the page's stream cannot be reached, or the stream
   says that the Console does not reach the API: event `upstream`, "down" or "up". */
let [isBroken, isDown] = [false, false];

function show() {
  const banner = document.getElementById("paused");
  if (banner) banner.hidden = navigator.onLine && !isBroken && !isDown;
}

function set(broken, down = isDown) {
  [isBroken, isDown] = [broken, down];
  show();
}

window.addEventListener("online", show);
window.addEventListener("offline", show);
document.addEventListener("htmx:after:swap", show);
document.addEventListener("htmx:sse:error", () => set(!document.hidden));
document.addEventListener("htmx:after:sse:connection", (event) =>
  set(event.detail.connection.status >= 400, false),
);
document.addEventListener("upstream", (event) => set(false, event.detail.data === "down"));
window.addEventListener("pagehide", () => set(false, false));
