import { parseEnv } from "node:util";
import { nearest } from "../cli/nearest.ts";

/** A person's own settings file, ignored by git. */
export const ENV_FILE = "c500.env";

/** A setting that would have no effect, and what to do about it. */
export interface Fault {
  readonly what: string;
  readonly remedy: string;
}

/** What `c500.env` sets, and its lines that would have no effect. */
export interface EnvFile {
  readonly values: Readonly<Record<string, string | undefined>>;
  readonly faults: readonly Fault[];
}

const COMMENT_OR_EMPTY = /^\s*(#|$)/;
/** A valid shell variable name: a secret pasted on a line of its own does not match. */
const SETTING = /^\s*(?:export\s+)?([A-Z][A-Z0-9_]{1,60})\s*=\s*(.*)$/;
/** A quoted value ends on its own line: Node would search the following lines for the end and swallow them. */
const UNCLOSED = /^(["'`])(?!.*\1)/;

/**
 * Reads `c500.env`. A line that is not a setting is skipped and reported by its number only: its text may be a
 * secret. A name that is given more than once is reported too; its last line counts.
 */
export function parseEnvFile(text: string, known: readonly string[]): EnvFile {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const faults: Fault[] = [];
  const places = new Map<string, number[]>();
  const readable = lines.map((line, index) => {
    if (COMMENT_OR_EMPTY.test(line)) return line;
    const [, name, value = ""] = SETTING.exec(line) ?? [];
    if (name !== undefined && !UNCLOSED.test(value)) {
      places.set(name, [...(places.get(name) ?? []), index + 1]);
      return line;
    }
    faults.push(faultOf(line, index + 1, name, known));
    return "";
  });
  for (const [name, numbers] of places) {
    if (numbers.length < 2) continue;
    const what = `${name} is given more than once, in lines ${numbers.join(" and ")} of ${ENV_FILE}`;
    faults.push({ what, remedy: "Keep one of them" });
  }
  return { values: parseEnv(readable.join("\n")), faults };
}

function faultOf(
  line: string,
  number: number,
  name: string | undefined,
  known: readonly string[],
): Fault {
  if (name !== undefined) {
    const what = `line ${number} of ${ENV_FILE} opens a quoted value and does not close it`;
    return { what, remedy: "Close the quotes on the same line" };
  }
  const [word = ""] = /\w+/.exec(line) ?? [];
  const meant = nearest(word, known) ?? "NAME";
  const what = `line ${number} of ${ENV_FILE} is not a setting of the form NAME=VALUE`;
  return { what, remedy: `Write it as ${meant}=VALUE, or start it with # if it is a comment` };
}
