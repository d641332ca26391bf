// What a page must be, looked up in one go; returns what it says and a list of complaints.
({ language, standsAlone }) => {
  const complaints = [];
  const complain = (what) => complaints.push(what);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const isSeen = (el) => el.checkVisibility({ visibilityProperty: true }) && el.getClientRects().length > 0;
  const tell = (el) => {
    const words = (el.innerText || el.name || el.id || "").trim().replace(/\s+/g, " ").slice(0, 40);
    return `<${el.tagName.toLowerCase()}${el.id ? "#" + el.id : ""}> «${words}»`;
  };
  const plain = (text) => text.trim().replace(/\s+/g, " ");

  for (const details of all("details")) details.open = true;

  // --- The document ---
  const lang = document.documentElement.lang;
  if (lang !== language) complain(`<html lang="${lang}">, asked for ${language}`);
  const ids = all("[id]").map((el) => el.id);
  for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) complain(`id «${id}» stands twice`);
  if (all("main").length !== 1) complain(`${all("main").length} <main>`);
  const headings = all("h1").filter(isSeen);
  if (headings.length !== 1 || !plain(headings[0].innerText)) complain(`${headings.length} <h1>`);
  if (!standsAlone && all("[role=status]").length !== 1) complain(`${all("[role=status]").length} role=status`);
  for (const alert of all("[role=alert]"))
    if (!plain(alert.innerText)) complain(`an empty role=alert: ${tell(alert)}`);
  if (all("[style]").length) complain(`inline style: ${tell(all("[style]")[0])}`);
  if (all("script:not([src])").some((el) => !el.type.endsWith("json"))) complain("inline script");
  for (const img of all("img"))
    if (!img.hasAttribute("alt")) complain(`no alt: ${img.src}`);
    else if (img.complete && !img.naturalWidth && isSeen(img) && img.loading !== "lazy") complain(`picture missing: ${img.src}`);
  for (const el of all("input:not([type=hidden]), select, textarea"))
    if (!el.labels?.length && !el.ariaLabel && !el.getAttribute("aria-labelledby")) complain(`no label: ${tell(el)}`);
  for (const el of all("[aria-describedby], [aria-labelledby]"))
    for (const id of `${el.getAttribute("aria-describedby") ?? ""} ${el.getAttribute("aria-labelledby") ?? ""}`.split(/\s+/))
      if (id && !document.getElementById(id)) complain(`${tell(el)} points to «${id}», which is not there`);
  for (const link of all("a"))
    if (!link.getAttribute("href")) complain(`${tell(link)} leads nowhere`);
  for (const link of all("a[href^='#']"))
    if (link.hash.length > 1 && !document.getElementById(link.hash.slice(1))) complain(`${tell(link)} leads to ${link.hash}, which is not there`);

  // --- Texts, without what is marked as another language ---
  const speaks = (node) => (node.parentElement.closest("[lang]")?.lang ?? "").slice(0, 2);
  const hidden = "script, style, template, svg";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.parentElement.closest(hidden) || !plain(node.data)) continue;
    if (speaks(node) === language) texts.push(plain(node.data));
  }
  for (const block of all("p, li, dt, dd, h1, h2, h3, h4, label, legend, button, a, summary, small, th, td")) {
    if ((block.closest("[lang]")?.lang ?? "").slice(0, 2) !== language || !block.children.length) continue;
    const copy = block.cloneNode(true);
    for (const other of all(`[lang]:not([lang="${language}"])`, copy)) other.remove();
    texts.push(plain(copy.textContent));
  }
  texts.push(...all("[aria-label], [placeholder], [alt]").flatMap((el) => [el.ariaLabel, el.placeholder, el.alt]).filter(Boolean).map(plain));

  return { complaints, texts, title: document.title, heading: plain(headings[0]?.innerText ?? "") };
}
