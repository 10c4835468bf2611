import type { Deps } from "../../shared/runtime/deps.ts";

/** The sums are read this often, and not in each run: they cost a read for every thousand postings. */
const CHECKED_EVERY_MS = 6 * 3_600_000;

/**
 * Sums all postings up, four times a day. Each movement's postings sum to zero, so all of them do; the
 * log says so, or in which currency they don't. Which movement is wrong, `./dev ops ledger check` finds.
 * Twice, or after a run that failed: it only reads.
 */
export async function checkLedger({
  clock,
  ledger,
  log,
  sweeps,
}: Pick<Deps, "clock" | "ledger" | "log" | "sweeps">): Promise<void> {
  const turn = String(Math.floor(clock.now().getTime() / CHECKED_EVERY_MS));
  if ((await sweeps.doneUpTo("ledger")) === turn) return;
  const totals = await ledger.totals();
  for (const { currency, amount } of totals) {
    if (amount === 0) continue;
    const fields = { event: "ledger-unbalanced", currency, amount };
    log.error("The ledger's postings do not sum to zero", undefined, fields);
  }
  log.info("The ledger's sums were checked", {
    event: "ledger-checked",
    currencies: totals.length,
  });
  await sweeps.recordDoneUpTo("ledger", turn);
}
