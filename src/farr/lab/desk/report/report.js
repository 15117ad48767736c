"use strict";
(() => {
  const { specs, dark } = JSON.parse(document.getElementById("drawing").textContent);
  const scheme = window.matchMedia("(prefers-color-scheme: dark)");
  const light = Object.fromEntries(Object.entries(dark).map(([from, to]) => [to, from]));
  const exchange = (text, colours) => text.replace(/#[0-9a-f]{6}/g, (colour) => colours[colour] ?? colour);

  // `ast` has Vega interpret its expressions: the page's security policy forbids making code from text.
  const options = { actions: false, renderer: "svg", logLevel: 1, ast: true, defaultStyle: false, tooltip: { disableDefaultStyle: true } };

  const undrawn = new Set(document.querySelectorAll("[data-chart]"));

  async function draw(place) {
    undrawn.delete(place);
    seen.unobserve(place);
    const text = JSON.stringify(specs[place.dataset.chart]);
    await window.vegaEmbed(place, JSON.parse(scheme.matches ? exchange(text, dark) : text), options);
  }

  // A report has hundreds of charts: each is drawn when it is about to be seen, or printed.
  const seen = new IntersectionObserver(
    (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => draw(entry.target)),
    { rootMargin: "600px" },
  );

  function drawAgain() {
    for (const place of document.querySelectorAll("[data-chart]")) {
      place.replaceChildren();
      undrawn.add(place);
      seen.observe(place);
    }
  }

  // A link to a measure opens it.
  function open() {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const details = target && target.querySelector("details.measure");
    if (details) { details.open = true; target.scrollIntoView(); }
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
    undrawn.forEach((place) => { if (place.closest("details.measure[open]")) draw(place); });
    if (scheme.matches) recolour(light);
  });
  window.addEventListener("afterprint", () => {
    opened.forEach((details) => { details.open = false; });
    if (scheme.matches) recolour(dark);
  });
  scheme.addEventListener("change", drawAgain);
  window.addEventListener("hashchange", open);
  undrawn.forEach((place) => seen.observe(place));
  open();
  document.documentElement.dataset.drawn = "yes";
})();
