"use strict";
(() => {
  const read = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "{}");
  const specs = read("specs"), dark = read("dark");
  const scheme = window.matchMedia("(prefers-color-scheme: dark)");
  const darkened = (text) => text.replace(/#[0-9a-f]{6}/g, (colour) => dark[colour] ?? colour);
  // On a narrow screen names take no more than half of it; the tables have them whole.
  const fitted = (text, place) => text.replace(/"labelLimit":(\d+)/g, (_, most) => `"labelLimit":${Math.min(most, place.clientWidth >> 1)}`);
  // `ast` has Vega interpret its expressions: the page's security policy forbids making code from text.
  const options = { actions: false, renderer: "svg", logLevel: 1, ast: true, defaultStyle: false, tooltip: { disableDefaultStyle: true } };

  async function draw(place) {
    const text = fitted(JSON.stringify(specs[place.dataset.chart]), place);
    const spec = JSON.parse(scheme.matches ? darkened(text) : text);
    await window.vegaEmbed(place, spec, options);
    // The figure says in words what it shows, and the table gives every value: its marks are nothing to read out one by one.
    for (const mark of place.querySelectorAll("svg, svg *")) {
      for (const name of ["role", "aria-label", "aria-roledescription"]) mark.removeAttribute(name);
    }
    place.querySelector("svg")?.setAttribute("aria-hidden", "true");
    place.dataset.drawn = "yes";
  }

  const all = () => document.querySelectorAll("[data-chart]").forEach((place) => { place.replaceChildren(); draw(place); });
  scheme.addEventListener("change", all);
  all();
})();
