import { readdirSync, readFileSync } from "node:fs";
import { page, table } from "./markdown.ts";

const FOLDER = new URL("../../docs/decisions/", import.meta.url);

const INTRO = `Each page explains one choice that someone might undo without knowing why it was made: what was chosen, why, and what
was not chosen.`;

/** `docs/decisions/README.md`: the titles of all decisions. */
export function decisionsPage(): string {
  const files = readdirSync(FOLDER).filter((name) => /^\d{4}-.*\.md$/.test(name));
  const rows = files.toSorted().map((name) => {
    const [, title = name] = /^# (.+)$/m.exec(readFileSync(new URL(name, FOLDER), "utf8")) ?? [];
    return [String(Number(name.slice(0, 4))), `[${title}](${name})`];
  });
  return page("Decisions", "the pages' headings", [INTRO, table(["number", "decision"], rows)]);
}
