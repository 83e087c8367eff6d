(function () {
  "use strict";
  var root = document.documentElement, key = "crm-kpi-theme";
  function each(where, what) { Array.prototype.forEach.call(document.querySelectorAll(where), what); }
  function kept(value) {
    try {
      if (value) localStorage.setItem(key, value);
      return localStorage.getItem(key);
    } catch (refused) { return null; }
  }
  var theme = kept();
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  root.classList.add("scripted");
  each("[data-do]", function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      if (button.dataset.do === "print") { window.print(); return; }
      var dark = root.dataset.theme ? root.dataset.theme === "dark"
        : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
      kept(root.dataset.theme);
    });
  });
  function value(row, column) {
    var cell = row.cells[column], number = cell.dataset.k;
    if (number === undefined) return cell.textContent.trim();
    return number === "" ? null : Number(number);
  }
  function sort(heading) {
    var row = heading.parentNode, column = heading.cellIndex, body = heading.closest("table").tBodies[0];
    var up = heading.getAttribute("aria-sort") !== "ascending";
    Array.prototype.forEach.call(row.cells, function (one) { one.removeAttribute("aria-sort"); });
    heading.setAttribute("aria-sort", up ? "ascending" : "descending");
    Array.prototype.map.call(body.rows, function (each, place) {
      return { row: each, place: place, value: value(each, column) };
    }).sort(function (a, b) {
      if (a.value === null || b.value === null) {
        return (a.value === null) - (b.value === null) || a.place - b.place;
      }
      var order = typeof a.value === "number" ? a.value - b.value
        : a.value.localeCompare(b.value, root.lang);
      return (up ? order : -order) || a.place - b.place;
    }).forEach(function (each) { body.appendChild(each.row); });
  }
  each("table[data-sort] thead th", function (heading) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = heading.textContent;
    heading.textContent = "";
    heading.appendChild(button);
    button.addEventListener("click", function () { sort(heading); });
  });
  function reveal() {
    var target = document.getElementById(location.hash.slice(1));
    if (target && target.tagName === "SUMMARY" && !target.parentNode.open) {
      target.parentNode.open = true;
      target.scrollIntoView({ block: "start" });
    }
  }
  window.addEventListener("hashchange", reveal);
  if (location.hash) reveal();
})();
