/** What people fill in and press. */
const FIELDS = /<(label|fieldset|button|select|textarea)\b.*?<\/\1>/g;
/** Elements after which a new line begins. */
const BLOCKS = /<\/(?:h\d|p|li|tr|div|address|article|section)>|<br>/g;
const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
};

/** What a page says, apart from its forms: a line for each of its blocks. */
export function pageLines(html: string): string[] {
  return html
    .replace(/\s+/g, " ")
    .replace(FIELDS, "")
    .replace(/<br> ?<small>|<\/t[dh]>(?=<t[dh])/g, " · ")
    .replace(BLOCKS, "\n")
    .replace(/<\/dt>/g, ": ")
    .replace(/<[^>]+>/g, "")
    .replace(/&\w+;|&#\d+;/g, (entity) => ENTITIES[entity] ?? entity)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** The part of a page under a heading. */
export function pagePart(html: string, heading: string): string[] {
  const sections = html.match(/<section.*?<\/section>/gs) ?? [];
  return pageLines(sections.find((section) => section.includes(`>${heading}</h2>`)) ?? "");
}
