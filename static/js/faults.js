/* A form that came back: its first fault is brought into view, where no list of faults stands at the top. */
const FAULTS = "main [aria-invalid=true], main .field > .error";

const fault = document.querySelector(FAULTS);
if (fault && !document.querySelector("main [role=alert], dialog[open]")) {
  fault.scrollIntoView({ block: "center" });
  if (fault.matches("[aria-invalid]")) fault.focus({ preventScroll: true });
}
