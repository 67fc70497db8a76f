/* textarea[data-code="<file name, type or language>"]: line numbers and colours follow what is typed. What
   stands alone gets a .lined around it; a page may also serve one. A new line keeps the indentation. */
const WORDS = "and as assert async await break case catch class const continue def default del do elif else except export extends finally for from function global if import in instanceof is lambda let new nonlocal not null of or pass raise return static super switch this throw try typeof undefined var void while with yield True False None true false FROM RUN COPY CMD ENV WORKDIR ENTRYPOINT ARG USER EXPOSE".split(" ");
const HASH = /(?<note>#.*)/;
const SLASH = /(?<note>\/\/.*|\/\*[\s\S]*?(?:\*\/|$))/;
const REST = /(?<text>"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|`(?:\\[\s\S]|[^`\\])*(?:`|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)|(?<figure>\b\d[\w.]*)|(?<name>[A-Za-z_$][\w$]*)/;
const MOST = 60_000;

function coloured(text, name) {
  if (/[./](md|txt|csv|html?|plain|xml)(;|$)/i.test(name)) return [text];
  const notes = /(^|[./+])([cm]?[jt]sx?|javascript|json|css)(;|$)/i.test(name) ? SLASH : HASH;
  let [parts, end] = [[], 0];
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

function draw(area) {
  const code = area.closest(".lined");
  const [numbers, lines] = [code.querySelector("ol"), area.value.split("\n")];
  if (numbers.children.length !== lines.length) numbers.innerHTML = "<li></li>".repeat(lines.length);
  code.toggleAttribute("data-soft", lines.some((line) => line.length > 400));
  const isLit = area.value.length < MOST;
  code.toggleAttribute("data-lit", isLit);
  code.querySelector("pre").replaceChildren(...(isLit ? coloured(area.value, area.dataset.code) : []), "\n");
}

function box(area) {
  const made = document.createElement("div");
  made.innerHTML = '<ol aria-hidden="true"></ol><div><pre aria-hidden="true"></pre></div>';
  [made.className, made.dataset.box] = ["lined", ""];
  area.style.minBlockSize = `${1.6 * area.rows + 1.5}em`;
  area.replaceWith(made);
  area.classList.remove("textarea");
  made.lastChild.append(area);
}

function drawAll() {
  for (const area of document.querySelectorAll("textarea[data-code]")) {
    if (!area.closest(".lined") && area.value.length < MOST) box(area);
    if (area.closest(".lined")) draw(area);
  }
}

drawAll();
document.addEventListener("htmx:after:swap", drawAll);
document.addEventListener("input", ({ target }) => target.matches("textarea[data-code]") && target.closest(".lined") && draw(target));
document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (key !== "Enter" || event.ctrlKey || event.metaKey || !target.matches(".lined textarea")) return;
  const indent = target.value.slice(0, target.selectionStart).split("\n").at(-1).match(/^[ \t]*/)[0];
  if (indent && !target.readOnly && document.execCommand("insertText", false, `\n${indent}`)) event.preventDefault();
});
