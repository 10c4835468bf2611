import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const path = fileURLToPath(import.meta.resolve("axe-core/axe.min.js"));

/** axe-core as a script for a page. It is minified: a browser reads it anew on every page. */
export const axeSource = `${readFileSync(path, "utf8")};undefined`;
