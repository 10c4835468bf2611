import { snowflakeTimeMs } from "../discord/snowflake.ts";

/** A command that moves money, as it is stored with its wallet or order. */
export interface MoneyCommand {
  /** The interaction's id, from which Discord's time of the command is read. */
  readonly id: string;
  /** What it requests; two commands that request the same are identical. */
  readonly what: string;
  /** Whether its money has moved, or is being moved. */
  readonly isDone: boolean;
}

/**
 * The verdict on a command among identical ones. `superseded`: a newer one has arrived, so this one does nothing,
 * whatever the outcome of the newer one. `repeated`: an older one has already moved the money.
 */
export type CommandVerdict =
  | { readonly verdict: "valid" }
  | { readonly verdict: "superseded" | "repeated"; readonly otherId: string };

/**
 * Identical commands typed within this time count as one: twice the age up to which a command that moves money is
 * valid, so that someone who gives up waiting and types it again is covered.
 */
export const IDENTICAL_WITHIN_MS = 2 * 60_000;
/** The most commands that are stored for a wallet or an order. */
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

/** The stored commands plus this one, newest last, without those that no longer matter. */
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

/** The stored commands after a command's money was returned: the same may be requested again at once. */
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
