"use strict";
(() => {
  const { specs, dark } = JSON.parse(document.getElementById("drawing").textContent);
  const scheme = window.matchMedia("(prefers-color-scheme: dark)");
  const light = Object.fromEntries(Object.entries(dark).map(([from, to]) => [to, from]));
  const exchange = (text, colours) => text.replace(/#[0-9a-f]{6}/g, (colour) => colours[colour] ?? colour);

  // `ast` has Vega interpret its expressions: the page's security policy forbids making code from text.
  const options = { actions: false, renderer: "svg", logLevel: 1, ast: true, defaultStyle: false, tooltip: { disableDefaultStyle: true } };

  async function draw() {
    for (const place of document.querySelectorAll("[data-chart]")) {
      const text = JSON.stringify(specs[place.dataset.chart]);
      await window.vegaEmbed(place, JSON.parse(scheme.matches ? exchange(text, dark) : text), options);
    }
    document.documentElement.dataset.drawn = "yes";
  }

  function recolour(colours) {
    for (const mark of document.querySelectorAll("[data-chart] [fill], [data-chart] [stroke]")) {
      for (const name of ["fill", "stroke"]) {
        const colour = mark.getAttribute(name);
        if (colour) mark.setAttribute(name, exchange(colour, colours));
      }
    }
  }

  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details[data-print]:not([open])")];
    opened.forEach((details) => { details.open = true; });
    if (scheme.matches) recolour(light);
  });
  window.addEventListener("afterprint", () => {
    opened.forEach((details) => { details.open = false; });
    if (scheme.matches) recolour(dark);
  });
  scheme.addEventListener("change", draw);
  draw();
})();
