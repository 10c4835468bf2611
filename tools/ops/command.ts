import type { Writable } from "node:stream";
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import type { SettingName } from "../../shared/runtime/config.ts";
import { UsageError } from "../cli/command-line.ts";
import { nearest } from "../cli/nearest.ts";
import { printable } from "../cli/table.ts";
import type { Installation } from "./installation.ts";

/** A command's result: all is well, the operator has to act, or the arguments were wrong. */
export const exitCodes = { fine: 0, needsYou: 1, wrongUsage: 2 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What a command works with: its output, the person to ask, and the installation. */
export interface OpsContext {
  readonly out: Writable;
  readonly err: Writable;
  /** Asks a yes-or-no question; absent when there is no terminal. */
  readonly ask: ((question: string) => Promise<boolean>) | undefined;
  /** Opens the installation with these settings. Throws ConfigError naming the missing ones. */
  open(settings: readonly SettingName[]): Promise<Installation>;
}

/** One command of `./dev ops`. */
export interface Command {
  /** Its words, separated by single spaces. */
  readonly name: string;
  /** The arguments after its words. */
  readonly usage: string;
  /** One or two sentences for the help. */
  readonly does: string;
  /** Throws UsageError, and NeedsYouError for what a person has to do. */
  run(args: readonly string[], context: OpsContext): Promise<ExitCode>;
}

/** The command cannot be carried out, through no defect of ours; the message says what to do. */
export class NeedsYouError extends Error {
  override name = "NeedsYouError";
}

type Parsed<O extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: O; allowPositionals: true; strict: true }>
>;

/** Defines a command with its options; `run` receives them parsed, and prints line by line. */
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
    if (near)
      throw new UsageError(`This command has no option ${unknown}. Did you mean --${near}?`);
    if (unknown) throw new UsageError(`This command has no option ${unknown}.`);
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** The option that Node's parser does not know, taken from its message. */
function unknownOption(error: unknown): string | undefined {
  const { code, message } = error as { code?: string; message?: string };
  if (code !== "ERR_PARSE_ARGS_UNKNOWN_OPTION") return undefined;
  return /'(-[^']*)'/.exec(message ?? "")?.[1];
}

/** The single id that a command takes. */
export function onlyId(positionals: readonly string[]): string {
  const [id, ...more] = positionals;
  if (!id || more.length > 0) throw new UsageError("Give exactly one id.");
  return id;
}

/** For commands that take no ids. */
export function noIds(positionals: readonly string[]): void {
  const [word] = positionals;
  if (word !== undefined) throw new UsageError(`This command takes no argument "${word}".`);
}

/** Whether to continue: confirmed by `--yes`, or by the person at the terminal. */
export async function isConfirmed(
  question: string,
  isYes: boolean | undefined,
  { ask }: Pick<OpsContext, "ask">,
): Promise<boolean> {
  if (isYes) return true;
  if (!ask)
    throw new UsageError(
      "This command changes something, and there is no terminal to ask for confirmation: add --yes.",
    );
  return ask(printable(question));
}
