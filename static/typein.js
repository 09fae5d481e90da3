// Lets Enter go to the next row of the page for typing a questionnaire in; in the last row it saves.
"use strict";

(() => {
  const form = document.getElementById("typein");
  if (!form) return;
  const fields = [...form.querySelectorAll('input[type="text"]')];
  form.addEventListener("keydown", (event) => {
    const at = fields.indexOf(event.target);
    if (at < 0 || event.isComposing) return;
    const forward = event.key === "ArrowDown" || (event.key === "Enter" && !event.shiftKey);
    const back = event.key === "ArrowUp" || (event.key === "Enter" && event.shiftKey);
    const next = fields[at + (forward ? 1 : back ? -1 : 0)];
    if ((!forward && !back) || (!next && event.key === "Enter" && forward)) return;
    event.preventDefault();
    if (next) next.focus();
  });
  form.addEventListener("focusin", (event) => {
    if (fields.includes(event.target)) event.target.select();
  });
  let sent = false;
  form.addEventListener("submit", () => {
    sent = true;
  });
  // Nothing here is saved before the button: leaving with something typed asks first.
  addEventListener("beforeunload", (event) => {
    if (!sent && fields.some((field) => field.value !== field.defaultValue)) event.preventDefault();
  });
})();
