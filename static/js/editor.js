/* form[data-editor]: line numbers and colours follow what is typed, Ctrl+S saves, Tab indents until
   Esc is pressed, and leaving with unsaved text asks first. */
const WORDS = "and as assert async await break case catch class const continue def default del do elif else except export extends finally for from function global if import in instanceof is lambda let new nonlocal not null of or pass raise return static super switch this throw try typeof undefined var void while with yield True False None true false FROM RUN COPY CMD ENV WORKDIR ENTRYPOINT ARG USER EXPOSE".split(" ");
const HASH = /(?<note>#.*)/;
const SLASH = /(?<note>\/\/.*|\/\*[\s\S]*?(?:\*\/|$))/;
const REST = /(?<text>"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|`(?:\\[\s\S]|[^`\\])*(?:`|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)|(?<figure>\b\d[\w.]*)|(?<name>[A-Za-z_$][\w$]*)/;
const MOST = 60_000;

function coloured(text, name) {
  if (/\.(md|txt|csv|html?)$/i.test(name)) return [text];
  const notes = /\.([cm]?[jt]sx?|json|css)$/i.test(name) ? SLASH : HASH;
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(new RegExp(`${notes.source}|${REST.source}`, "g"))) {
    const [kind] = Object.entries(found.groups).find(([, value]) => value !== undefined);
    if (kind === "name" && !WORDS.includes(found[0])) continue;
    const span = document.createElement("span");
    span.dataset.token = kind === "name" ? "word" : kind;
    span.textContent = found[0];
    parts.push(text.slice(end, found.index), span);
    end = found.index + found[0].length;
  }
  return [...parts, text.slice(end)];
}

function draw(form) {
  const [code, area] = [form.querySelector(".code"), form.elements.content];
  const [numbers, lines] = [code.querySelector("ol"), area.value.split("\n").length];
  while (numbers.children.length < lines) numbers.append(document.createElement("li"));
  while (numbers.children.length > lines) numbers.lastChild.remove();
  area.rows = lines;
  const isLit = area.value.length < MOST;
  code.toggleAttribute("data-lit", isLit);
  code.querySelector("pre").replaceChildren(...(isLit ? coloured(area.value, form.elements.file.value) : []), "\n");
}

const editor = document.querySelector("form[data-editor]");
if (editor) {
  const area = editor.elements.content;
  let [isLeaving, isSending] = [false, false];
  draw(editor);
  editor.addEventListener("input", () => draw(editor));
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
