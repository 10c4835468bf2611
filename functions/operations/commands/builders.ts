import { DiscordError } from "../../../shared/clients/discord/errors.ts";
import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../shared/discord/definitions/command-action.ts";
import { defineCommand } from "../../../shared/discord/definitions/define-command.ts";
import { sendDmOnce } from "../../../shared/discord/sending/send-once.ts";
import { cancelAuction, SELLER_STOPPED } from "../../auctions/lifecycle/ending/cancel-auction.ts";
import { approveBuilderButton, declineBuilderForm } from "../../members/commands/buttons.ts";
import { personOption, reasonOption } from "../../members/commands/deciding.ts";
import type { StandingDecision } from "../../members/domain/standing.ts";
import {
  builderList,
  decidedNotice,
  decidedText,
  decisionNotice,
  listedStates,
  notDecidedText,
  overtakenText,
} from "../../members/messages/builder-standing.ts";
import type { DecisionResult } from "../../members/store/standing.ts";
import { provedKey } from "../../shop/commands/register.ts";
import { scheduleBoard } from "../../shop/drops/drop-board.ts";
import { orderReleaseRequested } from "../../shop/events/order-release-requested.ts";
import { withOrderPage } from "../../shop/web/order-link.ts";
import type { Deps } from "../deps.ts";
import { buyerNotice } from "../messages/builders.ts";

type Decided = Extract<DecisionResult, { outcome: "decided" }>;

/** The number of builders that a list shows per standing. */
const MAX_LISTED = 40;

const team = { who: "staff", answeredBy: "shop" } as const;

/** `/c500 builders list`. */
export const listCommand = defineCommand({
  words: "c500 builders list",
  description: "Who waits for approval, who sells, who is suspended",
  options: {},
  ...team,
});

/** Lists the builders by standing. Reads only. */
export const listing = /* @__PURE__ */ action(
  listCommand,
  async (_use, _values, { builders }: Pick<Deps, "builders">) => {
    const groups = await Promise.all(
      listedStates.map(
        async (state) => [state, await builders.withStanding(state, MAX_LISTED)] as const,
      ),
    );
    return builderList(new Map(groups));
  },
);

/** `/c500 builders approve`. */
export const approveCommand = defineCommand({
  words: "c500 builders approve",
  description: "Let someone sell who has proved their channel",
  options: { builder: personOption },
  ...team,
});

/** `/c500 builders decline`. */
export const declineCommand = defineCommand({
  words: "c500 builders decline",
  description: "Refuse someone who asks to sell",
  options: { builder: personOption, reason: reasonOption },
  ...team,
});

/** `/c500 builders suspend`. */
export const suspendCommand = defineCommand({
  words: "c500 builders suspend",
  description: "Stop everything someone sells, at once; restore undoes it",
  options: { builder: personOption, reason: reasonOption },
  ...team,
});

/** `/c500 builders restore`. */
export const restoreCommand = defineCommand({
  words: "c500 builders restore",
  description: "Let a suspended builder continue, or a removed one register again",
  options: { builder: personOption },
  ...team,
});

/** `/c500 builders remove`. */
export const removeCommand = defineCommand({
  words: "c500 builders remove",
  description: "End someone's time as a builder; their open orders stay",
  options: { builder: personOption, reason: reasonOption },
  ...team,
});

/** The builder and the reason of a decision, from a command or from a notice that shows a version of a standing. */
type About =
  | { readonly builder: string; readonly reason?: string }
  | { readonly userId: string; readonly version: number; readonly reason?: string };

export const approving = /* @__PURE__ */ action(approveCommand, {
  run: (use, about, deps: Deps) => decide("approve", use, about, deps),
  isBegun: isDecided,
});

export const declining = /* @__PURE__ */ action(declineCommand, {
  run: (use, about, deps: Deps) => decide("decline", use, about, deps),
  isBegun: isDecided,
});

export const suspending = /* @__PURE__ */ action(suspendCommand, {
  run: (use, about, deps: Deps) => decide("suspend", use, about, deps),
  isBegun: isDecided,
});

export const restoring = /* @__PURE__ */ action(restoreCommand, {
  run: (use, about, deps: Deps) => decide("restore", use, about, deps),
  isBegun: isDecided,
});

export const removing = /* @__PURE__ */ action(removeCommand, {
  run: (use, about, deps: Deps) => decide("remove", use, about, deps),
  isBegun: isDecided,
});

export const approvingByButton = /* @__PURE__ */ action(approveBuilderButton, {
  run: (use, about, deps: Deps) => decide("approve", use, about, deps),
  isBegun: isDecided,
});

export const decliningByForm = /* @__PURE__ */ action(declineBuilderForm, {
  run: (use, about, deps: Deps) => decide("decline", use, about, deps),
  isBegun: isDecided,
});

