import { parseEnv } from "node:util";
import { nearest } from "../cli/nearest.ts";

/** A person's own file of settings, which git does not keep. */
export const ENV_FILE = "c500.env";

/** Something in the places of settings that would have no effect, and what to do about it. */
export interface Fault {
  readonly what: string;
  readonly remedy: string;
}

/** What `c500.env` sets, and the lines of it that would have no effect. */
export interface EnvFile {
  readonly values: Readonly<Record<string, string | undefined>>;
  readonly faults: readonly Fault[];
}

const COMMENT_OR_EMPTY = /^\s*(#|$)/;
/** A name as shells have them: a secret that was pasted on a line of its own is none. */
const SETTING = /^\s*(?:export\s+)?([A-Z][A-Z0-9_]{1,60})\s*=\s*(.*)$/;
/** A value in quotes ends on its own line: Node would look for the end in the lines below, and swallow those. */
const UNCLOSED = /^(["'`])(?!.*\1)/;

/**
 * Reads `c500.env`. A line that is no setting is left out and reported, by its number and never by what it
 * says: that may be a secret. So is a name that is given twice, of which the last line counts.
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
    const what = `line ${number} of ${ENV_FILE} begins a value in quotes and does not end it`;
    return { what, remedy: "Close the quotes on the same line" };
  }
  const [word = ""] = /\w+/.exec(line) ?? [];
  const meant = nearest(word, known) ?? "NAME";
  const what = `line ${number} of ${ENV_FILE} is not a setting: it is not of the form NAME=VALUE`;
  return { what, remedy: `Write it as ${meant}=VALUE, or begin it with # if it is a note` };
}
