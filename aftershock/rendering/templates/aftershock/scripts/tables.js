// Tables that sort by a click on a heading, filter by a word when they are long, and stack their cells on a phone.
(() => {
  "use strict";
  const FEW = 4; // rows from which sorting helps
  const LONG = 15; // rows from which a filter helps
  const phone = matchMedia("(max-width: 40rem)");
  const UNITS = { s: 1 / 60, min: 1, h: 60, d: 1440, day: 1440, days: 1440 };
  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

  // The number that a cell leads with: "> 99 %", "1,240", "12 (7–17)", and lengths such as "1 h 30 min" in minutes.
  function number(text) {
    const length = [...text.matchAll(/(\d+(?:\.\d+)?)\s(s|min|h|days?|d)\b/g)];
    if (length.length && /^[<>−\s]*\d[\d.]*\s(s|min|h|days?|d)\b/.test(text)) {
      const [first] = text.split(/\(| to /);
      const parts = length.filter((part) => part.index < first.length);
      return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * UNITS[unit], 0);
    }
    const found = /^([<>]?)\s*([−-]?)(\d[\d,]*(?:\.\d+)?)(?=$|\s?[%(×]|–|\sper\s|\sto\s)/.exec(text);
    if (!found) return NaN;
    const edge = { "<": -1e-9, ">": 1e-9 }[found[1]] || 0; // "< 1 %" comes before "1 %"
    return (found[2] ? -1 : 1) * Number(found[3].replaceAll(",", "")) + edge;
  }

  const shown = (cell) => cell.textContent.replaceAll("\u00a0", " ").replaceAll("\u2060", "").trim();
  const isEmpty = (text) => text === "" || text === "–";

  // A column is one of numbers when most of its cells are; "data-key" is what the report knows better.
  function keysOf(rows, column) {
    const cells = rows.map((row) => row.cells[column]);
    const texts = cells.map((cell) => cell?.dataset.key ?? (cell ? shown(cell) : ""));
    const numbers = texts.map((text) => (isEmpty(text) ? null : Number.isNaN(Number(text)) ? number(text) : Number(text)));
    const words = numbers.filter(Number.isNaN).length;
    const numeric = numbers.filter((n) => n !== null).length > 2 * words;
    const known = (n) => (Number.isNaN(n) ? null : n); // "not reached" among lengths of time
    return { numeric, keys: numeric ? numbers.map(known) : texts.map((text) => (isEmpty(text) ? null : text)) };
  }

  function sorted(rows, column, direction) {
    const { keys } = keysOf(rows, column);
    const compare = (a, b) => {
      if (keys[a] === null || keys[b] === null) return (keys[a] === null) - (keys[b] === null) || a - b; // last
      const order = typeof keys[a] === "number" ? keys[a] - keys[b] : collator.compare(keys[a], keys[b]);
      return order * direction || a - b;
    };
    return rows.map((_, index) => index).sort(compare).map((index) => rows[index]);
  }

  function offerSorting(table, say) {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const heads = [...table.tHead.rows[0].cells];
    const turn = (head, column) => {
      const was = head.getAttribute("aria-sort");
      const first = keysOf(rows, column).numeric ? "descending" : "ascending";
      const second = first === "descending" ? "ascending" : "descending";
      const now = { none: first, [first]: second, [second]: "none" }[was];
      for (const any of heads) if (any.hasAttribute("aria-sort")) any.setAttribute("aria-sort", "none");
      head.setAttribute("aria-sort", now);
      const order = now === "none" ? rows : sorted(rows, column, now === "ascending" ? 1 : -1);
      body.append(...order);
      say(now === "none" ? "in the order of the report" : `sorted by ${shown(head)}, ${now}`);
    };
    heads.forEach((head, column) => {
      if (!shown(head)) return;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "as-sort";
      button.append(...head.childNodes);
      head.append(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => turn(head, column));
    });
  }

  function offerFilter(region, table, count) {
    const rows = [...table.tBodies[0].rows];
    const label = document.createElement("label");
    const input = document.createElement("input");
    input.type = "search";
    input.autocomplete = "off";
    label.append("Filter ", input);
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let left = 0;
      for (const row of rows) {
        const text = [...row.cells].map(shown).join(" ").toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
        left += !row.hidden;
      }
      count.textContent = words.length ? `${left} of ${rows.length} rows` : `${rows.length} rows`;
    });
    count.textContent = `${rows.length} rows`;
    const tools = document.createElement("div");
    tools.className = "as-tools";
    tools.append(label, count);
    region.before(tools);
  }

  // Stacked cells need their heading next to them; display:block would cost the table its roles, so they are spelt out.
  function label(table) {
    const names = [...table.tHead.rows[0].cells].map(shown);
    const roles = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TH: "columnheader", TD: "cell" };
    for (const element of [table, ...table.querySelectorAll("thead, tbody, tr, th, td")]) {
      element.setAttribute("role", roles[element.tagName]);
    }
    for (const row of table.tBodies[0].rows) {
      [...row.cells].forEach((cell, column) => {
        cell.dataset.label = names[column] ?? "";
      });
    }
  }

  function fit(region, table) {
    region.classList.remove("as-stacked");
    const overflows = table.scrollWidth > region.clientWidth + 1;
    region.classList.toggle("as-stacked", phone.matches && overflows && region.clientWidth > 0);
    const scrolls = region.scrollWidth > region.clientWidth + 1 || region.scrollHeight > region.clientHeight + 1;
    region.tabIndex = scrolls ? 0 : -1;
  }

  function enhance(region) {
    const table = region.querySelector("table");
    if (!table || region.dataset.ready || !table.tHead || !table.tBodies.length) return;
    region.dataset.ready = "yes";
    const rows = table.tBodies[0].rows.length;
    label(table);
    const count = document.createElement("output");
    const said = document.createElement("span");
    said.className = "as-hidden";
    said.setAttribute("role", "status");
    if (rows >= FEW) {
      offerSorting(table, (words) => {
        said.textContent = words;
      });
      region.after(said);
    }
    if (rows >= LONG) offerFilter(region, table, count);
    fit(region, table);
    new ResizeObserver(() => fit(region, table)).observe(region.parentElement);
  }

  // The parser has left an element when something follows it, or one of those around it.
  const isWhole = (element) => element !== null && (element.nextSibling !== null || isWhole(element.parentElement));

  // hundreds of rows of a figure's data wait until somebody wants to see them
  function offer(region) {
    const folded = region.closest("details.as-data");
    region.classList.add("as-offered");
    if (folded) folded.addEventListener("toggle", () => folded.open && enhance(region));
    else enhance(region);
  }

  // Tables are stacked and get their controls as they arrive: later, what is below them would move under the reader.
  function offerAll() {
    for (const region of document.querySelectorAll(".as-table:not(.as-offered)")) {
      if (document.readyState !== "loading" || isWhole(region)) offer(region);
    }
  }

  const arriving = new MutationObserver(offerAll);
  arriving.observe(document, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", () => {
    arriving.disconnect();
    offerAll();
  });
})();
