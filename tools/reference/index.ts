import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { readTyped } from "../cli/command-line.ts";
import { devCommand } from "../cli/commands.ts";
import { referencePages, stalePages } from "./pages.ts";

const { switches, words } = readTyped(devCommand("docs"), process.argv.slice(2));
const say = (line: string) => process.stdout.write(`${line}\n`);

if (words.includes("pictures")) {
  const { writePictures } = await import("./picture/index.ts");
  for (const file of await writePictures()) say(file);
} else if (switches.has("check")) check();
else write();

function write(): void {
  for (const { path, text } of referencePages()) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    say(path);
  }
}

function check(): void {
  const stale = stalePages(referencePages(), (path) =>
    existsSync(path) ? readFileSync(path, "utf8") : undefined,
  );
  if (stale.length === 0) {
    say("The reference pages are current.");
    return;
  }
  say(`These pages are stale: ${stale.join(", ")}. ./dev docs writes them again.`);
  process.exitCode = 1;
}
