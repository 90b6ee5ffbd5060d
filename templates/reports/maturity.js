"use strict";
(() => {
  const form = document.getElementById("filter");
  const search = document.getElementById("search");
  const told = document.getElementById("told");
  const rows = [...document.querySelectorAll("table.operations tbody tr")].map((element) => ({
    element, level: element.dataset.level, text: element.textContent.toLowerCase(),
  }));
  const apply = () => {
    const wanted = new Set([...form.querySelectorAll("input[name=level]:checked")].map((box) => box.value));
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const fits = wanted.has(row.level) && words.every((word) => row.text.includes(word));
      row.element.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    told.textContent = shown === rows.length ? `${rows.length} operations` : `${shown} of ${rows.length} operations`;
  };
  const sort = (table, column, down) => {
    const numeric = table.tHead.rows[0].cells[column].classList.contains("n");
    const key = (row) => row.cells[column].dataset.key ?? row.cells[column].textContent.trim();
    const compare = numeric ? (a, b) => Number(key(a)) - Number(key(b)) : (a, b) => key(a).localeCompare(key(b), "en");
    const body = table.tBodies[0];
    body.append(...[...body.rows].sort((a, b) => (down ? -compare(a, b) : compare(a, b))));
    [...table.tHead.rows[0].cells].forEach((cell, at) => {
      if (at === column) cell.setAttribute("aria-sort", down ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
    });
  };
  for (const table of document.querySelectorAll("table.sortable")) {
    [...table.tHead.rows[0].cells].forEach((cell, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = cell.textContent;
      button.addEventListener("click", () => sort(table, column, cell.getAttribute("aria-sort") === "ascending"));
      cell.replaceChildren(button);
    });
  }
  form.hidden = rows.length === 0;
  const asked = new URLSearchParams(location.hash.slice(1)); // an address that can be passed on: #q=orders&sort=1
  search.value = asked.get("q") ?? "";
  if (asked.has("sort")) {
    for (const table of document.querySelectorAll("table.operations")) {
      const column = Number(asked.get("sort"));
      if (column in table.tHead.rows[0].cells) sort(table, column, asked.get("down") === "1");
    }
  }
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== search) { event.preventDefault(); search.focus(); }
    if (event.key === "Escape" && document.activeElement === search) { search.value = ""; apply(); }
  });
  apply();
})();
