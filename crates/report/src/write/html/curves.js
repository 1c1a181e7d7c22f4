
// Learning curves of any point that the page knows, up to three laid over each other.
{
  const figureOfCurves = document.getElementById("learning-curves");
  const known = sweep.curves.points;
  const curvesOf = new Map(known.map((curves) => [curves.point, curves]));
  const MOST_LINES = 3;
  const HEIGHT = 330, LEFT = 52, TOP = 14, BOTTOM = 286;

  const draw = (name, attributes = {}, children = []) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };
  const write = (value) => {
    if (value === null || value === undefined) return "-";
    const size = Math.abs(value);
    if (size !== 0 && (size < 1e-4 || size >= 1e9)) return value.toExponential(3);
    return value.toLocaleString("en", { minimumSignificantDigits: 4, maximumSignificantDigits: 4 });
  };
  // A number says the first epoch of a line that has them all.
  const epochsOf = ({ epochs, validation }) =>
    Array.isArray(epochs) ? epochs : validation.map((_, place) => epochs + place);
  const lastEpoch = (line) => epochsOf(line).at(-1) ?? line.diverged ?? 1;

  // Numbers to places, with round numbers beside them.
  const linear = (low, high, start, end) => {
    const room = high > low ? (high - low) * 0.04 : Math.abs(low) * 0.05 || 1;
    const [from, to] = [low - room, high + room];
    const rough = (to - from) / 5;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((times) => times * power).find((step) => step >= rough * 0.999);
    const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    const ticks = [];
    for (let tick = Math.ceil(from / step); tick * step <= to; tick += 1) {
      ticks.push({ number: tick * step, label: (tick * step).toFixed(Math.min(decimals, 12)) });
    }
    return { at: (number) => start + ((number - from) / (to - from)) * (end - start), ticks };
  };
  const logarithmic = (low, high, start, end) => {
    const room = high > low ? (high / low) ** 0.04 : 1.1;
    const [from, to] = [low / room, high * room];
    const decades = Math.log10(to / from);
    const times = decades > 3 ? [1] : [1, 2, 5];
    const every = Math.max(1, Math.ceil(decades / 8));
    const ticks = [];
    for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power += every) {
      for (const factor of times) {
        const number = Number(`${factor}e${power}`);
        if (number >= from && number <= to) ticks.push({ number, label: String(number) });
      }
    }
    const at = (number) =>
      number > 0 ? start + (Math.log(number / from) / Math.log(to / from)) * (end - start) : start;
    return { at, ticks };
  };

  const build = () => {
    const chosen = [known[0].point];
    let epoch = null;
    const rows = create("div", { className: "lines" });
    const more = create("button", { type: "button", textContent: "Lay another point over it" });
    const cursor = create("div", { className: "drawing cursor", tabIndex: 0 });
    const readout = create("div", { className: "table", tabIndex: 0 });
    readout.setAttribute("role", "group");
    readout.setAttribute("aria-label", "Values of the lines in this epoch");
    const left = sweep.curves.all > known.length
      ? ` ${known.length} of ${sweep.curves.all.toLocaleString("en")} points can be chosen: those above, and the best.`
      : "";
    const explorer = create("section", { className: "explorer", id: "explorer" }, [
      create("h3", { textContent: "The curves of any point" }),
      create("div", { className: "tools" }, [more]),
      rows,
      cursor,
      readout,
      create("p", {
        className: "caption",
        textContent:
          "Thick lines: mean validation loss, with its band; the ring is its smallest mean. Dashed: mean training loss. " +
          "Squares: training loss of the final weights. Thin: single replicates beyond the mean; a cross is one that " +
          "diverged. Point at the drawing, or go through the epochs with the arrow keys; below stand the values." + left,
      }),
    ]);
    explorer.setAttribute("aria-label", "The curves of any point");
    cursor.setAttribute("role", "slider");
    cursor.setAttribute("aria-label", "Epoch");
    figureOfCurves.after(explorer);

    const axes = sweep.axes
      .map(({ name, levels }, axis) => {
        const there = new Set(known.map(({ point }) => levelsOf.get(String(point))[axis]));
        return { name, axis, levels: levels.map((label, level) => ({ label, level })).filter(({ level }) => there.has(level)) };
      })
      .filter(({ levels }) => levels.length > 1);
    // The point with this level that has most others in common with the one before.
    const nearest = (before, axis, level) => {
      const levels = levelsOf.get(String(before));
      const shared = ({ point }) => levelsOf.get(String(point)).filter((other, place) => place !== axis && other === levels[place]).length;
      const candidates = known.filter(({ point }) => levelsOf.get(String(point))[axis] === level);
      return candidates.reduce((one, other) => (shared(other) > shared(one) ? other : one)).point;
    };
    const showRows = () => {
      rows.replaceChildren(...chosen.map((point, line) => {
        const selects = axes.map(({ name, axis, levels }) => {
          const select = create("select", { name: `line-${line}-${axis}` }, levels.map(({ label, level }) =>
            create("option", { value: String(level), textContent: label, selected: levelsOf.get(String(point))[axis] === level })));
          select.dataset.axis = axis;
          select.addEventListener("change", () => {
            chosen[line] = nearest(chosen[line], axis, Number(select.value));
            show();
            rows.children[line]?.querySelector(`[data-axis="${axis}"]`)?.focus();
          });
          return create("label", {}, [create("span", { textContent: name }), select]);
        });
        const parts = [create("legend", { className: `s${line}`, textContent: `Line ${line + 1}` }), ...selects];
        if (chosen.length > 1) {
          const remove = create("button", { type: "button", textContent: "Remove" });
          remove.setAttribute("aria-label", `Remove line ${line + 1}`);
          remove.addEventListener("click", () => { chosen.splice(line, 1); show(); more.focus(); });
          parts.push(remove);
        }
        return create("fieldset", {}, parts);
      }));
      more.hidden = axes.length === 0 || chosen.length >= Math.min(MOST_LINES, known.length);
    };

    const lines = () => chosen.map((point) => curvesOf.get(point));
    const epochsOfAll = () => [...new Set(lines().flatMap((curves) => [curves, ...curves.alone].flatMap(epochsOf)))].sort((a, b) => a - b);
    let x = null;
    let rule = null;
    let width = 0;

    const fittingWidth = () => Math.max(280, Math.min(920, cursor.clientWidth));
    const showDrawing = () => {
      // Text keeps its size on a small screen.
      width = fittingWidth();
      const right = width - 24;
      const all = lines();
      const numbers = all.flatMap((curves) => [
        ...curves.validation, ...curves.training, ...curves.end.map(([, loss]) => loss),
        ...curves.alone.filter(({ diverged }) => diverged === null).flatMap(({ validation }) => validation),
      ]).filter((number) => number !== null);
      if (!numbers.length) numbers.push(...all.flatMap((curves) => curves.alone.flatMap(({ validation }) => validation)).filter((number) => number !== null));
      if (!numbers.length) numbers.push(0, 1);
      const least = Math.min(...numbers), most = Math.max(...numbers);
      for (const curves of all) {
        for (const end of [...curves.low.map((low) => Math.max(low, least / 1.5)), ...curves.high.map((high) => Math.min(high, most * 1.2))]) numbers.push(end);
      }
      const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
      const isLogarithmic = low > 0 && high / low >= 8;
      const y = (isLogarithmic ? logarithmic : linear)(low, high, BOTTOM, TOP);
      const lastOfAll = Math.max(...all.flatMap((curves) => [curves, ...curves.alone].map(lastEpoch)));
      x = linear(1, lastOfAll, LEFT, right);
      const place = (epoch, loss) => `${x.at(epoch).toFixed(1)} ${Math.min(BOTTOM, Math.max(TOP, y.at(loss))).toFixed(1)}`;
      const path = (className, epochs, values) => {
        const places = values.flatMap((value, index) => (value === null ? [] : [place(epochs[index], value)]));
        // One epoch alone is a short stroke.
        if (places.length === 1) places.push(place(epochs[0] + 0.02, values[0]));
        return draw("path", { class: className, d: places.length ? `M${places.join("L")}` : "" });
      };
      const parts = [];
      for (const { number, label } of y.ticks) {
        parts.push(draw("line", { class: "rule", x1: LEFT, x2: right, y1: y.at(number), y2: y.at(number) }));
        parts.push(draw("text", { class: "soft small end", x: LEFT - 6, y: y.at(number) + 4 }, [label]));
      }
      for (const { number } of x.ticks.filter(({ number }) => Number.isInteger(Math.round(number * 1e6) / 1e6) && number >= 1)) {
        parts.push(draw("line", { class: "rule", x1: x.at(number), x2: x.at(number), y1: TOP, y2: BOTTOM }));
        parts.push(draw("text", { class: "soft small middle", x: x.at(number), y: BOTTOM + 16 }, [Math.round(number).toLocaleString("en")]));
      }
      parts.push(draw("text", { class: "soft middle", x: (LEFT + right) / 2, y: BOTTOM + 34 }, ["epoch"]));
      all.forEach((curves, line) => {
        const epochs = epochsOf(curves);
        if (curves.low.length > 1) {
          const there = epochs.map((epoch, index) => place(epoch, curves.low[index]));
          const back = epochs.map((epoch, index) => place(epoch, curves.high[index])).reverse();
          parts.push(draw("path", { class: `area s${line}`, d: `M${[...there, ...back].join("L")}Z` }));
        }
        for (const alone of curves.alone) {
          const own = epochsOf(alone);
          parts.push(path(`line lone s${line}`, own, alone.validation));
          if (alone.diverged !== null) {
            const [cx, cy] = own.length ? place(own.at(-1), alone.validation.at(-1)).split(" ").map(Number) : [x.at(alone.diverged), TOP + 4];
            parts.push(draw("path", { class: "cross", d: `M${cx - 3.5} ${cy - 3.5}l7 7m-7 0l7 -7` }));
          }
        }
        parts.push(path(`line training s${line}`, epochs, curves.training));
        parts.push(path(`line solid s${line}`, epochs, curves.validation));
        for (const [epoch, loss] of curves.end) {
          const [cx, cy] = place(epoch, loss).split(" ").map(Number);
          parts.push(draw("rect", { class: `s${line}`, x: cx - 3, y: cy - 3, width: 6, height: 6 }));
        }
        if (curves.lowest !== null) {
          const [cx, cy] = place(curves.lowest, curves.validation[epochs.indexOf(curves.lowest)]).split(" ");
          parts.push(draw("circle", { class: "best", cx, cy, r: 4.5 }));
        }
        if (epochs.length && all.length > 1) {
          const [cx, cy] = place(epochs.at(-1), curves.validation.at(-1)).split(" ").map(Number);
          parts.push(draw("text", { class: "strong", x: cx + 7, y: cy + 4 }, [String(line + 1)]));
        }
      });
      rule = draw("line", { class: "zero", y1: TOP, y2: BOTTOM });
      parts.push(rule);
      cursor.replaceChildren(draw("svg", { class: "plot", viewBox: `0 0 ${width} ${HEIGHT}`, "aria-hidden": "true" }, parts));
    };

    // What each line is in the epoch of the cursor; a thinned line says its nearest epoch.
    const valuesAt = () => lines().map((curves, line) => {
      const epochs = epochsOf(curves);
      const name = `Line ${line + 1}`;
      if (!epochs.length || epoch > epochs.at(-1)) return { name, epoch: null };
      const index = epochs.reduce((best, other, place) => (Math.abs(other - epoch) < Math.abs(epochs[best] - epoch) ? place : best), 0);
      return {
        name, epoch: epochs[index], validation: curves.validation[index], training: curves.training[index],
        low: curves.low[index], high: curves.high[index],
      };
    });
    const showEpoch = () => {
      const epochs = epochsOfAll();
      if (epochs.length === 0) return readout.replaceChildren();
      if (epoch === null || !epochs.includes(epoch)) {
        const wanted = epoch ?? lines()[0].lowest ?? epochs.at(-1);
        epoch = epochs.reduce((best, other) => (Math.abs(other - wanted) < Math.abs(best - wanted) ? other : best));
      }
      rule.setAttribute("x1", x.at(epoch));
      rule.setAttribute("x2", x.at(epoch));
      const values = valuesAt();
      const range = lines().some(({ n }) => n > 2) ? "its 95 % interval" : "its range";
      const heading = (text, className = "") => create("th", { textContent: text, className, scope: "col" });
      const cell = (text) => create("td", { textContent: text, className: "number" });
      readout.replaceChildren(create("table", {}, [
        create("thead", {}, [create("tr", {}, [
          heading(`In epoch ${epoch.toLocaleString("en")}`),
          ...["mean validation loss", range, "mean training loss"].map((text) => heading(text, "number")),
        ])]),
        create("tbody", {}, values.map((value) => create("tr", {}, [
          create("td", { textContent: value.name }),
          cell(write(value.validation)),
          cell(value.low === undefined ? "-" : `${write(value.low)} to ${write(value.high)}`),
          cell(write(value.training)),
        ]))),
      ]));
      cursor.setAttribute("aria-valuemin", String(epochs[0]));
      cursor.setAttribute("aria-valuemax", String(epochs.at(-1)));
      cursor.setAttribute("aria-valuenow", String(epoch));
      const said = values.map(({ name, epoch, validation, training }) =>
        epoch === null ? `${name}: no mean` : `${name}: validation loss ${write(validation)}, training loss ${write(training)}`);
      cursor.setAttribute("aria-valuetext", `epoch ${epoch}. ${said.join(". ")}`);
    };
    const show = () => { showRows(); showDrawing(); showEpoch(); };

    cursor.addEventListener("pointermove", (event) => {
      const box = cursor.firstChild.getBoundingClientRect();
      const at = ((event.clientX - box.left) / box.width) * width;
      const epochs = epochsOfAll();
      if (!epochs.length) return;
      const next = epochs.reduce((best, other) => (Math.abs(x.at(other) - at) < Math.abs(x.at(best) - at) ? other : best));
      if (next !== epoch) { epoch = next; showEpoch(); }
    });
    cursor.addEventListener("keydown", (event) => {
      const epochs = epochsOfAll();
      const at = epochs.indexOf(epoch);
      const to = {
        ArrowRight: at + 1, ArrowUp: at + 1, ArrowLeft: at - 1, ArrowDown: at - 1,
        PageUp: at + 10, PageDown: at - 10, Home: 0, End: epochs.length - 1,
      }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      epoch = epochs[Math.min(epochs.length - 1, Math.max(0, to))] ?? null;
      showEpoch();
    });
    more.addEventListener("click", () => {
      chosen.push((known.find(({ point }) => !chosen.includes(point)) ?? known[0]).point);
      show();
      rows.lastChild?.querySelector("select")?.focus();
    });
    show();
    new ResizeObserver(() => { if (Math.abs(fittingWidth() - width) > 1) show(); }).observe(cursor);

    // A row of a table that tells of a point shows its curves.
    const choose = (point) => {
      chosen.splice(0, chosen.length, point);
      epoch = null;
      show();
      explorer.scrollIntoView({ block: "start" });
      cursor.focus({ preventScroll: true });
    };
    for (const row of document.querySelectorAll("main tr[data-point]")) {
      const point = Number(row.dataset.point);
      const cell = row.cells[0];
      if (!curvesOf.has(point) || !cell) continue;
      const button = create("button", { type: "button", className: "to-curves", title: "Show its learning curves" });
      button.append(...cell.childNodes);
      button.addEventListener("click", () => choose(point));
      cell.append(button);
    }
  };
  if (figureOfCurves && known.length) build();
}
