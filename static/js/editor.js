/* form[data-editor]: Ctrl+S saves, Tab indents until Esc is pressed, and leaving with unsaved text
   asks first. */
const editor = document.querySelector("form[data-editor]");
if (editor) {
  const area = editor.elements.content;
  let [isLeaving, isSending] = [false, false];
  editor.addEventListener("submit", () => (isSending = true));
  area.addEventListener("keydown", (event) => {
    if (event.key === "Tab" && !event.shiftKey && !isLeaving && !area.readOnly) {
      event.preventDefault();
      document.execCommand("insertText", false, /\.py$/.test(editor.elements.file.value) ? "    " : "  ");
    }
    isLeaving = event.key === "Escape";
    if (event.key !== "s" || !(event.ctrlKey || event.metaKey) || area.readOnly) return;
    event.preventDefault();
    editor.requestSubmit(document.querySelector("[data-submit][form]"));
  });
  window.addEventListener("beforeunload", (event) => !isSending && area.value !== area.defaultValue && event.preventDefault());
}
