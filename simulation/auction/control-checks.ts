import { mustEqual, mustHold } from "../rules.ts";
import type { Stage } from "../stage.ts";
import { auctionLogOf, type ControlUse, losesBids, type Replayed } from "./auction-log.ts";

/** A9, A13 and what the builder was answered, against what came of their auctions. */
export function checkControls(stage: Stage, auctions: readonly Replayed[]): void {
  checkReruns(stage, auctions);
  const { controlUses, losses } = auctionLogOf(stage);
  const stateOf = (id: string) => auctions.find(({ auction }) => auction.id === id)?.auction.state;
  for (const use of controlUses) {
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

/** A13: an auction whose result stands does not run again, by the command that would have it run. */
export function checkReruns(stage: Stage, auctions: readonly Replayed[]): void {
  const find = (id: string) => auctions.find(({ auction }) => auction.id === id)?.auction;
  for (const { word, auctionId, interactionId } of auctionLogOf(stage).controlUses) {
    const [before, after] = [find(auctionId), find(interactionId)];
    if (word !== "rerun" || !before || !after) continue;
    const stands = before.state === "sold" && before.claim?.state !== "over";
    mustHold("A13", !stands, () => `auction ${auctionId} is sold, and runs again as ${after.id}`);
  }
}

/** What an interaction's user sees in the end. */
function answerTo({ discord }: Stage, { interactionId }: ControlUse): string {
  return discord.interaction(interactionId)?.original?.content ?? "";
}
