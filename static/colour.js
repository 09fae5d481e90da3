// A field for a colour gets a picker beside it that follows it and fills it in.
for (const field of document.querySelectorAll("input[data-picker]")) {
  const picker = document.createElement("input");
  picker.type = "color";
  picker.value = "#0d4a4b";
  picker.setAttribute("aria-label", field.dataset.picker);
  const follow = () => {
    if (/^#[0-9a-f]{6}$/i.test(field.value.trim())) picker.value = field.value.trim();
  };
  follow();
  picker.addEventListener("input", () => { field.value = picker.value; });
  field.addEventListener("input", follow);
  field.after(picker);
}
