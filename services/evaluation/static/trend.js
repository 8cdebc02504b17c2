/** One figure over twelve months: a line whose points open, and the same as a table. */

import { draw, make, replace } from "./dom.js";
import { opener } from "./evidence.js";
import { FIGURES, addMonths, figure, monthParts, written } from "./format.js";

const MONTHS = 12;
const HEIGHT = 220;
const EDGE = { top: 26, bottom: 42 }; // pixels above and below the line
const SIDES = { left: 68, right: 26 }; // beside it; the left holds the scale
const NARROW_SIDES = { left: 12, right: 12 }; // the scale stands above its lines: each point is a target of 24 pixels
const NARROW = 420;
const STEPS = [2, 5, 10, 20, 25, 50]; // points between two lines of the scale
const ROOM_FOR_FIGURE = 50; // pixels a written figure needs

/** The months shown, the last of them `period`. */
export function monthsUntil(period) {
  return Array.from({ length: MONTHS }, (_, place) => addMonths(period, place - MONTHS + 1));
}

/** Draw `name` of `cards` (by month, where the unit was in force) into `place`; `open`: the last month is not over. */
export function drawTrend(place, { cards, period, name, open, say, called }) {
  const { as } = FIGURES.find((one) => one.name === name);
  const known = new Map(cards.map((card) => [card.period, figure(card, name)]));
  const points = monthsUntil(period).map((month, index) => ({ month, index, value: known.get(month) ?? null }));
  const said = points.filter((point) => point.value !== null);
  if (said.length === 0) {
    replace(place, make("p", { class: "soft" }, say("trendNone")));
    return;
  }
  const width = Math.max(260, place.clientWidth);
  const scale = scales(said, width, as);
  const lowest = said.reduce((low, point) => (point.value < low.value ? point : low));
  const last = said[said.length - 1];
  const alternative = say(
    "trendAlt",
    called,
    say("monthIn", ...monthParts(points[0].month)),
    say("monthIn", ...monthParts(period)),
    written(lowest.value, as),
    written(last.value, as),
  );
  const drawing = draw(
    "svg",
    { role: "img", "aria-label": alternative, width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}` },
    ...scale.ticks.map((tick) => rule(tick, said, scale, width, as)),
    ...monthLabels(points, scale),
    ...lines(points, scale, open),
    ...said.map((point) => dot(point, scale, open && point.month === period)),
    ...said
      .filter((point) => scale.step >= ROOM_FOR_FIGURE || point === lowest || point === last)
      .map((point) => label(point, points, scale, as, point === last)),
  );
  const note = make("p", { class: "soft note" }, make("span", { class: "hollow", "aria-hidden": "true" }), say("provisional"));
  const openers = openersOf(said, scale, { name, as, say, called });
  replace(place, make("div", { class: "plot" }, drawing, openers), ...(open ? [note] : []));
}

/** Over each point a button that opens its evidence: one stop of the Tab key, the arrow keys lead to the others. */
function openersOf(said, scale, { name, as, say, called }) {
  const buttons = said.map((point) => {
    const button = opener(name, { period: point.month });
    button.id = `point-${point.month}`;
    button.classList.add("point");
    button.setAttribute("aria-label", say("opensEvidence", say("monthShort", ...monthParts(point.month)), written(point.value, as)));
    button.style.left = `${scale.x(point.index) - scale.step / 2}px`;
    button.style.width = `${scale.step}px`;
    return button;
  });
  const group = make("div", { class: "points", role: "group", "aria-label": say("chartMonths", called) }, ...buttons);
  const stop = (chosen) => buttons.forEach((button) => (button.tabIndex = button === chosen ? 0 : -1));
  stop(buttons.at(-1));
  group.addEventListener("focusin", (event) => stop(event.target));
  group.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(event.target);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined) return;
    buttons[to]?.focus();
    event.preventDefault();
  });
  return group;
}

/** Where values stand: from a step below the lowest to a step above the highest, in two to five even steps. */
function scales(said, width, as) {
  const values = said.map((point) => point.value * (as === "percent" ? 100 : 1));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const size = STEPS.find((one) => (high - low) / one <= 3.2) ?? STEPS[STEPS.length - 1];
  let base = Math.max(0, Math.floor(low / size - 0.3) * size);
  const most = Math.min(100, Math.max(base + 2 * size, Math.ceil(high / size) * size));
  base = Math.min(base, most - 2 * size);
  const ticks = [];
  for (let tick = base; tick <= most; tick += size) ticks.push(tick);
  const narrow = width < NARROW;
  const sides = narrow ? NARROW_SIDES : SIDES;
  const step = (width - sides.left - sides.right) / (MONTHS - 1);
  const tall = HEIGHT - EDGE.top - EDGE.bottom;
  const unit = as === "percent" ? 100 : 1;
  const height = (value) => EDGE.top + ((most - value) / (most - base)) * tall;
  return { ticks, step, narrow, x: (index) => sides.left + index * step, y: (value) => height(value * unit), height };
}

/** A line of the scale. Where its figure stands above it, it gives way to the first points. */
function rule(tick, points, scale, width, as) {
  const y = scale.height(tick);
  const said = as === "percent" ? `${tick}%` : String(tick);
  const crossed = points.some((point) => point.index <= 1 && Math.abs(scale.y(point.value) - y + 8) < 13);
  return draw(
    "g",
    { class: "rule" },
    draw("line", { x1: scale.narrow ? 0 : SIDES.left - 24, x2: width, y1: y, y2: y }),
    scale.narrow
      ? draw("text", { x: 4, y: crossed ? y + 14 : y - 4 }, said)
      : draw("text", { x: SIDES.left - 30, y: y + 4, "text-anchor": "end" }, said),
  );
}

function monthLabels(points, scale) {
  const every = scale.step < 26 ? 3 : 1;
  return points
    .filter((point) => (MONTHS - 1 - point.index) % every === 0)
    .map((point) => {
      const [month, year] = monthParts(point.month);
      const named = point.index === 0 || month === "1" || (every > 1 && point.index < every);
      const first = scale.narrow && point.index === 0;
      return draw(
        "text",
        { class: "month-name", x: first ? 4 : scale.x(point.index), y: HEIGHT - 12, "text-anchor": first ? "start" : "middle" },
        named || every > 1 ? `${month}/${year.slice(2)}` : month,
      );
    });
}

/** Lines between neighbouring months that both say something; broken towards a month that is not over. */
function lines(points, scale, open) {
  return points.slice(1).flatMap((point) => {
    const before = points[point.index - 1];
    if (before.value === null || point.value === null) return [];
    const provisional = open && point.index === MONTHS - 1;
    return [
      draw("line", {
        class: provisional ? "step provisional" : "step",
        x1: scale.x(before.index),
        y1: scale.y(before.value),
        x2: scale.x(point.index),
        y2: scale.y(point.value),
      }),
    ];
  });
}

/** A point's figure: above it, but below where the line comes down to it. */
function label(point, points, scale, as, isLast) {
  const beside = [points[point.index - 1]?.value, points[point.index + 1]?.value].filter((value) => value != null);
  const isDip = beside.length > 0 && beside.every((value) => value > point.value);
  const y = scale.y(point.value) + (isDip ? 19 : -10);
  const outer = scale.narrow && { 0: "start", [MONTHS - 1]: "end" }[point.index];
  const x = scale.x(point.index) + ({ start: -8, end: 8 }[outer] ?? 0);
  const attributes = { class: isLast ? "value last" : "value", "text-anchor": outer || "middle", x, y };
  return draw("text", attributes, written(point.value, as));
}

function dot(point, scale, provisional) {
  return draw("circle", { class: provisional ? "provisional" : "", cx: scale.x(point.index), cy: scale.y(point.value), r: 4 });
}

/** Every figure of the months as a table in `place`, the newest month first. */
export function tabulateTrend(place, { cards, say, columns, caption }) {
  const shown = FIGURES.filter((one) => one.name !== "open");
  const head = make("tr", {}, make("th", { scope: "col" }, say("month")), ...shown.map((one) => make("th", { scope: "col" }, columns[one.name])));
  const rows = [...cards].reverse().map((card) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, `${monthParts(card.period).join("/")}`),
      ...shown.map((one) => make("td", {}, cell(card, one, say, columns))),
    ),
  );
  replace(
    place,
    make("table", {}, make("caption", { class: "unseen" }, caption), make("thead", {}, head), make("tbody", {}, ...rows)),
  );
}

function cell(card, { name, as }, say, columns) {
  const button = opener(name, { period: card.period });
  button.id = `month-${card.period}-${name}`;
  const said = written(figure(card, name), as);
  button.textContent = said;
  button.setAttribute("aria-label", say("opensEvidence", `${columns[name]}, ${monthParts(card.period).join("/")}`, said));
  return button;
}
