import { describe, test } from "@jest/globals";
import { storedOrders } from "./shop-books.ts";
import { checkMessages, checkMoment, checkMoney, checkNothingWaits } from "./shop-checks.ts";
import { liveAMoment } from "./shop-deeds.ts";
import { comeToRest, type Evening, invite, openShop } from "./shop-evening.ts";

/** Each is another evening at the shop; more can be tried by hand. */
const SEEDS = [3, 4];
const MOMENTS = 25;
const FEWEST_SALES = 3;
const SECONDS_A_RUN = 120;

describe("an evening at the shop, with everything that can go wrong", () => {
  test.each(SEEDS)(
    "no unit is sold twice, no cent is lost and each is told once (seed %i)",
    async (seed) => {
      const evening = await openShop(seed);
      try {
        invite(evening, seed);
        for (let moment = 0; moment < MOMENTS || !(await hasSold(evening)); moment += 1) {
          await liveAMoment(evening, seed * 1000 + moment);
          await checkMoment(evening);
        }
        await comeToRest(evening);
        await checkMoment(evening);
        await checkNothingWaits(evening);
        await checkMoney(evening);
        await checkMessages(evening);
      } finally {
        await evening.cloud.stop();
      }
    },
    SECONDS_A_RUN * 1000,
  );
});

async function hasSold({ cloud }: Evening): Promise<boolean> {
  const sold = (await storedOrders(cloud)).filter(({ isPaid }) => isPaid);
  return sold.length >= FEWEST_SALES;
}
