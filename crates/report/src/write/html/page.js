"use strict";
const sweep = JSON.parse(document.getElementById("sweep").textContent);
const create = (name, properties = {}, children = []) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};
const root = document.documentElement;

// Light or dark: the reader's scheme, until the reader says otherwise.
const scheme = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : scheme.matches);
const theme = create("button", { type: "button", id: "theme" });
const nameTheme = () => { theme.textContent = isDark() ? "Light page" : "Dark page"; };
theme.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; nameTheme(); });
scheme.addEventListener("change", nameTheme);
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
  const drawing = event.target.closest?.(".drawing");
  if (!drawing || event.altKey || event.ctrlKey || event.metaKey) return;
  const marks = [...drawing.querySelectorAll(".mark:not([data-away])")];
  const at = marks.indexOf(document.activeElement);
  const forward = at < 0 ? 0 : (at + 1) % marks.length;
  const backward = at <= 0 ? marks.length - 1 : at - 1;
  const places = { ArrowRight: forward, ArrowDown: forward, ArrowLeft: backward, ArrowUp: backward, Home: 0, End: marks.length - 1 };
  const next = marks[places[event.key]];
  if (!next) return;
  event.preventDefault();
  marks[at]?.removeAttribute("tabindex");
  next.setAttribute("tabindex", "-1");
  next.focus();
});

// Tables sort by a click on a heading: numbers by value, words by letters.
const toNumber = (text) => parseFloat(text.replace(/^[<>≥≤≈]\s*/, "").replaceAll(",", ""));
const sortBy = (table, column, heading, direction) => {
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row) => {
    const text = row.cells[column]?.textContent.trim() ?? "";
    return { row, text, number: toNumber(text) };
  });
  const isNumber = heading.classList.contains("number") || rows.every(({ text }) => text !== "" && !Number.isNaN(Number(text)));
  rows.sort((one, other) => {
    if (!isNumber) return direction * one.text.localeCompare(other.text, "en", { numeric: true });
    const lacking = Number.isNaN(one.number) - Number.isNaN(other.number);
    return lacking || (Number.isNaN(one.number) ? 0 : direction * (one.number - other.number));
  });
  body.append(...rows.map(({ row }) => row));
};
for (const table of document.querySelectorAll("table")) {
  const headings = [...table.tHead.rows[0].cells];
  headings.forEach((heading, column) => {
    const button = create("button", { type: "button", title: "Sort" }, [...heading.childNodes]);
    heading.append(button);
    button.addEventListener("click", () => {
      const direction = heading.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      for (const other of headings) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
      sortBy(table, column, heading, direction);
    });
  });
}

// A part of the sweep alone: what tells of other levels is hidden. No figure is computed again.
const away = sweep.axes.map(() => new Set());
const isAt = (levels) => !levels.some((level, axis) => away[axis].has(level));
const levelsOf = new Map(sweep.points.map(({ point, levels }) => [String(point), levels]));
const isAway = ({ dataset }) => {
  if (dataset.point !== undefined) return !isAt(levelsOf.get(dataset.point) ?? []);
  const [axis, level] = dataset.level.split(":").map(Number);
  return Boolean(away[axis]?.has(level));
};
const subjects = [...document.querySelectorAll("[data-point],[data-level]")];
const MOST_BOXES = 24;
const filterable = sweep.axes.map((axis, place) => ({ ...axis, place }))
  .filter(({ levels }) => levels.length > 1 && levels.length <= MOST_BOXES);
const boxes = [];
const state = create("p", {});
state.setAttribute("role", "status");
const showPart = () => {
  for (const subject of subjects) subject.toggleAttribute("data-away", isAway(subject));
  for (const { box, axis, level } of boxes) box.checked = !away[axis].has(level);
  const shown = sweep.points.filter(({ levels }) => isAt(levels)).length;
  state.textContent = `${shown} of ${sweep.points.length} points shown`;
};
const rememberPart = () => {
  const hidden = away.flatMap((levels, axis) => [...levels].map((level) => `${axis}:${level}`));
  history.replaceState(null, "", hidden.length ? `#hide=${hidden.join(",")}` : location.pathname + location.search);
};
if (filterable.length) {
  const fieldsets = filterable.map(({ name, levels, place }) =>
    create("fieldset", {}, [
      create("legend", { textContent: name }),
      ...levels.map((label, level) => {
        const box = create("input", { type: "checkbox", checked: true, name: `level-${place}-${level}` });
        box.dataset.filter = `${place}:${level}`;
        boxes.push({ box, axis: place, level });
        box.addEventListener("change", () => {
          away[place][box.checked ? "delete" : "add"](level);
          showPart();
          rememberPart();
        });
        return create("label", {}, [box, create("span", { textContent: label })]);
      }),
    ]));
  const all = create("button", { type: "button", textContent: "Show all", id: "show-all" });
  all.addEventListener("click", () => {
    for (const levels of away) levels.clear();
    showPart();
    rememberPart();
  });
  document.querySelector(".side").append(create("details", { className: "filter", id: "filter" }, [
    create("summary", { textContent: "Show a part of the sweep" }),
    state,
    ...fieldsets,
    all,
    create("p", { textContent: "Rows and marks of other levels are hidden; no figure is computed again. The page's address keeps the choice." }),
  ]));
  showPart();
}

// Sections fold; on a narrow screen all but the first begin folded, and their headings are the contents.
const sections = [...document.querySelectorAll("main > section")];
const fold = (section, isFolded) => {
  section.toggleAttribute("data-folded", isFolded);
  section.querySelector(":scope > h2 > button")?.setAttribute("aria-expanded", String(!isFolded));
};
const isNarrow = matchMedia("(max-width: 820px)").matches;
sections.forEach((section, place) => {
  const heading = section.querySelector(":scope > h2");
  if (!heading) return;
  const button = create("button", { type: "button" }, [...heading.childNodes]);
  heading.append(button);
  button.addEventListener("click", () => fold(section, !section.hasAttribute("data-folded")));
  fold(section, isNarrow && place > 0);
});
root.classList.add("folds");

// The address says where to go, or which part to show.
const follow = () => {
  const words = location.hash.slice(1);
  if (words.startsWith("hide=")) {
    for (const levels of away) levels.clear();
    for (const [, axis, level] of words.matchAll(/(\d+):(\d+)/g)) away[axis]?.add(Number(level));
    showPart();
    const filter = document.getElementById("filter");
    if (filter) filter.open = true;
    return;
  }
  const target = document.getElementById(words);
  const section = target?.closest("main > section");
  if (!section?.hasAttribute("data-folded")) return;
  fold(section, false);
  target.scrollIntoView();
};
addEventListener("hashchange", follow);
follow();

// Paper shows what the screen folds.
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details:not([open])")) {
    details.open = true;
    addEventListener("afterprint", () => { details.open = false; }, { once: true });
  }
});

// Where in the page the reader is.
const links = new Map([...document.querySelectorAll("nav a")].map((link) => [link.hash.slice(1), link]));
const observer = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) continue;
    for (const link of links.values()) link.removeAttribute("aria-current");
    links.get(target.id)?.setAttribute("aria-current", "true");
  }
}, { rootMargin: "-10% 0px -80% 0px" });
for (const section of sections) observer.observe(section);
