// Where the focus is, and whether somebody who sees can tell: it differs from rest, and nothing lies over it.
() => {
  const el = document.activeElement;
  const look = (one) => {
    const style = getComputedStyle(one);
    // Without a line its width and colour say nothing.
    const outline = style.outlineStyle === "none" ? "" : `${style.outlineStyle} ${style.outlineWidth} ${style.outlineColor}`;
    return `${outline} ${style.boxShadow}`;
  };
  window.atRest ??= new Map([...document.querySelectorAll("a, button, input, select, textarea, summary, [tabindex]")]
    .filter((one) => one !== el).map((one) => [one, look(one)]));
  if (!el || el === document.body) return null;
  const name = el.labels?.length ? el.labels[0].innerText : el.getAttribute("aria-label") ?? el.innerText;
  const rect = el.getClientRects()[0] ?? el.getBoundingClientRect();
  // A tall field may begin in sight and end below: any part of it that is met will do.
  const isOnTop = [4, rect.height / 2, rect.height - 4].some((down) => {
    const met = document.elementFromPoint(rect.left + rect.width / 2, rect.top + down);
    return met !== null && (el.contains(met) || [...(el.labels ?? [])].some((label) => label.contains(met)));
  });
  return {
    id: el.id,
    tag: el.tagName.toLowerCase(),
    type: el.type ?? "",
    name: name.trim().replace(/\s+/g, " "),
    isMarked: window.atRest.get(el) !== look(el) && (el.matches(":focus-visible")),
    isOnTop,
  };
}
