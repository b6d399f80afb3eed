// Light or dark: the system's choice until the reader makes another, which is kept where the browser allows it.
(() => {
  "use strict";
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const STORED = "aftershock-theme";
  const other = (theme) => (theme === "dark" ? "light" : "dark");
  const systemTheme = () => (system.matches ? "dark" : "light");
  const theme = () => root.dataset.theme || systemTheme();
  root.classList.add("as-js");

  // A file opened from disk, or a browser that forbids storage, may refuse: the choice then lasts as long as the page.
  function remembered() {
    try {
      return localStorage.getItem(STORED);
    } catch {
      return null;
    }
  }

  function remember(choice) {
    try {
      if (choice) localStorage.setItem(STORED, choice);
      else localStorage.removeItem(STORED);
    } catch {
      // nothing to do
    }
  }

  // To choose what the system has anyway is to follow the system again.
  function choose(choice) {
    const own = choice === systemTheme() ? null : choice;
    if (own) root.dataset.theme = own;
    else delete root.dataset.theme;
    remember(own);
  }

  function changed(button) {
    button.textContent = theme() === "dark" ? "Light" : "Dark";
    button.setAttribute("aria-label", `${button.textContent}: switch to the ${other(theme())} theme`);
    document.dispatchEvent(new CustomEvent("as-theme"));
  }

  const stored = remembered();
  if (["light", "dark"].includes(stored) && stored !== systemTheme()) root.dataset.theme = stored;

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector(".as-theme");
    button.hidden = false;
    changed(button);
    button.addEventListener("click", () => {
      choose(other(theme()));
      changed(button);
    });
    system.addEventListener("change", () => changed(button));
  });
})();
