// What depends on the window: sideways scroll, targets, text that does not grow.
({ name, targets, grown }) => {
  const complaints = [];
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const isSeen = (el) => el.checkVisibility({ visibilityProperty: true }) && el.getClientRects().length > 0;
  const tell = (el) => {
    const words = (el.innerText || el.name || el.id || "").trim().replace(/\s+/g, " ").slice(0, 40);
    return `<${el.tagName.toLowerCase()}${el.id ? "#" + el.id : ""}> «${words}»`;
  };
  const own = (el) => [...el.childNodes].some((node) => node.nodeType === 3 && node.data.trim());

  for (const details of all("details")) details.open = true;
  if (grown) {
    const before = new Map(all("body *").filter((el) => own(el) && isSeen(el)).map((el) => [el, parseFloat(getComputedStyle(el).fontSize)]));
    document.documentElement.style.fontSize = `${2 * parseFloat(getComputedStyle(document.documentElement).fontSize)}px`;
    const stuck = [...before].filter(([el, size]) => parseFloat(getComputedStyle(el).fontSize) < 1.99 * size);
    if (stuck.length) complaints.push(`${name}: ${stuck.length} texts do not grow, first ${tell(stuck[0][0])}`);
  }

  // --- Sideways ---
  const wide = innerWidth;
  if (document.documentElement.scrollWidth > wide) {
    const over = all("body *").filter((el) => isSeen(el) && el.getBoundingClientRect().right > wide + 1);
    complaints.push(`${name}: scrolls sideways to ${document.documentElement.scrollWidth} px, ${over.length ? tell(over.at(-1)) : ""}`);
  }
  for (const el of all("main *").filter((el) => own(el) && isSeen(el) && !el.closest(".visually-hidden")))
    if (getComputedStyle(el).overflowX === "hidden" && el.scrollWidth > el.clientWidth + 1) complaints.push(`${name}: cut off: ${tell(el)}`);

  // --- Targets of 44 px: by their own box, or by what a finger meets 22 px around their middle ---
  const inRunningText = (el) => {
    if (el.tagName !== "A" || getComputedStyle(el).display !== "inline") return false;
    const around = el.closest("p, li, dd, td, label, small, div") ?? el;
    const words = around.innerText.trim();
    return words.replace(/\s+/g, " ") !== el.innerText.trim().replace(/\s+/g, " ");
  };
  const meets = (el, x, y) => {
    const met = document.elementFromPoint(x, y);
    return met !== null && (el.contains(met) || [...(el.labels ?? [])].some((label) => label.contains(met)));
  };
  const isBig = (el) => {
    const rect = el.getBoundingClientRect();
    if (rect.width >= 43.5 && rect.height >= 43.5) return true;
    el.scrollIntoView({ block: "center", behavior: "instant" });
    const box = el.getClientRects()[0];
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const high = rect.height >= 43.5 || (meets(el, x, y - 21) && meets(el, x, y + 21));
    const broad = rect.width >= 43.5 || meets(el, x - 21, y) || meets(el, x + 21, y);
    return high && broad;
  };
  if (targets) {
    const small = all("a[href], button, input:not([type=hidden]), select, textarea, summary").filter(
      (el) => isSeen(el) && !el.closest(".visually-hidden-focusable, [aria-hidden=true]") && !inRunningText(el) && !isBig(el));
    for (const el of small) {
      const { width, height } = el.getBoundingClientRect();
      complaints.push(`${name}: target of ${Math.round(width)} × ${Math.round(height)} px: ${tell(el)}`);
    }
    scrollTo(0, 0);
  }
  if (grown) document.documentElement.removeAttribute("style");
  return complaints;
}
