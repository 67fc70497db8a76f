/* An entry of the bell with [data-tell] has ended and somebody asked to be told: said once, by a
   toast, and with [data-tell-browser] by the browser while no tab of ours is looked at.
   [data-ask-notify] asks the browser for leave; [data-notify-refused] says that it refused. */
const KEPT = "told";
const MOST = 100;

function told() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) || [];
  } catch {
    return [];
  }
}

function say(entry) {
  const { tellText: text, tellUrl: url, tellTone: tone } = entry.dataset;
  const allowed = window.Notification?.permission === "granted";
  if ("tellBrowser" in entry.dataset && document.hidden && allowed) {
    const note = new Notification(text, { tag: url });
    note.onclick = () => {
      window.focus();
      location.assign(url);
    };
  } else document.dispatchEvent(new CustomEvent("toast", { detail: { text, tone } }));
}

document.addEventListener("htmx:after:swap", () => {
  const before = told();
  const fresh = [...document.querySelectorAll("#bell [data-tell]")].filter(
    (entry) => !before.includes(entry.dataset.tell),
  );
  if (!fresh.length) return;
  const now = [...fresh.map((entry) => entry.dataset.tell), ...before];
  localStorage.setItem(KEPT, JSON.stringify(now.slice(0, MOST)));
  fresh.forEach(say);
});

document.addEventListener("change", async (event) => {
  const box = event.target;
  if (!box.matches?.("[data-ask-notify]") || !box.checked) return;
  const leave = await window.Notification?.requestPermission();
  box.checked = leave === "granted";
  document.querySelector("[data-notify-refused]").hidden = box.checked;
});
