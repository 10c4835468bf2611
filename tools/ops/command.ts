import type { Writable } from "node:stream";
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import type { SettingName } from "../../shared/runtime/config.ts";
import { nearest } from "../cli/nearest.ts";
import type { Installation } from "./installation.ts";
import { printable } from "./table.ts";

/** What a command did: all is well, something needs the operator, or it was asked for wrongly. */
export const exitCodes = { fine: 0, needsYou: 1, wrongUsage: 2 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Where a command is used: what it writes to, whom it asks, what it works on. */
export interface OpsContext {
  readonly out: Writable;
  readonly err: Writable;
  /** Asks yes or no; absent where nobody could answer. */
  readonly ask: ((question: string) => Promise<boolean>) | undefined;
  /** Opens what is operated on with these settings. Throws ConfigError naming missing ones. */
  open(settings: readonly SettingName[]): Promise<Installation>;
}

/** One command of `./dev ops`. */
export interface Command {
  /** Its words, with one space between them. */
  readonly name: string;
  /** What is typed after its words. */
  readonly usage: string;
  /** One or two sentences for the help. */
  readonly does: string;
  /** Throws UsageError, and NeedsYouError for what a person has to see to. */
  run(args: readonly string[], context: OpsContext): Promise<ExitCode>;
}

/** It was asked for wrongly; the message says how. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** It cannot be done, through no defect of ours; the message says what to do. */
export class NeedsYouError extends Error {
  override name = "NeedsYouError";
}

type Parsed<O extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: O; allowPositionals: true; strict: true }>
>;

/** Declares a command with its options; `run` gets them parsed, and says what it does line by line. */
export function defineCommand<const O extends ParseArgsOptionsConfig>({
  options,
  run,
  ...command
}: Pick<Command, "name" | "usage" | "does"> & {
  readonly options: O;
  run(
    parsed: Pick<Parsed<O>, "values" | "positionals">,
    context: OpsContext,
    say: (line: string) => void,
  ): Promise<ExitCode>;
}): Command {
  return {
    ...command,
    run: async (args, context) => {
      const say = (line: string) => void context.out.write(`${printable(line)}\n`);
      return run(parse(args, options), context, say);
    },
  };
}

function parse<const O extends ParseArgsOptionsConfig>(args: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const unknown = unknownOption(error);
    const near = unknown && nearest(unknown.replace(/^-+/, ""), Object.keys(options));
    if (near) throw new UsageError(`There is no ${unknown} here. Did you mean --${near}?`);
    if (unknown) throw new UsageError(`There is no ${unknown} here.`);
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** The flag that Node's reader does not know, from its message. */
function unknownOption(error: unknown): string | undefined {
  const { code, message } = error as { code?: string; message?: string };
  if (code !== "ERR_PARSE_ARGS_UNKNOWN_OPTION") return undefined;
  return /'(-[^']*)'/.exec(message ?? "")?.[1];
}

/** The one id a command is given. */
export function onlyId(positionals: readonly string[]): string {
  const [id, ...more] = positionals;
  if (!id || more.length > 0) throw new UsageError("Name one id.");
  return id;
}

/** For commands that take none. */
export function noIds(positionals: readonly string[]): void {
  const [word] = positionals;
  if (word !== undefined) throw new UsageError(`"${word}" means nothing here.`);
}

/** Whether to go on: by `--yes`, or by whoever sits at the terminal. */
export async function isConfirmed(
  question: string,
  isYes: boolean | undefined,
  { ask }: Pick<OpsContext, "ask">,
): Promise<boolean> {
  if (isYes) return true;
  if (!ask)
    throw new UsageError("That changes something, and nobody can be asked here: say --yes.");
  return ask(printable(question));
}
