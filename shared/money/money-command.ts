import { snowflakeTimeMs } from "../discord/snowflake.ts";

/** A command that moves money, as its wallet or order remembers it. */
export interface MoneyCommand {
  /** The interaction's id, from which Discord's time of the command is read. */
  readonly id: string;
  /** What it asks for; two commands that ask for the same are identical. */
  readonly what: string;
  /** Whether its money has moved, or is being moved. */
  readonly isDone: boolean;
}

/**
 * The outcome of a command among identical ones. `superseded`: a newer one has arrived, so that this one does
 * nothing, whatever became of the newer one. `repeated`: an older one has moved the money already.
 */
export type CommandVerdict =
  | { readonly verdict: "valid" }
  | { readonly verdict: "superseded" | "repeated"; readonly otherId: string };

/**
 * Identical commands count as one if they are typed within this time: twice the age up to which a command
 * that moves money is valid, so that someone who waited in vain for one and types it again is within.
 */
export const IDENTICAL_WITHIN_MS = 2 * 60_000;
/** Commands that are remembered for a wallet or an order. */
const MAX_REMEMBERED = 20;

/** Decides a command by the remembered ones and the times at which they were typed. */
export function judgeCommand(
  command: Pick<MoneyCommand, "id" | "what">,
  remembered: readonly MoneyCommand[],
): CommandVerdict {
  const identical = remembered.filter(
    ({ id, what }) => id !== command.id && what === command.what && isWithin(id, command.id),
  );
  const newer = identical.find(({ id }) => isNewer(id, command.id));
  if (newer) return { verdict: "superseded", otherId: newer.id };
  const older = identical.findLast(({ isDone }) => isDone);
  return older ? { verdict: "repeated", otherId: older.id } : { verdict: "valid" };
}

/**
 * The remembered commands including this one, the newest last; those that no longer matter are left out.
 */
export function rememberCommand(
  command: MoneyCommand,
  remembered: readonly MoneyCommand[],
): MoneyCommand[] {
  const others = remembered.filter(({ id }) => id !== command.id);
  const all = [...others, command].toSorted((one, other) =>
    Number(BigInt(one.id) - BigInt(other.id)),
  );
  const newest = all.at(-1)?.id ?? command.id;
  return all.filter(({ id }) => isWithin(id, newest)).slice(-MAX_REMEMBERED);
}

/**
 * The remembered commands once a command's money has been returned: the same may be requested again at once.
 */
export function undoCommand(id: string, remembered: readonly MoneyCommand[]): MoneyCommand[] {
  return remembered.map((each) => (each.id === id ? { ...each, isDone: false } : each));
}

/** Discord's ids grow with time. */
function isNewer(id: string, than: string): boolean {
  return BigInt(id) > BigInt(than);
}

function isWithin(one: string, other: string): boolean {
  return Math.abs(snowflakeTimeMs(one) - snowflakeTimeMs(other)) < IDENTICAL_WITHIN_MS;
}
