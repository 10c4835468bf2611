import { readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { SETTINGS } from "../../local/demo/cast.ts";
import { playEverything } from "../../local/demo/play.ts";
import { Timeline } from "../../local/demo/timeline.ts";
import { useCloud } from "../support/cloud.ts";

const cloud = await useCloud({ environment: SETTINGS });

/** Marks lines that an excerpt leaves out. */
const GAP = "…";

describe("the demo", () => {
  const printed: string[] = [];

  test("every expectation holds", async () => {
    const stage = { ...cloud, cloud };
    const timeline = new Timeline(stage, (line) => printed.push(line));
    await playEverything(stage, timeline);
    const allHeld = timeline.end();
    expect(printed.filter((line) => line.includes("✗"))).toEqual([]);
    expect(allHeld).toBe(true);
  }, 60_000);

  test("prints in the order of time, and a board as it was then", () => {
    const lines = printed.map((line) => stripVTControlCharacters(line));
    const times = lines.flatMap((line) => /^ *([\d.]+)s /.exec(line)?.[1] ?? []).map(Number);
    expect(times.length).toBeGreaterThan(300);
    expect(times).toEqual([...times].sort((one, other) => one - other));
    const sale = lines.slice(lines.findIndex((line) => line.includes("A snipe")));
    const [goingOnce, sold] = ["Going once", "**SOLD**"].map((words) =>
      sale.findIndex((line) => line.includes(words)),
    );
    expect(goingOnce).toBeGreaterThan(0);
    expect(goingOnce).toBeLessThan(sold ?? 0);
  });

  test("the README's excerpt is what it prints", () => {
    const blocks = readFileSync("README.md", "utf8").split(/^```.*\n/m);
    const excerpt = blocks.find((block) => block.includes("expectations held")) ?? "";
    expect(excerpt).not.toBe("");
    expect(missingParts(excerpt, printed.join("\n"))).toEqual([]);
  });

  test("an excerpt with another line, a joined one, or another order is found", () => {
    const output = "  1.0s   mina  types\n  1.1s   ruth  reads\n         ✓ done";
    expect(missingParts("  7.0s   mina  types\n…\n         ✓ done", output)).toEqual([]);
    expect(missingParts("  7.0s   mina  pays", output)).toEqual(["mina  pays"]);
    expect(missingParts("  7.0s   mina  types\n✓ done", output)).toEqual(["mina  types\n✓ done"]);
    expect(missingParts("✓ done\n…\n  7.0s   mina  types", output)).toEqual(["mina  types"]);
  });
});

/** The parts of an excerpt, between its gaps, that the output does not have line by line and in this order. */
function missingParts(excerpt: string, output: string): string[] {
  const lines = comparable(output);
  let from = 0;
  return partsOf(comparable(excerpt)).flatMap((part) => {
    const at = lines.findIndex(
      (_line, index) =>
        index >= from && part.every((line, offset) => lines[index + offset] === line),
    );
    if (at < 0) return [part.join("\n")];
    from = at + part.length;
    return [];
  });
}

function partsOf(lines: readonly string[]): string[][] {
  const parts: string[][] = [[]];
  for (const line of lines) {
    if (line === GAP) parts.push([]);
    else parts.at(-1)?.push(line);
  }
  return parts;
}

/** The lines without colours, indentation and the time, which differs from run to run. */
function comparable(text: string): string[] {
  return stripVTControlCharacters(text)
    .split("\n")
    .map((line) => line.trim().replace(/^[\d.]+s +/, ""))
    .filter((line) => line !== "");
}
