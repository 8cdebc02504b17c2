/** The figures of the month at the head of the page: the strip, and the self scores. */

import { bar, make, setBar, write } from "./dom.js";
import { opener, opens } from "./evidence.js";
import { written } from "./format.js";
import { formOf } from "./periods.js";

const GRADES = ["grade_good", "grade_fair", "grade_average", "grade_weak"];

/**
 * What each place of the strip says of a scorecard: label, the figure it opens, how that is written, what stands beside
 * it, notes, share of its bar. Beside and notes are [text, figure]: a figure makes the text open its evidence; "3 / 4"
 * opens the share, whose evidence is counted in both.
 */
const STRIP = [
  {
    label: "held",
    opens: "regular_held",
    figure: ({ parts }) => written(parts.regular_held, "count"),
    beside: ({ derived, period }, say) => [say(formOf(period) === "month" ? "heldOf" : "heldOfMeetings", written(derived.due, "count")), "due"],
    notes: heldNotes,
    share: ({ derived }) => derived.held_rate,
  },
  {
    label: "attendance",
    opens: "attendance_rate",
    figure: ({ derived }) => written(derived.attendance_rate, "percent"),
    notes: ({ parts }, say) =>
      parts.owed === 0
        ? [[say("noReports")]]
        : [
            [say("attendanceOf", written(parts.present, "count"), written(parts.owed, "count")), "attendance_rate"],
            [say("withoutReason", written(parts.absent_without_reason, "count")), "absent_without_reason"],
          ],
    share: ({ derived }) => derived.attendance_rate,
  },
  ofHeld("onTime", "on_time_rate", "regular_on_time", "late", "noneLate", "regular_late"),
  ofHeld("conclusion", "conclusion_rate", "with_conclusion", "lacking", "noneLacking"),
  ofHeld("tasks", "task_rate", "with_tasks", "lacking", "noneLacking"),
  {
    label: "tasksDone",
    opens: "tasks_done_rate",
    figure: ({ derived }) => written(derived.tasks_done_rate, "percent"),
    notes: ({ parts }, say) =>
      parts.tasks_due === 0
        ? [[say("noTasks")]]
        : [
            [say("tasksOf", written(parts.tasks_done, "count"), written(parts.tasks_due, "count")), "tasks_done_rate"],
            [say("doneLate", written(parts.tasks_done_late, "count")), "tasks_done_late"],
          ],
    share: ({ derived }) => derived.tasks_done_rate,
  },
];
const MOST_NOTES = 3;

function heldNotes({ parts, derived }, say) {
  if (derived.due === 0) return [[say("noneDue")]];
  const notes = [
    derived.missing > 0 && [say("missing", written(derived.missing, "count")), "missing"],
    derived.awaited > 0 && [say("awaited", written(derived.awaited, "count")), "awaited"],
    parts.not_held > 0 && [say("notHeld", written(parts.not_held, "count")), "not_held"],
  ].filter(Boolean);
  return notes.length > 0 ? notes : [[say("nothingOpen"), "due"]];
}

/** A share of the meetings held, with how many fall short of it: those are opened by `short`, or among all of them. */
function ofHeld(label, rate, part, some, none, short = rate) {
  return {
    label,
    opens: rate,
    figure: ({ derived }) => written(derived[rate], "percent"),
    notes: ({ parts }, say) => {
      if (parts.regular_held === 0) return [[say("noReports")]];
      const lacking = parts.regular_held - parts[part];
      return [lacking > 0 ? [say(some, written(lacking, "count")), short] : [say(none), rate]];
    },
    share: ({ derived }) => derived[rate],
  };
}

/** A place for a text that may open evidence; the same element as long as the page stands, so that focus is kept. */
function note() {
  return opener("");
}

/** `named(words)`: its name for those who do not see where it stands. */
function setNote(element, said, named, marked) {
  const [words, figure] = said ?? ["", undefined];
  write(element, words, marked);
  if (figure === undefined) element.removeAttribute("aria-label");
  else element.setAttribute("aria-label", named(words));
  element.hidden = words === "";
  element.disabled = figure === undefined;
  opens(element, figure ?? "");
}

/** The strip in `place`, its texts by `say`; returns what shows a scorecard in it. */
export function strip(place, say) {
  const parts = STRIP.map((one) => {
    const made = { one, figure: opener(one.opens), beside: note() };
    made.figure.classList.add("figure");
    made.beside.classList.add("of");
    made.notes = Array.from({ length: MOST_NOTES }, note);
    made.bar = bar();
    made.row = make(
      "div",
      { "data-figure": one.label },
      make("dt", {}, say(one.label)),
      make("dd", {}, make("span", {}, made.figure, " ", made.beside), make("span", { class: "notes" }, ...made.notes), made.bar),
    );
    return made;
  });
  place.replaceChildren(...parts.map((part) => part.row));
  return (card, marked) => {
    for (const { one, figure, beside, notes, bar: drawn } of parts) {
      write(figure, one.figure(card), marked);
      figure.setAttribute("aria-label", say("opensEvidence", say(one.label), one.figure(card)));
      const named = (words) => say("opensAlone", `${say(one.label)}: ${words}`);
      setNote(beside, one.beside?.(card, say), named, false);
      const said = one.notes(card, say);
      notes.forEach((place_, at) => setNote(place_, said[at], named, marked));
      setBar(drawn, one.share(card));
    }
  };
}

/** The self scores in `place`; returns what shows a scorecard in it. */
export function grades(place, say) {
  const mean = opener("average_self_points");
  mean.classList.add("figure");
  const of = opener("self_scored");
  of.classList.add("of");
  const segments = GRADES.map((name) => make("span", { class: name }));
  const stack = make("div", { class: "stack", role: "img" }, ...segments);
  const lines = GRADES.map((name) => {
    const line = { open: opener(name), count: make("span", { class: "count" }), share: make("span", { class: "share" }) };
    const swatch = make("span", { class: `swatch ${name}`, "aria-hidden": "true" });
    line.open.append(line.count, line.share);
    line.row = make("li", {}, swatch, make("span", {}, say(name)), line.open);
    return line;
  });
  const none = make("p", { class: "soft" }, say("gradesNone"));
  const some = make("div", {}, make("p", {}, mean, " ", of), stack, make("ul", { class: "grades" }, ...lines.map((l) => l.row)));
  place.replaceChildren(some, none);
  return (card, marked) => {
    const scored = card.parts.self_scored;
    some.hidden = scored === 0;
    none.hidden = scored !== 0;
    const points = written(card.derived.average_self_points, "points");
    write(mean, points, marked);
    mean.setAttribute("aria-label", say("opensEvidence", say("grades"), points));
    write(of, say("gradesMean", written(scored, "count")), marked);
    of.setAttribute("aria-label", say("opensAlone", of.textContent));
    GRADES.forEach((name, place_) => {
      const share = scored ? card.parts[name] / scored : 0;
      segments[place_].style.width = `${share * 100}%`;
      segments[place_].hidden = card.parts[name] === 0;
      const line = lines[place_];
      write(line.count, written(card.parts[name], "count"), marked);
      write(line.share, written(share, "percent"));
      line.open.setAttribute("aria-label", say("opensEvidence", say(name), `${line.count.textContent} (${line.share.textContent})`));
    });
    const said = GRADES.map((name) => `${say(name)} ${written(card.parts[name], "count")}`).join(", ");
    stack.setAttribute("aria-label", say("gradeBar", said));
  };
}
