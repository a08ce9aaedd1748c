// How far something is, for a page that shows it; without this script the page has a link to look again.
"use strict";
for (const part of document.querySelectorAll("[data-follow]")) {
  const words = part.querySelector("[role=status]");
  const bar = part.querySelector("progress");
  const source = new EventSource(part.dataset.follow);
  source.addEventListener("progress", (event) => {
    const told = JSON.parse(event.data);
    if (words.textContent !== told.said) words.textContent = told.said;
    if (told.total) {
      bar.max = told.total;
      bar.value = told.done;
    } else {
      bar.removeAttribute("value");
    }
  });
  source.addEventListener("end", () => {
    source.close();
    location.reload();
  });
}
