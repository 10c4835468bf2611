import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { type SendDeps, sendDmOnce } from "../../../shared/discord/sending/send-once.ts";
import { type Account, racerAccount } from "../../../shared/money/ledger.ts";
import type { CurrencySum } from "../../../shared/money/ledger-sums.ts";
import { NotYetError } from "../../../shared/runtime/delivery/task-worker.ts";
import type { Deps } from "../deps.ts";
import { leastPayout } from "../domain/payout.ts";
import type { Lobby } from "../domain/race.ts";
import { type BookedSale, commissionOf } from "../domain/sale.ts";
import { raceNoticeDue } from "../events/race-tasks.ts";
import { clawbackNotice, firstShareNotice, releaseNotice } from "../messages/race-notices.ts";
import type { RaceTotals } from "../messages/races.ts";

/** Dependencies of sending DMs to racers. */
type WriteDeps = SendDeps & Pick<Deps, "users">;
/** Dependencies of notifying racers of their first share. */
export type FirstShareDeps = WriteDeps & Pick<Deps, "lobbies" | "ledger">;
/** Dependencies of notifying racers of a refund. */
export type ClawbackNoticeDeps = WriteDeps & Pick<Deps, "sales" | "lobbies" | "ledger" | "config">;
/** Dependencies of notifying racers of earnings that can be paid out. */
export type ReleaseNoticeDeps = WriteDeps & Pick<Deps, "lobbies" | "ledger" | "tasks" | "config">;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A task that comes earlier than this before its hour's end was a leg of a longer wait. */
const EARLY_MS = 10 * 60_000;
/** Cloud Tasks accepts no task due more than 30 days ahead: https://cloud.google.com/tasks/docs/quotas */
const MAX_AHEAD_MS = 25 * DAY_MS;

/**
 * Notifies racers who earned their first share of a race: once per race, and of at most one race a day.
 * Idempotency: the lobby records who was notified, and the DM is sent once.
 */
export async function notifyFirstShares(
  lobby: Lobby,
  { pot }: Pick<RaceTotals, "pot">,
  deps: FirstShareDeps,
): Promise<void> {
  if (!lobby.openedAt || pot.length === 0) return;
  const racerIds = [...new Set(lobby.intervals.map(({ racerId }) => racerId))];
  const notified: string[] = [];
  for (const racerId of racerIds.filter((id) => !lobby.notifiedIds.includes(id))) {
    const shares = await sharesIn(lobby.id, racerAccount(racerId), pot, deps);
    if (shares.length === 0) continue;
    await writeOnceADay("share", racerId, deps.clock.now(), firstShareNotice(lobby, shares), deps);
    notified.push(racerId);
  }
  if (notified.length > 0) await deps.lobbies.notified(lobby.id, notified);
}

async function sharesIn(
  lobbyId: string,
  account: Account,
  pot: readonly CurrencySum[],
  { ledger }: Pick<Deps, "ledger">,
): Promise<CurrencySum[]> {
  const shares = await Promise.all(
    pot.map(async ({ currency }) => ({
      currency,
      amount: await ledger.earnedIn(lobbyId, account, currency),
    })),
  );
  return shares.filter(({ amount }) => amount > 0);
}

/**
 * Schedules the notice of a refund as a task separate from booking it. Idempotent: a repeated call creates no
 * second task.
 */
export async function scheduleClawbackNotice(
  { saleId, refundId, turn = 0, amount }: ClawbackNews,
  { tasks, clock }: Pick<Deps, "tasks" | "clock">,
): Promise<void> {
  const id = `clawback.${saleId}.${refundId}.${turn}.${amount}`;
  await tasks.enqueue(
    raceNoticeDue,
    { id, notice: { kind: "clawback", saleId, refundId } },
    clock.now(),
  );
}

interface ClawbackNews {
  readonly saleId: string;
  readonly refundId: string;
  readonly turn?: number | undefined;
  readonly amount: number;
}

/**
 * Notifies racers whose shares a refund reduced, and those who can be paid because it ended a dispute: at most once a
 * day each.
 */
export async function notifyOfClawback(
  { saleId, refundId }: { readonly saleId: string; readonly refundId: string },
  deps: ClawbackNoticeDeps,
): Promise<void> {
  const found = await deps.sales.clawback(saleId, refundId);
  if (!found) return;
  const { sale, without, at, isBooked, unfrozen } = found;
  const [before, after] = [commissionOf({ ...sale, refunded: without }), commissionOf(sale)];
  for (const [index, { racerId, lobbyId, amount }] of before.shares.entries()) {
    const taken = isBooked ? amount - (after.shares[index]?.amount ?? 0) : 0;
    const freed = (unfrozen.get(racerAccount(racerId)) ?? 0) - taken;
    if (freed > 0) await notifyOfFreed(racerId, { amount: freed, at, sale }, deps);
    if (taken <= 0) continue;
    const lobby = await deps.lobbies.get(lobbyId);
    const notice = clawbackNotice(lobby, { amount: taken, currency: sale.currency });
    await writeOnceADay("clawback", racerId, at, notice, deps);
  }
}

