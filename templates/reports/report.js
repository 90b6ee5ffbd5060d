"use strict";
(() => {
  const form = document.getElementById("filter");
  const search = document.getElementById("search");
  const told = document.getElementById("told");
  const items = [...document.querySelectorAll("ol.items > li")].map((element) => ({
    element, severity: element.dataset.severity, waived: element.dataset.waived === "yes",
    text: element.textContent.toLowerCase(),
  }));
  const sections = [...document.querySelectorAll("section.contract")];
  const apply = () => {
    const wanted = new Set([...form.querySelectorAll("input[name=severity]:checked")].map((box) => box.value));
    const waived = document.getElementById("waived").checked;
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const item of items) {
      const fits = wanted.has(item.severity) && (waived || !item.waived) && words.every((word) => item.text.includes(word));
      item.element.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    for (const section of sections) {
      const all = section.querySelectorAll("ol.items > li");
      section.hidden = words.length > 0 && all.length > 0 && [...all].every((one) => one.hidden);
    }
    told.textContent = shown === items.length ? `${items.length} shown` : `${shown} of ${items.length} shown`;
  };
  form.hidden = false;
  if (location.hash.startsWith("#q=")) { // an address that can be passed on
    try { search.value = decodeURIComponent(location.hash.slice(3)); } catch { search.value = ""; }
  }
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== search) { event.preventDefault(); search.focus(); }
    if (event.key === "Escape" && document.activeElement === search) { search.value = ""; apply(); }
  });
  apply();
})();
