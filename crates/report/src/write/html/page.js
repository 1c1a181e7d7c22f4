"use strict";
const sweep = JSON.parse(document.getElementById("sweep").textContent);
const create = (name, properties = {}, children = []) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};

// Light or dark: the reader's scheme, until the reader says otherwise.
const root = document.documentElement;
const isDark = () =>
  root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
const theme = create("button", { type: "button", id: "theme" });
const nameTheme = () => { theme.textContent = isDark() ? "Light page" : "Dark page"; };
theme.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; nameTheme(); });
nameTheme();
document.querySelector("header").append(create("div", { className: "tools" }, [theme]));

// Words of a mark where one points, or goes with the arrow keys.
const tip = document.getElementById("tip");
for (const mark of document.querySelectorAll(".mark")) {
  const title = mark.querySelector(":scope > title");
  if (!title) continue;
  mark.dataset.tip = title.textContent;
  mark.setAttribute("aria-label", title.textContent);
  title.remove();
}
const showTip = (mark, x, y) => {
  tip.textContent = mark.dataset.tip;
  tip.hidden = false;
  tip.style.left = Math.max(4, Math.min(x + 14, innerWidth - tip.offsetWidth - 8)) + "px";
  tip.style.top = (y + 18 + tip.offsetHeight > innerHeight ? y - tip.offsetHeight - 10 : y + 18) + "px";
};
const hideTip = () => { tip.hidden = true; };
document.addEventListener("pointermove", (event) => {
  const mark = event.target.closest?.(".mark");
  if (mark?.dataset.tip) showTip(mark, event.clientX, event.clientY);
  else if (event.pointerType === "mouse") hideTip();
});
document.addEventListener("pointerdown", (event) => {
  const mark = event.target.closest?.(".mark");
  if (mark?.dataset.tip) showTip(mark, event.clientX, event.clientY);
  else hideTip();
});
document.addEventListener("focusin", (event) => {
  if (!event.target.matches?.(".mark")) return;
  const box = event.target.getBoundingClientRect();
  showTip(event.target, box.left + box.width / 2, box.top + box.height / 2);
});
document.addEventListener("focusout", hideTip);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return hideTip();
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const drawing = step && event.target.closest?.(".drawing");
  if (!drawing) return;
  const marks = [...drawing.querySelectorAll(".mark:not([data-away])")];
  if (!marks.length) return;
  event.preventDefault();
  const at = marks.indexOf(document.activeElement);
  const next = marks[at < 0 ? (step > 0 ? 0 : marks.length - 1) : (at + step + marks.length) % marks.length];
  for (const mark of marks) mark.removeAttribute("tabindex");
  next.setAttribute("tabindex", "-1");
  next.focus();
});

// Tables sort by a click on a heading: numbers by value, words by letters.
const value = (row, column) => {
  const text = row.cells[column]?.textContent.trim() ?? "";
  const number = parseFloat(text.replace(/^[<≥≤≈]/, "").replaceAll(",", ""));
  return { text, number: Number.isNaN(number) ? null : number };
};
const sortBy = (table, column, isNumber, direction) => {
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row) => ({ row, ...value(row, column) }));
  rows.sort((one, other) => {
    if (!isNumber) return direction * one.text.localeCompare(other.text, "en", { numeric: true });
    if (one.number === null || other.number === null) return (one.number === null) - (other.number === null);
    return direction * (one.number - other.number);
  });
  body.append(...rows.map(({ row }) => row));
};
for (const table of document.querySelectorAll("table")) {
  [...table.tHead.rows[0].cells].forEach((heading, column) => {
    const button = create("button", { type: "button", textContent: heading.textContent, title: "Sort" });
    heading.replaceChildren(button);
    button.addEventListener("click", () => {
      const direction = heading.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
      sortBy(table, column, heading.classList.contains("number"), direction);
    });
  });
}

// A part of the sweep alone: what tells of other levels is hidden. No figure is computed again.
const away = sweep.axes.map(() => new Set());
const levelsOf = new Map(sweep.points.map(({ point, levels }) => [String(point), levels]));
const isAway = ({ dataset }) => {
  if (dataset.point !== undefined) return (levelsOf.get(dataset.point) ?? []).some((level, axis) => away[axis].has(level));
  if (dataset.level === undefined) return false;
  const [axis, level] = dataset.level.split(":").map(Number);
  return away[axis]?.has(level);
};
const subjects = [...document.querySelectorAll("[data-point],[data-level]")];
const applyFilter = () => { for (const subject of subjects) subject.toggleAttribute("data-away", Boolean(isAway(subject))); };
const MOST_LEVELS = 24;
const filterable = sweep.axes.map((axis, place) => ({ ...axis, place })).filter(({ levels }) => levels.length > 1 && levels.length <= MOST_LEVELS);
if (filterable.length) {
  const boxes = [];
  const fieldsets = filterable.map(({ name, levels, place }) =>
    create("fieldset", {}, [
      create("legend", { textContent: name }),
      ...levels.map((label, level) => {
        const box = create("input", { type: "checkbox", checked: true });
        box.dataset.filter = `${place}:${level}`;
        boxes.push(box);
        box.addEventListener("change", () => { away[place][box.checked ? "delete" : "add"](level); applyFilter(); });
        return create("label", {}, [box, label]);
      }),
    ]));
  const all = create("button", { type: "button", textContent: "Show all" });
  all.addEventListener("click", () => {
    for (const box of boxes) box.checked = true;
    for (const levels of away) levels.clear();
    applyFilter();
  });
  document.getElementById("main").prepend(create("details", { className: "filter", id: "filter" }, [
    create("summary", { textContent: "Show a part of the sweep alone" }),
    ...fieldsets,
    all,
    create("p", { className: "caption", textContent: "This hides rows and marks of other levels. No figure is computed again." }),
  ]));
}

// Where in the page the reader is.
const links = new Map([...document.querySelectorAll("nav a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
const observer = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) continue;
    for (const link of links.values()) link.removeAttribute("aria-current");
    links.get(target.id)?.setAttribute("aria-current", "true");
  }
}, { rootMargin: "-10% 0px -80% 0px" });
for (const section of document.querySelectorAll("main > section")) observer.observe(section);
