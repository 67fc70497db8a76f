/* [data-autosubmit]: choosing is enough. Without a script the form's own button sends it. */
document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-autosubmit]")) event.target.form.requestSubmit();
});
