import { parseArgs } from "node:util";
import { nearest } from "./nearest.ts";

/** One flag of a command. */
export interface Flag {
  readonly type: "string" | "boolean";
  /** What the help calls its value, such as FILE; only for strings. */
  readonly value?: string;
  readonly does: string;
}

/** One command of `./dev`: help, checks and docs/reference/dev.md are derived from it. */
export interface DevCommand {
  readonly name: string;
  /** The script that runs it. */
  readonly script: string;
  /** One sentence, without a capital letter or a full stop. */
  readonly does: string;
  /** More text for the command's own help, in full sentences. */
  readonly more?: string;
  readonly flags: Readonly<Record<string, Flag>>;
  /** The words that may follow besides flags, and how many; none by default. */
  readonly words?: {
    readonly name: string;
    readonly most: number;
    readonly choices?: readonly string[];
  };
  /** Unknown arguments are passed on to another program, which checks them. */
  readonly passesOn?: true;
}

/** The input is wrong. The message says why, and what is valid. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** The parsed arguments of a command. */
export interface Typed {
  readonly texts: Readonly<Record<string, string | undefined>>;
  readonly switches: ReadonlySet<string>;
  readonly words: readonly string[];
}

/** Parses a command's arguments. Throws UsageError naming what is wrong and the nearest valid word. */
export function readTyped(command: DevCommand, args: readonly string[]): Typed {
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(command.flags).map(([name, { type }]) => [name, { type }]),
    ),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const texts: Record<string, string> = {};
  const switches = new Set<string>();
  const words: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") words.push(token.value);
    if (token.kind !== "option") continue;
    const flag = command.flags[token.name];
    if (!flag) throw new UsageError(unknownFlag(command, token.rawName));
    if (flag.type === "boolean") {
      if (token.value !== undefined) throw new UsageError(`${token.rawName} takes no value.`);
      switches.add(token.name);
    } else {
      if (!token.value) throw new UsageError(`${token.rawName} needs a value: ${flag.value}.`);
      texts[token.name] = token.value;
    }
  }
  checkWords(command, words);
  return { texts, switches, words };
}

function unknownFlag({ name, flags }: DevCommand, typed: string): string {
  const known = [...Object.keys(flags), "help"];
  const near = nearest(typed.replace(/^-+/, ""), known);
  const all = known.map((flag) => `--${flag}`).join(", ");
  const hint = near ? `Did you mean --${near}?` : `Its flags: ${all}.`;
  return `./dev ${name} has no ${typed}. ${hint}`;
}

function checkWords({ name, words: allowed }: DevCommand, words: readonly string[]): void {
  const most = allowed?.most ?? 0;
  const tooMany = words[most];
  if (tooMany !== undefined) {
    throw new UsageError(
      most === 0
        ? `./dev ${name} takes no argument "${tooMany}".`
        : `./dev ${name} takes at most ${most} ${allowed?.name}.`,
    );
  }
  const choices = allowed?.choices;
  const unknown = choices && words.find((word) => !choices.includes(word));
  if (unknown === undefined || !choices) return;
  const near = nearest(unknown, choices);
  throw new UsageError(
    `"${unknown}" is unknown.${near ? ` Did you mean ${near}?` : ""} Choose one of: ${choices.join(", ")}.`,
  );
}

/** A command's usage on one line. */
export function usageOf({ name, flags, words }: DevCommand): string {
  const options = Object.entries(flags).map(([flag, { value }]) =>
    value ? `[--${flag} ${value}]` : `[--${flag}]`,
  );
  const many = words && words.most > 1 ? " …" : "";
  return ["./dev", name, ...(words ? [`[${words.name}${many}]`] : []), ...options].join(" ");
}

/** The help of one command. */
export function helpOf(command: DevCommand): string {
  const flags: readonly (readonly [string, Flag])[] = [
    ...Object.entries(command.flags),
    ["help", { type: "boolean", does: "shows this" }],
  ];
  const named = flags.map(([name, { value, does }]) => ({
    left: value ? `--${name} ${value}` : `--${name}`,
    does,
  }));
  const width = Math.max(...named.map(({ left }) => left.length)) + 2;
  const lines = named.map(({ left, does }) => `  ${left.padEnd(width)}${does}`);
  const { choices, name = "" } = command.words ?? {};
  const words = choices ? `\n${name} is one of ${choices.join(", ")}.\n` : "";
  const more = command.more ? `\n${command.more}\n` : "";
  return `${usageOf(command)}\n\n${sentence(command.does)}\n${words}${more}\n${lines.join("\n")}\n`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
