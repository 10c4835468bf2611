import { mustEqual, mustHold } from "../../../rules.ts";
import { noteSometimes, type Stage } from "../../../stage.ts";
import { auctionLogOf, type ControlUse, losesBids, type Replayed } from "../auction-log.ts";

/** The answers to those who may not control an auction. */
const REFUSED =
  /^I can't find an auction of yours by that name|^That's for the team|^That's for C500 builders/;
const RAN_AGAIN = /^It (?:is already running|ran|already ran) again/;
/** The answers to `/c500 auction sell`. */
const SALES = [
  / is sold for /,
  /^🔨 The hammer has already fallen on /u,
  / is closed and not sold: /,
  / has no reserve, so it sells/,
  /^Its reserve is met/,
  /^Nobody has bid/,
  /^It's too late to sell it/,
  RAN_AGAIN,
  /^That auction didn't end below its reserve/,
  /^That auction isn't running/,
  /^I'm restoring that auction/,
];
/** The answers to `/c500 auction remove-bids`. */
const REMOVALS = [
  /^🧹 All bids of /u,
  /^They have no counting bid/,
  /^The hammer was quicker/,
  /^That auction isn't running/,
  /^I'm restoring that auction/,
];
/** The answers to a command that nobody could act on in time. */
const NOT_DONE = /took too long to reach me|^I couldn.t take that just now|^$/;

/** A6, A9, A13, A16: compares the answers with the outcomes of the auctions. */
export function checkControls(stage: Stage, auctions: readonly Replayed[]): void {
  checkReruns(stage, auctions);
  checkAllowed(stage);
  checkSales(stage, auctions);
  checkRemovals(stage, auctions);
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

/** Whether somebody may control the auctions in this way. */
function isAllowed(stage: Stage, { user, word }: ControlUse): boolean {
  const { builder, staff } = auctionLogOf(stage);
  return user === staff || (user === builder && word !== "remove-bids");
}

/** Everyone else is refused in words. */
function checkAllowed(stage: Stage): void {
  for (const use of auctionLogOf(stage).controlUses.filter((each) => !isAllowed(stage, each))) {
    const answer = answerTo(stage, use);
    const isRefused = REFUSED.test(answer) || (NOT_DONE.test(answer) && stage.swarm.kinds.size > 0);
    mustHold(
      "Access",
      isRefused,
      () => `${use.user} typed ${use.word} and was answered: ${answer}`,
    );
    noteSometimes(stage, `refused: ${use.word} by others`);
  }
}

/** A6: an item is sold below its reserve only if its seller or staff wanted it. */
function checkSales(stage: Stage, auctions: readonly Replayed[]): void {
  const { controlUses, losses } = auctionLogOf(stage);
  const sales = controlUses.filter((use) => use.word === "sell" && isAllowed(stage, use));
  for (const { auction } of auctions.filter((each) => each.auction.isReserveWaived)) {
    const isWanted = sales.some(({ auctionId }) => auctionId === auction.id);
    mustHold("A6", isWanted, () => `auction ${auction.id} was sold below its reserve by nobody`);
    noteSometimes(stage, "sold below the reserve");
  }
  for (const use of sales) {
    const answer = answerTo(stage, use);
    checkAnswer(stage, use, SALES);
    const auction = auctions.find((each) => each.auction.id === use.auctionId)?.auction;
    if (/ is sold for /.test(answer) && !losses.some(losesBids)) {
      const isSold = auction?.state === "sold" || auction?.state === "void";
      mustHold("A9", isSold, () => `auction ${use.auctionId} is ${auction?.state}: ${answer}`);
    }
    if (RAN_AGAIN.test(answer)) {
      const isAgain = controlUses.some(
        ({ word, auctionId, interactionId }) =>
          word === "rerun" &&
          auctionId === use.auctionId &&
          auctions.some((each) => each.auction.id === interactionId),
      );
      mustHold("A13", isAgain, () => `auction ${use.auctionId} has no other, but: ${answer}`);
    }
    if (/ has no reserve/.test(answer)) mustEqual("A6", "the reserve", auction?.reserve, 0);
    if (/^Its reserve is met/.test(answer)) noteSometimes(stage, "not sold below a met reserve");
  }
}

/** A16: whose bids are removed, staff have said, and staff are answered what has happened. */
function checkRemovals(stage: Stage, auctions: readonly Replayed[]): void {
  const { controlUses, losses } = auctionLogOf(stage);
  const wanted = controlUses.filter((use) => use.word === "remove-bids" && isAllowed(stage, use));
  const removals = auctions.flatMap(({ auction }) =>
    auction.record.flatMap(({ kind, bidId, bidder }) =>
      kind === "removal" ? [{ bidId, bidder, auctionId: auction.id }] : [],
    ),
  );
  for (const { bidId, bidder, auctionId } of removals) {
    const use = wanted.find(({ interactionId }) => interactionId === bidId);
    const found = [use?.auctionId, use?.bidder];
    mustEqual("A16", `what was wanted of removal ${bidId}`, found, [auctionId, bidder]);
    noteSometimes(stage, "someone's bids removed");
  }
  for (const use of wanted) {
    checkAnswer(stage, use, REMOVALS);
    const answer = answerTo(stage, use);
    const isRecorded = removals.some(({ bidId }) => bidId === use.interactionId);
    if (/^🧹 All bids of /u.test(answer) && !losses.some(losesBids)) {
      mustHold("A16", isRecorded, () => `removal ${use.interactionId} is not recorded: ${answer}`);
    }
    const isRefused = /^They have no counting bid|^The hammer was quicker/.test(answer);
    mustHold(
      "A16",
      !(isRefused && isRecorded),
      () => `removal ${use.interactionId} is recorded, but was answered: ${answer}`,
    );
  }
}

function checkAnswer(stage: Stage, use: ControlUse, known: readonly RegExp[]): void {
  const answer = answerTo(stage, use);
  const isKnown = known.some((pattern) => pattern.test(answer)) || NOT_DONE.test(answer);
  mustHold("Answers", isKnown, () => `${use.word} was answered: ${answer}`);
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
