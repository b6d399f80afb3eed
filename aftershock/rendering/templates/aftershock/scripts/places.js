// Where the reader is (the contents follow), and how to send somebody there (a heading's link is copied).
(() => {
  "use strict";
  const root = document.documentElement;
  const narrow = matchMedia("(max-width: 71.99rem)");

  // On a narrow screen the contents are one line on top that says where the reader is and opens on a click.
  function foldContents(nav) {
    const list = nav.querySelector("details");
    if (!list) return;
    const fold = () => {
      list.open = !narrow.matches;
    };
    fold();
    narrow.addEventListener("change", fold);
    list.addEventListener("click", (event) => {
      if (event.target.closest("a") && narrow.matches) list.open = false;
    });
    list.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !narrow.matches || !list.open) return;
      list.open = false;
      list.querySelector("summary").focus();
    });
  }

  function markPlace(nav) {
    const links = new Map([...nav.querySelectorAll("a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
    const headings = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
    const here = nav.querySelector(".as-here");
    if (!headings.length) return;
    const mark = () => {
      const above = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3);
      const current = (above.at(-1) || headings[0]).id;
      for (const [id, link] of links) {
        if (id === current) link.setAttribute("aria-current", "location");
        else link.removeAttribute("aria-current");
      }
      if (here) here.textContent = above.length ? links.get(current).textContent : "";
    };
    addEventListener("scroll", mark, { passive: true });
    mark();
  }

  // The clipboard may be refused (an old browser, a page without a secure origin): the address bar has the link then.
  async function copy(link) {
    history.replaceState(null, "", link.hash);
    try {
      await navigator.clipboard.writeText(link.href);
      return "Link copied";
    } catch {
      return "The link is in the address bar";
    }
  }

  function offerLinks() {
    const status = document.createElement("p");
    status.className = "as-status";
    status.setAttribute("role", "status");
    document.body.append(status);
    let clearing;
    document.addEventListener("click", async (event) => {
      const link = event.target.closest("a.as-anchor");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      status.textContent = await copy(link);
      clearTimeout(clearing);
      clearing = setTimeout(() => {
        status.textContent = "";
      }, 2500);
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    offerLinks();
    const nav = document.querySelector(".as-contents");
    if (nav) {
      foldContents(nav);
      markPlace(nav);
    }
    root.classList.add("as-placed");
  });
})();
