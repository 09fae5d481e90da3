// What is still being made is looked at again every few seconds, without loading the page anew.
const look = async () => {
  const shown = document.querySelector("#progress[data-busy]");
  if (!shown) return;
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("#progress");
    if (fresh && !shown.contains(document.activeElement)) shown.replaceWith(fresh);
    else if (fresh) shown.querySelector(".progress").replaceWith(fresh.querySelector(".progress"));
    if (fresh && !fresh.dataset.busy && fresh !== document.querySelector("#progress")) location.reload();
  } finally {
    setTimeout(look, 2000);
  }
};
setTimeout(look, 1000);
