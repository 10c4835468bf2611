import { userInfo } from "node:os";
import type { Posting, TransactionNote } from "../../../../shared/money/ledger.ts";
import { formatMoney, parseDecimal } from "../../../../shared/money/money.ts";
import { UsageError } from "../../../cli/command-line.ts";

/** Why something is done by hand, and by whom. */
export const noteOptions = { reason: { type: "string" }, by: { type: "string" } } as const;

const MAX_REASON_LENGTH = 300;
const MAX_AUTHOR_LENGTH = 100;
/** People's ids belong in accounts only, where they can be forgotten. */
const SOMEONES_ID = /\d{15,20}/;

/** The note recorded with it. Throws UsageError if it is incomplete, or contains a person's id. */
export function noteOf({
  reason,
  by,
}: {
  readonly reason?: string | undefined;
  readonly by?: string | undefined;
}): TransactionNote {
  const why = reason?.trim();
  const author = by?.trim() || userHere();
  if (!why) throw new UsageError("Give a reason with --reason; it is stored.");
  if (!author) throw new UsageError("Give your name with --by; it is stored.");
  if (why.length > MAX_REASON_LENGTH || author.length > MAX_AUTHOR_LENGTH) {
    throw new UsageError(
      `--reason takes at most ${MAX_REASON_LENGTH} characters, --by at most ${MAX_AUTHOR_LENGTH}.`,
    );
  }
  if (SOMEONES_ID.test(why) || SOMEONES_ID.test(author)) {
    throw new UsageError("Leave ids of people out of --reason and --by: both are stored forever.");
  }
  return { reason: why, author };
}

/** The user who is logged in to this machine; undefined if the system has no name for them. */
function userHere(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}

/** The operator's own id for what they book. Throws UsageError if it is malformed. */
export function ownId(id: string | undefined): string {
  const name = id?.trim();
  if (!name || !/^[\w.-]{1,100}$/.test(name)) {
    throw new UsageError("--id is a name that you choose, of letters, digits, dots and dashes.");
  }
  return name;
}

/** The id of a refund booked by an operator, distinct from those that shops report. */
export function refundOfOurs(id: string): string {
  return `by-hand-${id}`;
}

/** An amount above zero, such as "12.50" and "usd". Throws UsageError. */
export function moneyOf(
  typed: string | undefined,
  code: string | undefined,
): { readonly amount: number; readonly currency: string } {
  const currency = code?.trim().toLowerCase() ?? "";
  const amount = parseDecimal(typed?.trim() ?? "", currency);
  if (!amount) throw new UsageError("Give an amount and its currency, such as 12.50 usd.");
  return { amount, currency };
}

/** One line for each posting: the account and the signed amount. */
export function postingLines(
  postings: readonly Pick<Posting, "account" | "amount">[],
  currency: string,
): string[] {
  const width = Math.max(0, ...postings.map(({ account }) => account.length));
  return postings.map(({ account, amount }) => {
    const money = `${amount > 0 ? "+" : ""}${formatMoney(amount, currency)}`;
    return `  ${account.padEnd(width)}  ${money.padStart(14)}`;
  });
}
