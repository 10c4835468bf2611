import { existsSync, globSync, readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { eveningTable, minInstanceCost } from "../../bench/costs/evening-cost.ts";
import { functionNames } from "../../functions/manifest.ts";
import { devCommands } from "../../tools/cli/commands.ts";
import { INVITED_WITH } from "../../tools/doctor/checks/discord/access.ts";
import { permissionNumber } from "../../tools/doctor/checks/discord/permissions.ts";
import { commands } from "../../tools/ops/commands/index.ts";

const ROOT = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, ROOT), "utf8");

const PAGES = ["docs/install.md", "docs/operations.md", "docs/secrets.md", "docs/restore.md"];

/** GitHub's name of a heading in a link. */
function anchorOf(heading: string): string {
  const plain = heading.toLowerCase().replaceAll(/[^\w\s-]/g, "");
  return plain.trim().replaceAll(" ", "-");
}

function anchorsIn(page: string): string[] {
  return [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading));
}

/** Links to files that are not there, or to headings that they do not have. */
function brokenLinks(page: string, text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = ""]) => {
    if (target.startsWith("http")) return [];
    const [file, anchor] = target.split("#");
    const url = file ? new URL(file, new URL(page, ROOT)) : new URL(page, ROOT);
    if (!existsSync(url)) return [target];
    return anchor && !anchorsIn(url.pathname).includes(anchor) ? [target] : [];
  });
}

const everyPage = globSync(["*.md", ".github/**/*.md", "docs/**/*.md"], { cwd: ROOT });

test.each(everyPage)("every link in %s leads somewhere", (page) => {
  expect(brokenLinks(page, read(page))).toEqual([]);
});

test("a link to a page or a heading that is not there is found", () => {
  expect(everyPage.length).toBeGreaterThan(40);
  const bad = "[a](nothing.md) [b](install.md#nothing) [c](install.md#the-six-answers)";
  expect(brokenLinks("docs/costs.md", bad)).toEqual(["nothing.md", "install.md#nothing"]);
});

test("the operators' pages name only existing commands, with existing options", () => {
  const typed = PAGES.flatMap((page) => [
    ...read(page).matchAll(/\.\/dev (ops [a-z-]+(?: [a-z]+)?|[a-z]+)((?: [^`#\n&]*)?)/g),
  ]);
  expect(typed.length).toBeGreaterThan(50);
  for (const [whole, words = "", rest = ""] of typed) {
    if (!words.startsWith("ops ")) {
      const known = devCommands.find((each) => each.name === words);
      expect([whole, known !== undefined || words === "help"]).toEqual([whole, true]);
      for (const [, option = ""] of rest.matchAll(/--([a-z-]+)/g)) {
        expect([whole, Object.keys(known?.flags ?? {})]).toEqual([
          whole,
          expect.arrayContaining([option]),
        ]);
      }
      continue;
    }
    const name = words.slice("ops ".length);
    const found = commands.find((each) => name === each.name || name.split(" ")[0] === each.name);
    expect([whole, found !== undefined]).toEqual([whole, true]);
    for (const [option] of rest.matchAll(/--[a-z]+/g)) {
      expect([whole, found?.usage.includes(option)]).toEqual([whole, true]);
    }
  }
});

test("the invitation's number is that of the permissions that the doctor looks for", () => {
  // In a thread this one takes the place of Send Messages.
  expect(INVITED_WITH).toContain("SEND_MESSAGES_IN_THREADS");
  const number = permissionNumber(INVITED_WITH);
  const withoutPings = permissionNumber(INVITED_WITH.filter((each) => each !== "MENTION_EVERYONE"));
  expect(read("docs/install.md")).toContain(`&permissions=${number}\n`);
  expect(read("docs/install.md")).toContain(`${withoutPings} leaves it out`);
});

test("the page on costs has the table that the bench makes of prices and assumptions", () => {
  expect(read("docs/costs.md")).toContain(`\n${eveningTable().join("\n")}\n`);
  expect(read("docs/costs.md")).toContain(` ${minInstanceCost().toFixed(2)} |`);
});

test("the install page says how many functions are built", () => {
  expect(read("docs/install.md")).toContain(`Google builds ${functionNames.length} functions`);
});
