import { type SendDeps, sendOnce } from "../../shared/discord/sending/send-once.ts";
import { defineSweep, GRACE_MS } from "../../shared/runtime/sweep.ts";
import type { Deps } from "./deps.ts";
import { MAX_WINDOW_MS, WARNING_MS } from "./domain/race.ts";
import { missedSaleNotice } from "./messages/operators.ts";
import { type ScheduleRaceBoardDeps, scheduleRaceBoard } from "./service/schedule-race-board.ts";
import { closeDueWindow, type WindowEndDeps, warnOfWindowEnd } from "./service/window-end.ts";
import type { FinishPayoutDeps } from "./wallet/finish-payout.ts";
import { sweepPayout } from "./wallet/sweep-payout.ts";

/** Shops repeat a sale for less than this. */
const MISSED_MS = 24 * 3_600_000;
/** A pot is looked at for so long after its race: a late sale whose task was lost is in no other list. */
const LATE_SALES_MS = 60 * 60_000;

/** What this feature has the sweeper do. */
export const racesSweeps = [
  defineSweep({
    name: "payouts",
    does: "finishes and reports payouts that were left half way",
    asks: ["Stripe"],
    async run(deps: FinishPayoutDeps, turn) {
      const before = new Date(deps.clock.now().getTime() - GRACE_MS);
      const unfinished = await deps.payouts.unfinished(before);
      await turn.forEach(unfinished, (payout) => sweepPayout(payout, deps));
    },
  }),
  defineSweep({
    name: "missed-sales",
    does: "reports refunds whose sale nobody has reported for a day",
    asks: ["Discord"],
    // A sale that was reported leaves the list: it may never come.
    async run(deps: SendDeps & Pick<Deps, "sales" | "config" | "log">, turn) {
      const { sales, config, log } = deps;
      const before = new Date(deps.clock.now().getTime() - MISSED_MS);
      const channel = async () => config.DISCORD_OPERATORS_CHANNEL_ID;
      await turn.forEach(await sales.missedSince(before), async ({ saleId, since }) => {
        log.warn("A refund waits for its sale", { sale: saleId });
        await sendOnce(`missed-sale:${saleId}`, channel, missedSaleNotice(saleId, since), deps);
        await sales.missedIsNotified(saleId);
      });
    },
  }),
  defineSweep({
    name: "windows",
    does: "warns hosts of windows that end soon, and closes those whose time is over",
    asks: [],
    async run(deps: WindowEndDeps, turn) {
      const until = new Date(deps.clock.now().getTime() + WARNING_MS);
      await turn.forEach(await deps.lobbies.closingBy(until), async ({ id, closesAt }) => {
        if (!closesAt || (await closeDueWindow(id, deps))) return;
        await warnOfWindowEnd(id, closesAt, deps);
      });
    },
  }),
  defineSweep({
    name: "lapsed-lobbies",
    does: "calls off lobbies that nobody has started in time",
    asks: [],
    async run(deps: ScheduleRaceBoardDeps & Pick<Deps, "lobbies">, turn) {
      const { lobbies, clock } = deps;
      await turn.forEach(await lobbies.lapsedBy(clock.now()), async ({ id }) => {
        await lobbies.cancel(id, clock.now());
        await scheduleRaceBoard(id, deps);
      });
    },
  }),
  defineSweep({
    name: "race-boards",
    does: "updates the messages of lobbies that race, have just closed, or may be out of date",
    asks: [],
    async run(deps: ScheduleRaceBoardDeps & Pick<Deps, "lobbies">, turn) {
      const { lobbies, clock } = deps;
      const nowMs = clock.now().getTime();
      const due = await lobbies.boardsDue();
      const racing = await lobbies.closingBy(new Date(nowMs + MAX_WINDOW_MS));
      const closed = await lobbies.closedSince(new Date(nowMs - LATE_SALES_MS));
      const ids = new Set([...due, ...racing, ...closed].map(({ id }) => id));
      await turn.forEach(ids, (id) => scheduleRaceBoard(id, deps));
    },
  }),
];
