// Searching the index: every word must occur in an entry. Nothing is fetched; without this script all entries are shown.
(() => {
  "use strict";
  const form = document.querySelector(".as-search");
  if (!form) return;
  const input = form.querySelector("input");
  const told = form.querySelector("output");
  const plain = (text) => text.normalize("NFKD").replace(/[\p{M}\u2060]/gu, "").toLowerCase();
  const entries = [...document.querySelectorAll(".as-report")].map((entry) => ({
    entry,
    text: plain(`${entry.textContent} ${entry.dataset.words}`),
  }));
  const blocks = [...document.querySelectorAll(".as-more, .as-list, .as-shelf")];
  const opened = new Set();

  function show() {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    let found = 0;
    for (const { entry, text } of entries) {
      entry.hidden = !words.every((word) => text.includes(word));
      found += !entry.hidden;
    }
    for (const block of blocks) {
      block.hidden = !block.querySelector(".as-report:not([hidden])");
      if (block.tagName === "DETAILS") unfold(block, words.length > 0);
    }
    told.textContent = words.length ? `${found} of ${entries.length}` : "";
  }

  // What the search opened, it closes; what the reader opened stays open.
  function unfold(block, searching) {
    if (searching && !block.open) opened.add(block);
    if (searching) block.open = true;
    else if (opened.delete(block)) block.open = false;
  }

  const links = () => [...document.querySelectorAll(".as-report:not([hidden]) .as-report-title > a:first-child")];

  function move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const shown = links();
    const place = shown.indexOf(document.activeElement);
    if (!step || (place < 0 && (document.activeElement !== input || step < 0))) return;
    event.preventDefault();
    (place + step < 0 ? input : shown[Math.min(place + step, shown.length - 1)])?.focus();
  }

  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    links()[0]?.focus();
  });
  input.addEventListener("input", show);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/" && !event.target.closest("input, textarea, select")) {
      event.preventDefault();
      input.focus();
    } else if (event.key === "Escape" && (event.target === input || event.target.closest(".as-report"))) {
      input.value = "";
      show();
      input.focus();
    } else {
      move(event);
    }
  });
  show();
})();
