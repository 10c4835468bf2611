import type { UserInteraction } from "../../../shared/discord/interaction.ts";
import { onlyForYou } from "../../../shared/discord/sending/defer.ts";
import type { Clock } from "../../../shared/runtime/clock.ts";
import { note } from "../../../shared/runtime/trace.ts";
import { createArrivals } from "./arrivals.ts";
import { bidTexts } from "./bid-texts.ts";

/** Discord takes no answer after three seconds. A bidder is answered by now, however slow a service is. */
const ANSWER_DEADLINE_MS = 2500;
/** A bid with less time than this left is refused, because its answer would come too late. */
const LEAST_TIME_MS = 800;
/** An instance with more concurrent bids than this would answer none of them in time. */
export const MAX_UNDER_WAY = 240;

/**
 * Answers before Discord's three seconds are over, counted from when Discord created the interaction; if `work` takes
 * longer, the answer is that the bid is undecided. Work that could not finish in time is refused as busy.
 */
export function createAnswersInTime(clock: Clock) {
  const arrivals = createArrivals(clock);
  let underWay = 0;
  return async ({ id }: UserInteraction, work: () => Promise<object>): Promise<object> => {
    const leftMs = ANSWER_DEADLINE_MS - arrivals.waitedMs(id);
    if (underWay >= MAX_UNDER_WAY || leftMs < LEAST_TIME_MS) {
      note({ decision: "busy" });
      return onlyForYou(bidTexts.busy);
    }
    underWay += 1;
    const working = work().finally(() => {
      underWay -= 1;
    });
    const late = clock.sleep(leftMs).then(() => onlyForYou(bidTexts.undecided));
    return Promise.race([working, late]);
  };
}
