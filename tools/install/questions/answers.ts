import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ENV_FILE, parseEnvFile } from "../../settings/env-file.ts";
import type { GivenName, Values } from "../../settings/values.ts";

/** Only its owner may read the file: it may hold secrets. */
const PRIVATE = 0o600;
const INTRO = "# The answers to ./dev install. Git does not keep this file.\n";

/** Writes settings into `c500.env`, in place of lines of the same names. Atomic. */
export function keepAnswers(folder: string, answers: Values): void {
  const given = Object.entries(answers).filter(([, value]) => value !== undefined);
  change(folder, (lines) => {
    const names = given.map(([name]) => name);
    const others = lines.filter((line) => !names.includes(nameOf(line)));
    return [...others, ...given.map(([name, value]) => `${name}=${quoted(value)}`)];
  });
}

/** Takes settings out of `c500.env`. Returns whether there were any. */
export function dropAnswers(folder: string, names: readonly GivenName[]): boolean {
  const before = linesIn(folder);
  const kept = before.filter((line) => !(names as readonly string[]).includes(nameOf(line)));
  if (kept.length === before.length) return false;
  change(folder, () => kept);
  return true;
}

/** What `c500.env` says. */
export function savedIn(folder: string): Readonly<Record<string, string | undefined>> {
  return parseEnvFile(linesIn(folder).join("\n"), []).values;
}

/** Closes `c500.env` to other users of this machine, if it exists. */
export function protectAnswers(folder: string): void {
  const path = join(folder, ENV_FILE);
  if (existsSync(path)) chmodSync(path, PRIVATE);
}

function change(folder: string, edit: (lines: readonly string[]) => readonly string[]): void {
  const path = join(folder, ENV_FILE);
  const text = `${edit(linesIn(folder)).join("\n")}\n`;
  writeFileSync(`${path}.new`, existsSync(path) ? text : INTRO + text, { mode: PRIVATE });
  chmodSync(`${path}.new`, PRIVATE);
  renameSync(`${path}.new`, path);
}

function linesIn(folder: string): string[] {
  const path = join(folder, ENV_FILE);
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  return text === "" ? [] : text.replace(/\r?\n$/, "").split(/\r?\n/);
}

function nameOf(line: string): string {
  return /^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=/.exec(line)?.[1] ?? "";
}

/** Quoted where the file's reader would otherwise end the value early. */
function quoted(value: string): string {
  return /[\s#"'`]/.test(value) ? `"${value.replaceAll('"', "")}"` : value;
}