/** Notifies a racer whose balance reached the minimum payout because a dispute ended after their share's hold. */
async function notifyOfFreed(
  racerId: string,
  { amount, at, sale }: { amount: number; at: Date; sale: BookedSale },
  deps: ClawbackNoticeDeps,
): Promise<void> {
  const { currency, availableAt } = sale;
  if (at < availableAt) return;
  const balances = await deps.ledger.balances(racerAccount(racerId), deps.clock.now());
  const available = balances.find((each) => each.currency === currency)?.available ?? 0;
  const least = Math.max(1, leastPayout(deps.config.PAYOUT_THRESHOLD, currency));
  if (available < least || available - amount >= least) return;
  await writeOnceADay(
    "release",
    racerId,
    at,
    releaseNotice([{ currency, amount: available }]),
    deps,
  );
}

/**
 * Schedules the notice that a lobby's new earnings can be paid out: one task for all shares that become available in
 * the same hour. Idempotent: a repeated call creates no second task.
 */
export async function scheduleReleaseNotice(
  lobbyId: string,
  availableAt: Date,
  deps: Pick<Deps, "tasks" | "clock">,
): Promise<void> {
  const hour = Math.floor(availableAt.getTime() / HOUR_MS);
  await scheduleRelease(lobbyId, (hour + 1) * HOUR_MS, deps);
}

async function scheduleRelease(
  lobbyId: string,
  untilMs: number,
  { tasks, clock }: Pick<Deps, "tasks" | "clock">,
): Promise<void> {
  const aheadMs = untilMs - clock.now().getTime();
  const legs = Math.max(0, Math.ceil(aheadMs / MAX_AHEAD_MS) - 1);
  const id = `release.${lobbyId}.${untilMs}.${legs}`;
  const dueAt = new Date(untilMs - legs * MAX_AHEAD_MS);
  await tasks.enqueue(raceNoticeDue, { id, notice: { kind: "release", lobbyId, untilMs } }, dueAt);
}

/**
 * Notifies the racers of a lobby whose available balance reached the minimum payout in the hour before `untilMs`,
 * at most once a day each. A late or repeated task gives the same result because it always looks at that hour.
 */
export async function notifyOfRelease(
  { lobbyId, untilMs }: { readonly lobbyId: string; readonly untilMs: number },
  deps: ReleaseNoticeDeps,
): Promise<void> {
  const aheadMs = untilMs - deps.clock.now().getTime();
  if (aheadMs > EARLY_MS) return scheduleRelease(lobbyId, untilMs, deps);
  if (aheadMs > 0) throw new NotYetError("The hour of these releases is not over");
  const lobby = await deps.lobbies.get(lobbyId);
  const racerIds = [...new Set(lobby?.intervals.map(({ racerId }) => racerId))];
  const until = new Date(untilMs);
  for (const racerId of racerIds) {
    const reached = await reachedWithin(racerAccount(racerId), until, deps);
    if (reached.length === 0) continue;
    await writeOnceADay("release", racerId, until, releaseNotice(reached), deps);
  }
}

/** The balances that reached the minimum payout in the hour before `until`, which belongs to the next hour. */
async function reachedWithin(
  account: Account,
  until: Date,
  { ledger, config }: Pick<ReleaseNoticeDeps, "ledger" | "config">,
): Promise<CurrencySum[]> {
  const lastMs = until.getTime() - 1;
  const [before, after] = await Promise.all([
    ledger.balances(account, new Date(lastMs - HOUR_MS)),
    ledger.balances(account, new Date(lastMs)),
  ]);
  return after.flatMap(({ currency, available: amount }) => {
    const least = Math.max(1, leastPayout(config.PAYOUT_THRESHOLD, currency));
    const had = before.find((balance) => balance.currency === currency)?.available ?? 0;
    return had < least && least <= amount ? [{ currency, amount }] : [];
  });
}

/** Sends a racer at most one message of each kind per UTC day. Racers with closed DMs get none. */
async function writeOnceADay(
  kind: "share" | "clawback" | "release",
  racerId: string,
  at: Date,
  notice: OutgoingMessage,
  deps: WriteDeps,
): Promise<void> {
  const day = at.toISOString().slice(0, 10);
  await sendDmOnce(`race-note:${racerId}:${kind}:${day}`, racerId, notice, deps);
}
