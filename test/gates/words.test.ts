import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";

/** Words that have no place here, in names or in prose, and what to write instead. */
const WORDS: readonly (readonly [word: RegExp, write: string])[] = [
  [/\bmend(?:s|ed|ing)?\b/i, "fix"],
  [/\btold\b/i, "notified, reported, sent"],
  [/\bhears? of\b/i, "receives, is notified of"],
  [/\bbears? repeats\b/i, "is idempotent"],
  [/\bTwice:|\bDying in between\b/, "Idempotency:, Crash safety:"],
  [/\bwhoever\b/i, "everyone who, the person who"],
  [/\bas good as none\b/i, "ignored"],
  [
    /\bstand-ins?\b|\b[Ss]tand Ins?\b/,
    "emulator (of a cloud product), simulator (of a third party)",
  ],
  [/\bthe house\b/i, "the platform"],
  [/\baffairs?\b/i, "obligation"],
  [/\bdeeds?\b/i, "action"],
  [/\bhindrances?\b/i, "reason"],
  [/\bstints?\b/i, "roster interval"],
  [/\bevenings?\b/i, "simulation, scenario"],
];

/** Files where a line with this text may have such a word, and why. */
const ALLOWED: readonly (readonly [file: RegExp, text: RegExp, why: string])[] = [
  [/^simulation\/random\/choices\.ts$/, /"deed "/, "labels that seeded draws keep"],
  [/^simulation\/scenarios\/auction\/actions\.ts$/, /"ask to be told"/, "a label that seeds draws"],
  [/^bench\/|^docs\/(?:costs|operations)\.md$/, /evening/i, "hours of real auctions"],
  [/^test\/gates\/operators-pages\.test\.ts$/, /evening/, "hours of real auctions"],
  [/^test\/(?:local\/twitch|web)\//, /evening/i, "the time of day"],
];

const files = execFileSync("git", ["ls-files"], { encoding: "utf8" })
  .split("\n")
  .filter((file) => /\.(?:ts|js|lua|md|json|tf|html|css|yml|example)$/.test(file))
  .filter((file) => !["package-lock.json", "test/gates/words.test.ts"].includes(file));

/** Lines of a file, or its path, that have one of the words; names are taken apart into their words. */
function findWords(file: string, content: string): string[] {
  return [file, ...content.split("\n")].flatMap((line, number) => {
    const plain = line.replace(/([a-z])([A-Z])/g, "$1 $2").replaceAll("_", " ");
    return WORDS.flatMap(([word, write]) => {
      const isAllowed = ALLOWED.some(([place, text]) => place.test(file) && text.test(line));
      return word.test(plain) && !isAllowed ? [`${file}:${number}: ${word.source}: ${write}`] : [];
    });
  });
}

describe("the language", () => {
  test("is plain: names and prose use the standard terms", () => {
    expect(files.length).toBeGreaterThan(1000);
    expect(files.flatMap((file) => findWords(file, readFileSync(file, "utf8")))).toEqual([]);
  });

  test.each([
    ["const timesTold = 2;"],
    ["// Whoever calls it twice gets the same."],
    ["startFirestoreStandIn()"],
    ["ROSTER_STINTS"],
    [" * Twice: nothing changes."],
  ])("is checked: %j is refused", (line) => {
    expect(findWords("functions/example.ts", line)).toHaveLength(1);
  });

  test("has no exception that is not needed", () => {
    for (const [place, text] of ALLOWED) {
      const has = files.some(
        (file) =>
          place.test(file) &&
          [file, ...readFileSync(file, "utf8").split("\n")].some((line) => text.test(line)),
      );
      expect({ text: text.source, has }).toEqual({ text: text.source, has: true });
    }
  });
});
