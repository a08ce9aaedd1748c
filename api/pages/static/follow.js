// How far something is, for a page that shows it; without this script the page has a link to look again.
"use strict";
const AGAIN = 15000; // milliseconds: a browser does not ask again by itself after a refusal, such as of one listener too many
function follow(part) {
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
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(follow, AGAIN, part);
  });
}
document.querySelectorAll("[data-follow]").forEach(follow);
