import { mustEqual, mustHold } from "../rules.ts";
import type { StoredOrder } from "../shop/books.ts";
import type { Stage } from "../stage.ts";
import { type DeskUse, houseOf, losesBids, type Replayed } from "./house.ts";

const COUNTS = ["reserved", "processing", "paid", "building"];

/** A9, A13 and what the builder was answered, against what came of their auctions. */
export function checkDesk(
  stage: Stage,
  auctions: readonly Replayed[],
  orders: readonly StoredOrder[],
): void {
  checkReruns(stage, orders);
  const { deskUses, losses } = houseOf(stage);
  const stateOf = (id: string) => auctions.find(({ auction }) => auction.id === id)?.auction.state;
  for (const use of deskUses) {
    const answer = answerTo(stage, use);
    const state = stateOf(use.auctionId);
    if (use.word === "cancel" && / is cancelled\. Nobody has won/.test(answer)) {
      mustEqual(
        "A9",
        `auction ${use.auctionId}, whose cancelling was confirmed,`,
        state,
        "cancelled",
      );
    }
    // What Redis had closed before a loss runs on after it.
    if (/^The hammer was quicker/.test(answer) && !losses.some(losesBids)) {
      const isClosed = ["sold", "unsold", "void"].includes(state ?? "");
      mustHold("A9", isClosed, () => `auction ${use.auctionId} is ${state}; said: ${answer}`);
    }
    if (use.word === "void" && /^🚫 The result of /u.test(answer)) {
      mustEqual("A9", `auction ${use.auctionId}, taken back,`, state, "void");
    }
  }
}

/** A13: an auction that runs again, by the command that had it run, sells nothing that is sold already. */
export function checkReruns(stage: Stage, orders: readonly StoredOrder[]): void {
  const counting = orders.filter(({ status }) => COUNTS.includes(status));
  const salesOf = (auctionId: string) =>
    counting.flatMap(({ id }) => (id.startsWith(`auction-${auctionId}-`) ? [id] : []));
  for (const { word, auctionId, interactionId } of houseOf(stage).deskUses) {
    if (word !== "rerun") continue;
    const [before, after] = [salesOf(auctionId), salesOf(interactionId)];
    const isSoldTwice = before.length > 0 && after.length > 0;
    mustHold("A13", !isSoldTwice, () => `one item is sold by orders ${[...before, ...after]}`);
  }
}

/** What an interaction's user sees in the end. */
function answerTo({ discord }: Stage, { interactionId }: DeskUse): string {
  return discord.interaction(interactionId)?.original?.content ?? "";
}
