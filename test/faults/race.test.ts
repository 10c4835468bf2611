import { describe, expect, test } from "@jest/globals";
import {
  checkEarnings,
  checkMessages,
  checkMoment,
  checkNoOverspending,
  checkNothingWaits,
  checkPayouts,
  checkRosters,
  checkSales,
} from "./race-checks.ts";
import { liveAMoment, openNight, payDay } from "./race-deeds.ts";
import { comeToRest, type Evening, gather, HELD_DAYS, invite, letPass } from "./race-evening.ts";

/** Each is another evening of races; more can be tried by hand. */
const SEEDS = [1, 2, 3];
const DAY_MINUTES = 24 * 60;
const NIGHTS = 2;
const MOMENTS = 8;
const SECONDS_A_RUN = 300;

describe("evenings of races and sales, with everything that can go wrong", () => {
  test.each(SEEDS)(
    "share every sale by its window to the cent, and pay nothing twice (seed %i)",
    async (seed) => {
      const evening = await gather(seed);
      try {
        invite(evening, seed);
        for (let night = 1; night <= NIGHTS; night += 1) {
          await openNight(evening);
          for (let moment = 0; moment < MOMENTS; moment += 1) {
            await liveAMoment(evening, seed * 1000 + night * 100 + moment);
          }
          await checkMoment(evening);
          await letPass(evening, HELD_DAYS * DAY_MINUTES);
          await payDay(evening, seed * 1000 + night);
        }
        await comeToRest(evening);
        await checkMoment(evening);
        await checkNothingWaits(evening);
        await checkSales(evening);
        await checkRosters(evening);
        await checkEarnings(evening);
        await checkNoOverspending(evening);
        await checkPayouts(evening);
        checkMessages(evening);
        await countWhatHappened(evening);
      } finally {
        await evening.cloud.stop();
      }
    },
    SECONDS_A_RUN * 1000,
  );

  // Evenings in which nothing was shared, taken back or paid would prove nothing.
  test("are evenings on which much happens", () => {
    expect(happened.shared).toBeGreaterThan(15);
    expect(happened.refunds).toBeGreaterThan(6);
    expect(happened.payouts).toBeGreaterThan(2);
  });
});

/** What came about on all evenings. */
const happened = { shared: 0, refunds: 0, payouts: 0 };

async function countWhatHappened({ cloud }: Evening): Promise<void> {
  const ledger = await cloud.firestore.collection("ledger").get();
  const shared = await cloud.firestore.collection("sales").where("lobby_ids", "!=", []).get();
  const count = (kind: string) => ledger.docs.filter((each) => each.get("kind") === kind).length;
  happened.shared += shared.size;
  happened.refunds += count("refund");
  happened.payouts += count("payout");
}
