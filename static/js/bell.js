/* The list behind the bell says how many entries are unseen: [data-unseen]. Every [data-bell] shows it. */
const list = document.getElementById("bell");

function show(unseen) {
  for (const bell of document.querySelectorAll("[data-bell]")) {
    const count = bell.querySelector(".count");
    count.hidden = unseen === 0;
    count.textContent = unseen > 99 ? "99+" : unseen;
    bell.setAttribute("aria-label", unseen ? `Operations, ${unseen} new` : "Operations");
  }
}

document.addEventListener("htmx:after:swap", () => {
  const found = list?.querySelector("[data-unseen]");
  if (found) show(Number(found.dataset.unseen));
});
