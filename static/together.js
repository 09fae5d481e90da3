// Answering together by keys: each presses a button that is on the page anyway.
"use strict";

(() => {
  const list = document.getElementById("keys");
  if (!list) return;
  const form = document.getElementById("together");
  const note = document.getElementById("note");
  const KEPT = "together-keys";
  let gone = false; // one answer a page, however often its key is pressed

  list.hidden = false;
  list.open = sessionStorage.getItem(KEPT) !== "closed";
  list.addEventListener("toggle", () => sessionStorage.setItem(KEPT, list.open ? "open" : "closed"));

  // A digit of any script; a Latin letter by what it says, a letter of another script by where it lies.
  const meaning = ({ key, code }) => {
    for (const digits of ["12345", "۱۲۳۴۵", "١٢٣٤٥"]) {
      if (key.length === 1 && digits.includes(key)) return String(digits.indexOf(key) + 1);
    }
    if (/^[a-z]$/i.test(key)) return key.toLowerCase();
    if (/^Digit[1-5]$/.test(code)) return code.slice(5); // where digits need the shift key
    return key.length === 1 && /^Key[DNT]$/.test(code) ? code.slice(3).toLowerCase() : key;
  };

  const target = (key) => {
    if (/^[1-5dn]$/.test(key)) return form.querySelector(`[data-key="${key}"]`);
    if (key !== "ArrowLeft" && key !== "ArrowRight") return null;
    const on = (key === "ArrowRight") === (document.documentElement.dir === "ltr");
    return form.querySelector(`[data-move="${on ? "on" : "back"}"]`);
  };

  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && form.contains(event.target)) event.target.blur();
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || gone || !list.open) return;
    if (event.target.matches("input, textarea, select")) return;
    const key = meaning(event);
    if (key === "t") {
      note.closest("details").open = true;
      note.focus();
      event.preventDefault();
    }
    const button = target(key);
    if (!button) return;
    event.preventDefault();
    gone = true;
    button.click();
  });
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault(); // pressed twice
    form.dataset.sent = "yes";
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload(); // the browser kept a page that others may have overtaken
  });
})();
