(() => {
  "use strict";
  const root = document.documentElement;
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");
  const touch = matchMedia("(pointer: coarse)").matches;
  const PRINT_WIDTH = 660; // A4 less its margins, in CSS pixels
  let charts = [];
  let templates = [];
  root.classList.add("as-js");

  const isDark = () => (root.dataset.theme || (prefersDark.matches ? "dark" : "light")) === "dark";

  // Colours that a figure names in its meta for the dark theme, wherever they stand in its data.
  function recoloured(value, colours) {
    if (typeof value === "string") return Object.hasOwn(colours, value) ? colours[value] : value;
    if (Array.isArray(value)) return value.map((inner) => recoloured(inner, colours));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, recoloured(inner, colours)]));
  }

  // The page's own colours, so that figures and text never disagree.
  function themedLayout(layout, dark) {
    const style = getComputedStyle(root);
    const colour = (name) => style.getPropertyValue(name).trim();
    const themed = recoloured(layout, dark);
    themed.paper_bgcolor = themed.plot_bgcolor = "rgba(0,0,0,0)";
    themed.font = { ...themed.font, color: colour("--ink"), family: colour("--sans") };
    themed.hoverlabel = {
      ...themed.hoverlabel,
      bgcolor: colour("--raised"),
      bordercolor: colour("--rule-strong"),
      font: { ...(themed.hoverlabel || {}).font, color: colour("--ink") },
    };
    themed.modebar = { bgcolor: "rgba(0,0,0,0)", color: colour("--muted"), activecolor: colour("--accent") };
    const axes = Object.keys(themed).filter((name) => /^[xy]axis\d*$/.test(name));
    for (const name of new Set(["xaxis", "yaxis", ...axes])) {
      themed[name] = {
        ...themed[name],
        gridcolor: colour("--grid"),
        zerolinecolor: colour("--rule-strong"),
        linecolor: colour("--rule-strong"),
        tickcolor: colour("--rule-strong"),
      };
    }
    themed.autosize = true;
    if (touch) themed.dragmode = false; // a finger on a chart must scroll the page
    return themed;
  }

  const config = {
    responsive: true,
    displaylogo: false,
    displayModeBar: touch ? false : "hover",
    modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"],
  };

  function draw(chart, extra) {
    const dark = isDark() ? chart.figure.dark : {};
    const template = chart.figure.template === null ? undefined : templates[chart.figure.template];
    const layout = { ...themedLayout(chart.figure.layout, dark), template, uirevision: "same", ...extra };
    return window.Plotly.react(chart.place, recoloured(chart.figure.data, dark), layout, config);
  }

  const drawAll = (extra) => Promise.all(charts.map((chart) => draw(chart, extra)));

  async function unpacked(id) {
    const packed = atob(document.getElementById(id).textContent);
    const bytes = Uint8Array.from(packed, (character) => character.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  }

  function foldTables() {
    for (const table of document.querySelectorAll("details.as-data")) table.open = false;
  }

  function giveUp() {
    root.classList.add("as-uncharted");
    for (const table of document.querySelectorAll("details.as-data")) table.open = true;
    document.getElementById("as-fallback").hidden = false;
  }

  async function drawFigures() {
    const script = document.createElement("script");
    const [plotly, payload] = await Promise.all([unpacked("as-plotly"), unpacked("as-figures")]);
    script.textContent = plotly;
    document.head.append(script);
    const page = JSON.parse(payload);
    templates = page.templates;
    charts = [...document.querySelectorAll(".as-plot")].map((place) => ({
      place,
      figure: page.figures[Number(place.dataset.figure)],
    }));
    await drawAll({});
    root.classList.add("as-drawn");
  }

  function nameButton(button) {
    button.textContent = isDark() ? "Light" : "Dark";
    button.setAttribute("aria-label", `Switch to the ${isDark() ? "light" : "dark"} theme`);
  }

  function offerThemes() {
    const button = document.querySelector(".as-theme");
    button.hidden = false;
    nameButton(button);
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      nameButton(button);
      drawAll({});
    });
    prefersDark.addEventListener("change", () => {
      nameButton(button);
      drawAll({});
    });
  }

  // Paper is light, and narrower than a screen: figures are laid out again for it.
  function preparePrinting() {
    let theme;
    addEventListener("beforeprint", () => {
      theme = root.dataset.theme;
      root.dataset.theme = "light";
      drawAll({ width: PRINT_WIDTH, autosize: false });
    });
    addEventListener("afterprint", () => {
      if (theme) root.dataset.theme = theme;
      else delete root.dataset.theme;
      drawAll({});
    });
  }

  function markPlace() {
    const links = new Map(
      [...document.querySelectorAll(".as-contents a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]),
    );
    const headings = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
    if (!headings.length) return;
    const mark = () => {
      const above = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3);
      const current = (above.at(-1) || headings[0]).id;
      for (const [id, link] of links) {
        if (id === current) link.setAttribute("aria-current", "location");
        else link.removeAttribute("aria-current");
      }
    };
    addEventListener("scroll", mark, { passive: true });
    mark();
  }

  addEventListener("DOMContentLoaded", () => {
    offerThemes();
    markPlace();
    preparePrinting();
    if (!document.getElementById("as-figures")) return;
    if (!("DecompressionStream" in window)) {
      giveUp();
      return;
    }
    foldTables();
    drawFigures().catch((error) => {
      giveUp();
      console.error(error);
    });
  });
})();
