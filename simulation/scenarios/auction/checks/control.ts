import { mustEqual, mustHold } from "../../../rules.ts";
import type { Stage } from "../../../stage.ts";
import { auctionLogOf, type ControlUse, losesBids, type Replayed } from "../auction-log.ts";

/** A9, A13: compares the builder's answers with the outcomes of their auctions. */
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
        `auction ${use.auctionId}, whose cancellation was confirmed,`,
        state,
        "cancelled",
      );
    }
    // An auction that Redis had closed before a loss continues after it.
    if (/^The hammer was quicker/.test(answer) && !losses.some(losesBids)) {
      const isClosed = ["sold", "unsold", "void"].includes(state ?? "");
      mustHold(
        "A9",
        isClosed,
        () => `auction ${use.auctionId} is ${state}; the answer was: ${answer}`,
      );
    }
    if (use.word === "void" && /^🚫 The result of /u.test(answer)) {
      mustEqual("A9", `auction ${use.auctionId}, withdrawn,`, state, "void");
    }
  }
}

/** A13: an auction whose result is final is not run again by command. */
export function checkReruns(stage: Stage, auctions: readonly Replayed[]): void {
  const find = (id: string) => auctions.find(({ auction }) => auction.id === id)?.auction;
  for (const { word, auctionId, interactionId } of auctionLogOf(stage).controlUses) {
    const [before, after] = [find(auctionId), find(interactionId)];
    if (word !== "rerun" || !before || !after) continue;
    const stands = before.state === "sold" && before.claim?.state !== "over";
    mustHold("A13", !stands, () => `auction ${auctionId} is sold, and runs again as ${after.id}`);
  }
}

/** The final answer of an interaction. */
function answerTo({ discord }: Stage, { interactionId }: ControlUse): string {
  return discord.interaction(interactionId)?.original?.content ?? "";
}
