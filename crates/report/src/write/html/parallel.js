
// Parallel coordinates: the lines through a brushed stretch of an axis stay, the others fade. Brushes of several axes
// combine. One drags along an axis, clicks a level, or chooses below the picture; Escape shows all lines again.
const brushable = (figure) => {
  const svg = figure.querySelector("svg");
  const axes = [...svg.querySelectorAll("[data-brush]")].map((element) => ({ element, range: null, ...JSON.parse(element.dataset.brush) }));
  // A path has one place for each axis.
  const lines = [...svg.querySelectorAll(".mark")].map((mark) => {
    const places = mark.querySelector("path.line").getAttribute("d").match(/-?[\d.]+/g).map(Number);
    return { mark, heights: places.filter((_, place) => place % 2) };
  });
  const state = create("p", { className: "caption brush-state" });
  state.setAttribute("role", "status");

  const valueAt = ({ from, to, log, start, end }, y) => {
    const share = Math.min(1, Math.max(0, (y - start) / (end - start)));
    return log ? from * (to / from) ** share : from + share * (to - from);
  };
  const inWords = (axis) => {
    const [top, bottom] = axis.range;
    if (!axis.levels) return `${axis.name} ${[bottom, top].map((y) => Number(valueAt(axis, y).toPrecision(3))).join(" to ")}`;
    const kept = axis.levels.filter(([, from, to]) => from >= top && to <= bottom).map(([label]) => label);
    return `${axis.name} ${kept.join(" or ")}`;
  };
  const show = () => {
    const brushed = axes.filter(({ range }) => range);
    let kept = 0;
    for (const { mark, heights } of lines) {
      const stays = axes.every(({ range }, place) => !range || (heights[place] >= range[0] && heights[place] <= range[1]));
      mark.toggleAttribute("data-faded", !stays);
      kept += stays;
    }
    for (const { range, box, choice } of axes) {
      box.toggleAttribute("hidden", !range);
      if (range) {
        box.setAttribute("y", range[0]);
        box.setAttribute("height", Math.max(1, range[1] - range[0]));
      }
      const asked = range ? range.join() : "";
      choice.value = [...choice.options].some(({ value }) => value === asked) ? asked : "drawn";
    }
    state.textContent = brushed.length
      ? `${kept} of ${lines.length} lines: ${brushed.map(inWords).join("; ")}. Escape shows all.`
      : "Drag along an axis, click a level, or choose below, to keep the lines that pass there.";
  };
  const clear = () => {
    for (const axis of axes) axis.range = null;
    show();
  };

  // A stretch of an axis of levels holds whole levels.
  const stretch = (axis, one, other) => {
    let [top, bottom] = [Math.min(one, other), Math.max(one, other)];
    if (!axis.levels) return [top, bottom];
    const touched = axis.levels.filter(([, from, to]) => to > top && from <= bottom);
    if (!touched.length) return null;
    return [Math.min(...touched.map(([, from]) => from)), Math.max(...touched.map(([, , to]) => to))];
  };
  // Of an axis of numbers, a share of the lines.
  const shareOf = (place, least, most) => {
    const sorted = lines.map(({ heights }) => heights[place]).sort((one, other) => other - one);
    const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    return [at(most), at(least)];
  };

  const fields = axes.map((axis, place) => {
    const hit = axis.element.querySelector(".hit");
    axis.box = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    axis.box.setAttribute("class", "brush");
    axis.box.setAttribute("x", Number(hit.getAttribute("x")) + 8);
    axis.box.setAttribute("width", 16);
    hit.before(axis.box);
    hit.classList.add("brushes");
    const height = (event) => {
      const box = svg.getBoundingClientRect();
      return ((event.clientY - box.top) / box.height) * svg.viewBox.baseVal.height;
    };
    let start = null;
    let before = null;
    hit.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      hit.setPointerCapture(event.pointerId);
      [start, before] = [height(event), axis.range];
    });
    hit.addEventListener("pointermove", (event) => {
      if (start === null) return;
      axis.range = stretch(axis, start, height(event));
      show();
    });
    hit.addEventListener("pointerup", (event) => {
      if (start === null) return;
      if (Math.abs(height(event) - start) < 4) {
        const level = axis.levels ? stretch(axis, start, start) : null;
        axis.range = before && level && before.join() === level.join() ? null : level;
        show();
      }
      start = null;
    });
    hit.addEventListener("pointercancel", () => { start = null; });

    const options = axis.levels
      ? axis.levels.map(([label, from, to]) => [label, [from, to]])
      : [["lowest tenth", 0, 0.1], ["lowest quarter", 0, 0.25], ["lower half", 0, 0.5], ["upper half", 0.5, 1]]
        .map(([words, least, most]) => [words, shareOf(place, least, most)]);
    axis.choice = create("select", { name: `brush-${place}` }, [
      create("option", { value: "", textContent: "all" }),
      ...options.map(([words, range]) => create("option", { value: range.join(), textContent: words })),
      create("option", { value: "drawn", textContent: "as drawn", hidden: true }),
    ]);
    axis.choice.addEventListener("change", () => {
      axis.range = axis.choice.value ? axis.choice.value.split(",").map(Number) : null;
      show();
    });
    return create("label", {}, [axis.name, axis.choice]);
  });
  const all = create("button", { type: "button", textContent: "Show all lines" });
  all.addEventListener("click", clear);
  figure.querySelector(".drawing").after(state, create("div", { className: "tools brushing" }, [...fields, all]));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && axes.some(({ range }) => range)) clear(); });
  show();
};
for (const figure of document.querySelectorAll("figure")) if (figure.querySelector("[data-brush]")) brushable(figure);