/**
 * The team's decision about a builder, by a command, a button or a form.
 *
 * Idempotency: the decision is stored once under the interaction's id, and a repeat gives the same answer; everything
 * that follows is derived from what is stored, or sent once under that id. Crash safety: a repeat finds the decision
 * and does the rest, since the answer goes out last. Buy Now, releases and so on check the standing themselves, so a
 * suspended builder sells nothing while this runs. Lateness: a repeat that finds a later decision leaves everything
 * to that one, for example auctions that run again.
 */
async function decide(
  decision: StandingDecision,
  use: CommandUse,
  about: About,
  deps: Deps,
): Promise<OutgoingMessage> {
  const builderId = builderIn(about);
  const reason = about.reason?.trim() || undefined;
  const ofVersion = "version" in about ? about.version : undefined;
  const order = { id: use.id, decision, byId: use.userId, reason, ofVersion };
  const result = await deps.builders.decide(builderId, { ...order, at: deps.clock.now() });
  if (result.outcome !== "decided") {
    const why = result.outcome === "outdated" ? "outdated" : decision;
    return { content: notDecidedText(builderId, result.standing, why) };
  }
  const { standing } = result;
  const current = await deps.builders.standing(builderId);
  const what = { use, decision, builderId, result };
  if (current.version !== standing.version) {
    await closeNotice(what, deps);
    return { content: overtakenText(builderId, standing, current) };
  }
  const isNotified = await follow(what, deps);
  await closeNotice(what, deps);
  return { content: decidedText(builderId, standing, { decision, isNotified }) };
}

/** Whether an earlier delivery has stored the decision. */
function isDecided(
  { id }: CommandUse,
  about: About,
  { builders }: Pick<Deps, "builders">,
): Promise<boolean> {
  return builders.hasChange(builderIn(about), id);
}

function builderIn(about: About): string {
  return "builder" in about ? about.builder : about.userId;
}

/**
 * Applies a decision's consequences for the builder, their buyers and what they sell. Returns whether the builder could
 * be sent a message.
 */
async function follow(
  what: {
    readonly use: CommandUse;
    readonly decision: StandingDecision;
    readonly builderId: string;
    readonly result: Decided;
  },
  deps: Deps,
): Promise<boolean> {
  const { use, decision, builderId, result } = what;
  const { standing } = result;
  if (decision === "suspend" || decision === "remove") await cancelAuctions(builderId, deps);
  for (const drop of await deps.drops.ofBuilder(builderId)) {
    if (!drop.isClosed) await scheduleBoard(drop.id, deps);
  }
  if (standing.state === "approved") await releaseWaiting(use.id, builderId, deps);
  const key = `standing:${use.id}`;
  const sent = await sendDmOnce(key, builderId, decisionNotice(standing, decision), deps);
  const isNotified = sent !== undefined;
  if (decision !== "suspend" && decision !== "remove") return isNotified;
  for await (const order of deps.orders.everyOpenOf(builderId)) {
    if (!order.payment) continue;
    const notice = await withOrderPage(buyerNotice(order, decision), order.id, deps);
    await sendDmOnce(`${key}:${order.id}`, order.buyerId, notice, deps);
  }
  return isNotified;
}

/** Cancels running auctions, since nobody should bid on what may not be sold. Planned ones stay unopened. */
async function cancelAuctions(builderId: string, deps: Deps): Promise<void> {
  for await (const auction of deps.auctions.runningOf(builderId)) {
    await cancelAuction(auction, deps, SELLER_STOPPED);
  }
}

/** Requests the release of the money of all orders that were proved meanwhile. */
async function releaseWaiting(cause: string, builderId: string, deps: Deps): Promise<void> {
  for (const orderId of await deps.releases.waitingOf(builderId)) {
    await deps.publisher.publish(orderReleaseRequested, {
      id: `approved.${cause}.${orderId}`,
      orderId,
    });
  }
}

/** Shows the decision in the operators' notice and removes its buttons. The notice may have been deleted. */
async function closeNotice(
  { use, builderId, result }: Parameters<typeof follow>[0],
  { builders, sentMessages, discord }: Deps,
): Promise<void> {
  if (result.from !== "awaiting") return;
  const { standing } = result;
  const notice = await sentMessages.get(provedKey(builderId, standing.version - 1));
  const builder = await builders.get(builderId);
  if (!notice || !builder) return;
  const decided = decidedNotice(builder, standing, use.userId);
  try {
    await discord.editMessage(notice.channelId, notice.messageId, decided);
  } catch (error) {
    const isGone = error instanceof DiscordError && (error.isUnknown || error.isUnusableChannel);
    if (!isGone) throw error;
  }
}
