// Unpacks plotly.js and the figures, draws them in the page's colours, and again when theme, width or paper change.
(() => {
  "use strict";
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const touch = matchMedia("(pointer: coarse)").matches;
  const PRINT_WIDTH = 680; // A4 less its margins, in CSS pixels
  const PRINT_HEIGHT = 780; // what fits a page with its headline and note; a taller figure is pressed together
  const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
  let charts = [];
  let templates = [];

  const isDark = () => (root.dataset.theme || (system.matches ? "dark" : "light")) === "dark";

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
      font: { ...(themed.hoverlabel || {}).font, color: colour("--ink"), family: colour("--sans") },
    };
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

  // Labels that may be long (a title from a log) are cut to the width there is; the data table has them whole.
  function fitted(text, size, width, pen) {
    const tokens = text.match(/<[^>]*>|&[#\w]+;|[^<&]/gu) || [];
    const isTag = (token) => token.length > 1 && token.startsWith("<");
    const plain = (some) => some.filter((token) => !isTag(token)).map((token) => (token.length > 2 ? "&" : token)).join("");
    pen.font = `600 ${size}px ${getComputedStyle(root).getPropertyValue("--sans")}`;
    const room = (some) => pen.measureText(`${plain(some)}…`).width <= width;
    if (room(tokens)) return text;
    while (tokens.some((token) => !isTag(token)) && !room(tokens)) {
      tokens.splice(tokens.findLastIndex((token) => !isTag(token)), 1);
    }
    tokens.splice(tokens.findLastIndex((token) => !isTag(token)) + 1, 0, "…");
    return tokens.join("");
  }

  function fitLabels(layout, width) {
    const pen = document.createElement("canvas").getContext("2d");
    const { l = 0, r = 0 } = layout.margin || {};
    return (layout.annotations || []).map((note) => {
      const [, share] = /^fit ([\d.]+)$/.exec(note.name || "") || [];
      return share ? { ...note, text: fitted(note.text, note.font.size, (width - l - r) * share - 12, pen) } : note;
    });
  }

  // No bar of buttons: in a picture with a text alternative nobody could reach them without a mouse. Dragging zooms, a
  // double click zooms back, and plotly says so.
  const config = { responsive: true, displayModeBar: false };

  function draw(chart, extra) {
    const dark = isDark() ? chart.figure.dark : {};
    const template = chart.figure.template === null ? undefined : templates[chart.figure.template];
    const layout = { ...themedLayout(chart.figure.layout, dark), template, uirevision: "same", ...extra };
    chart.width = extra.width || chart.place.clientWidth;
    layout.annotations = fitLabels(layout, chart.width);
    return window.Plotly.react(chart.place, recoloured(chart.figure.data, dark), layout, config);
  }

  const drawAll = (extra) => Promise.all(charts.map((chart) => draw(chart, extra)));

  // What hovers over a mark names its time in UTC; a reader elsewhere also gets their own.
  function inOwnZone(text) {
    return text.replace(/\b(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d) UTC/g, (utc, ...parts) => {
      const [year, month, day, hour, minute] = parts.map(Number);
      const moment = new Date(Date.UTC(year, month - 1, day, hour, minute));
      if (moment.getTimezoneOffset() === 0) return utc;
      const own = { timeZone: OWN_ZONE, dateStyle: "medium", timeStyle: "short" };
      return `${utc}<br>${new Intl.DateTimeFormat("en-GB", own).format(moment)} your time`;
    });
  }

  function withOwnTimes(figure) {
    for (const trace of figure.data) {
      if (Array.isArray(trace.hovertext)) {
        trace.hovertext = trace.hovertext.map((text) => (typeof text === "string" ? inOwnZone(text) : text));
      }
    }
    return figure;
  }

  function fromBase64(text) {
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  }

  async function unpacked(id) {
    const bytes = fromBase64(document.getElementById(id).textContent);
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
      figure: withOwnTimes(page.figures[Number(place.dataset.figure)]),
    }));
    await drawAll({});
    root.classList.add("as-drawn");
    document.addEventListener("as-theme", () => drawAll({}));
    followWidth();
  }

  function followWidth() {
    let waiting;
    addEventListener("resize", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        for (const chart of charts) if (chart.place.clientWidth !== chart.width) draw(chart, {});
      }, 150);
    });
  }

  function drawForPaper() {
    for (const chart of charts) {
      const height = Math.min(chart.figure.layout.height, PRINT_HEIGHT);
      chart.place.style.height = `${height}px`;
      draw(chart, { width: PRINT_WIDTH, height, autosize: false });
    }
  }

  function drawForScreen() {
    for (const chart of charts) chart.place.style.height = `${chart.figure.layout.height}px`;
    drawAll({});
  }

  // Paper is light, and narrower and shorter than a screen: figures are laid out again for it.
  function preparePrinting() {
    let theme;
    addEventListener("beforeprint", () => {
      theme = root.dataset.theme;
      root.dataset.theme = "light";
      drawForPaper();
    });
    addEventListener("afterprint", () => {
      if (theme) root.dataset.theme = theme;
      else delete root.dataset.theme;
      drawForScreen();
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
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
