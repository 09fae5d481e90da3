// Enhances pages that work without it: saves answers as they are given, copies the private link,
// opens the arithmetic that a link points to.
"use strict";

(() => {
  const area = document.querySelector("[data-copy-area]");
  if (area && navigator.clipboard) {
    area.hidden = false;
    const button = area.querySelector("[data-copy]");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
      button.textContent = button.dataset.done;
    });
  }

  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (target instanceof HTMLDetailsElement) target.open = true;
  };
  addEventListener("hashchange", reveal);
  reveal();

  const form = document.getElementById("answers");
  if (!form) return;
  const status = document.getElementById("saved");
  const touched = new Set();
  let timer = 0;
  let busy = false;
  let sending = [];
  let stopped = false;
  let leave = false;
  let button = null; // the one to leave by, if any

  const numberOf = (field) => field.name && /^[anr]-\d+$/.test(field.name) && field.name.slice(2);

  const payload = (numbers) => {
    const data = new FormData();
    data.set("csrf_token", form.elements.csrf_token.value);
    for (const [name, value] of new FormData(form)) {
      if (numbers.has(name.slice(2))) data.append(name, value);
    }
    return data;
  };

  const show = (progress) => {
    document.getElementById("progress").textContent = progress.line;
    document.getElementById("bar").value = progress.done;
  };

  const save = async (keepalive = false) => {
    if (busy || stopped || !touched.size) return;
    const numbers = new Set(touched);
    touched.clear();
    busy = true;
    sending = numbers;
    status.textContent = form.dataset.saving;
    try {
      const response = await fetch(form.action, {
        method: "POST",
        body: payload(numbers),
        headers: { Accept: "application/json" },
        keepalive,
      });
      const result = response.headers.get("Content-Type") === "application/json" ? await response.json() : {};
      if ([400, 404, 409].includes(response.status)) {
        // Something needs the person: the full page shows both values or the error.
        leave = true;
        return;
      }
      if (!response.ok) throw new Error(String(response.status));
      for (const [number, digest] of Object.entries(result.seen)) {
        form.elements[`s-${number}`].value = digest;
      }
      show(result.progress);
      if (!touched.size) status.textContent = form.dataset.saved;
    } catch {
      numbers.forEach((number) => touched.add(number));
      status.textContent = form.dataset.failed;
      plan(5000);
    } finally {
      busy = false;
      if (leave) form.requestSubmit(button);
    }
    if (touched.size && !timer && !stopped) plan(300);
  };

  const plan = (delay) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = 0;
      save();
    }, delay);
  };

  const note = (event, delay) => {
    const number = numberOf(event.target);
    if (!number) return;
    touched.add(number);
    plan(delay);
  };

  // What was answered before this script arrived, or what the browser filled in again.
  for (const field of form.elements) {
    const changed =
      field.type === "radio" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
    if (changed) note({ target: field }, 150);
  }
  form.addEventListener("change", (event) => note(event, 150));
  form.addEventListener("input", (event) => {
    if (event.target.type !== "radio") note(event, 1200);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    stopped = !busy || leave; // who presses twice need not wait
    if (stopped) return;
    // The page must first learn what it just saved, or it would find itself in conflict with that.
    event.preventDefault();
    leave = true;
    button = event.submitter;
  });
  addEventListener("online", () => plan(0));
  addEventListener("pagehide", () => {
    if (busy) sending.forEach((number) => touched.add(number)); // it may be cut off with the page
    busy = false;
    save(true);
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload(); // the browser kept a page that others may have overtaken
  });
})();
