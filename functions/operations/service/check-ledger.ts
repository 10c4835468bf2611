import type { SweepTurn } from "../../../shared/runtime/sweep.ts";
import type { Deps } from "../deps.ts";

/** The time between checks. Not every run checks, because the sums cost a read per thousand postings. */
const CHECKED_EVERY_MS = 6 * 3_600_000;
const DAY_MS = 24 * 3_600_000;

/**
 * Sums up all postings, four times a day. All postings of a transaction have its time and sum to zero, so those of a
 * day do too. If they don't, the log names the day and the currency, and `./dev ops ledger check` finds the wrong
 * transaction. It sums one day at a time, so that no sum takes longer in a large ledger. A run checks as many days
 * with postings as its budget allows; the next run continues after them.
 *
 * Idempotency: it only reads. Crash safety: the next run continues after the last one that finished.
 */
export async function checkLedger(
  { clock, ledger, log }: Pick<Deps, "clock" | "ledger" | "log">,
  turn: SweepTurn,
): Promise<void> {
  const period = String(Math.floor(clock.now().getTime() / CHECKED_EVERY_MS));
  const [doneIn, doneTo] = ((await turn.readCursor()) ?? "").split(" ");
  if (doneIn === period && doneTo === undefined) return;
  const currencies = await ledger.currencies();
  let from = doneTo === undefined ? new Date(0) : new Date(doneTo);
  for (let days = 0; days < turn.maxItems && turn.isTimeLeft(); days += 1) {
    const first = await ledger.firstSince(from);
    if (!first) {
      const fields = { event: "ledger-checked", currencies: currencies.length };
      log.info("The ledger's sums were checked", fields);
      return turn.writeCursor(period);
    }
    const day = new Date(Math.floor(first.getTime() / DAY_MS) * DAY_MS);
    from = new Date(day.getTime() + DAY_MS);
    for (const currency of currencies) {
      const amount = await ledger.sumWithin(currency, day, from);
      if (amount === 0) continue;
      const fields = { event: "ledger-unbalanced", currency, amount, day: day.toISOString() };
      log.error("The ledger's postings of a day do not sum to zero", undefined, fields);
    }
  }
  await turn.writeCursor(`${period} ${from.toISOString()}`);
}
