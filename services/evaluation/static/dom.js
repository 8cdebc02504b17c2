/** Making and changing elements. */

const SVG = "http://www.w3.org/2000/svg";
const SHOWN_FOR = 2000; // milliseconds a changed figure stays marked

/** The element with this id. */
export const byId = (id) => document.getElementById(id);

/** A new element; `children` are elements or texts, empty ones are left out. */
export function make(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** A new element of an SVG drawing. */
export function draw(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== ""));
  return element;
}

/** Write `said` into `element` if it says something else; `marked`: show for a moment that it changed. */
export function write(element, said, marked = false) {
  if (element.textContent === said) return;
  element.textContent = said;
  if (!marked) return;
  element.classList.remove("changed");
  void element.getBoundingClientRect(); // lets the animation begin anew
  element.classList.add("changed");
  clearTimeout(element.marking);
  element.marking = setTimeout(() => element.classList.remove("changed"), SHOWN_FOR);
}

/** A bar of `share` (0 to 1) of its place; for the eye only, its figure stands beside it as text. */
export function bar() {
  return make("span", { class: "bar", "aria-hidden": "true" }, make("span"));
}

/** Set a bar made by `bar`. */
export function setBar(element, share) {
  element.firstChild.style.width = `${Math.round((share ?? 0) * 1000) / 10}%`;
}

/** Put `children` in place of what `place` holds; a focus on what has an id goes to the new element of that id. */
export function replace(place, ...children) {
  const held = place.contains(document.activeElement) ? document.activeElement.id : "";
  place.replaceChildren(...children);
  if (held !== "") byId(held)?.focus({ preventScroll: true });
}

/** Put `children` below `parent` in this order, moving as few as possible, the focus kept. */
export function arrange(parent, children) {
  const held = document.activeElement;
  for (const old of [...parent.children]) if (!children.includes(old)) old.remove();
  children.forEach((child, place) => {
    if (parent.children[place] !== child) parent.insertBefore(child, parent.children[place] ?? null);
  });
  if (held !== document.activeElement && parent.contains(held)) held.focus({ preventScroll: true });
}
