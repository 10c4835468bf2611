import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const PAGE = fileURLToPath(new URL("../../../../../docs/redis.md", import.meta.url));

/** What the product keeps under keys with one beginning, by `docs/redis.md`. */
export interface PrefixMeaning {
  readonly prefix: string;
  readonly holds: string;
  readonly kept: string;
}

/** The meanings of all keys that the page names; "`<queue>:<id>`" stands for several queues. */
export function readMeanings(): readonly PrefixMeaning[] {
  return readFileSync(PAGE, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .flatMap((line) => {
      const [, keys = "", holds = "", kept = ""] = line.split("|").map((cell) => cell.trim());
      const [patterns = "", named = ""] = keys.split(" of the queues ");
      const queues = codesIn(named);
      return codesIn(patterns).flatMap((pattern) => {
        const names = pattern.startsWith("<queue>") ? queues : [""];
        return names.map((queue) => ({
          prefix: pattern.replace("<queue>", queue).replace(/<.*$/, ""),
          holds: holds.replaceAll("`", ""),
          kept,
        }));
      });
    });
}

function codesIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}
