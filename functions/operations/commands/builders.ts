import { DiscordError, type OutgoingMessage } from "../../../shared/clients/discord.ts";
import { sendDmOnce } from "../../../shared/discord/send-once.ts";
import { readSnowflake } from "../../../shared/documents/outside-id.ts";
import type { DiscordCommand } from "../../../shared/events/discord-command.ts";
import { cancelAuction, SELLER_STOPPED } from "../../auctions/running/cancel-auction.ts";
import type { StandingDecision } from "../../members/domain/standing.ts";
import {
  builderList,
  decidedNotice,
  decidedText,
  decisionNotice,
  listedStates,
  notDecidedText,
} from "../../members/messages/builder-standing.ts";
import type { DecisionResult } from "../../members/store/standing.ts";
import { provedKey } from "../../shop/commands/register.ts";
import { scheduleBoard } from "../../shop/drops/drop-board.ts";
import { orderReleaseRequested } from "../../shop/events/order-release-requested.ts";
import type { Deps } from "../deps.ts";
import { buyerNotice } from "../messages/builders.ts";

type Decided = Extract<DecisionResult, { outcome: "decided" }>;

/** A list shows this many of each standing. */
const MAX_LISTED = 40;

/** `/c500 builders list`. Reads only. */
export async function listBuilders(
  _command: DiscordCommand,
  { builders }: Pick<Deps, "builders">,
): Promise<OutgoingMessage> {
  const groups = await Promise.all(
    listedStates.map(
      async (state) => [state, await builders.withStanding(state, MAX_LISTED)] as const,
    ),
  );
  return builderList(new Map(groups));
}

/**
 * The team's decision about a builder, by a command, a button or a form.
 *
 * Idempotency: it is taken once under the interaction's id, and a repeat gets the same answer; everything
 * that follows is derived from what is stored, or sent once under that id. Crash safety: the repeat finds the
 * decision and does the rest, since the answer goes out last. Buy Now, releases and the like check the
 * standing themselves, so that a suspended builder sells nothing while this runs. Late: a repeat that finds a
 * later decision leaves everything to that one, such as auctions that run again.
 */
export function decide(decision: StandingDecision) {
  return async (command: DiscordCommand, deps: Deps): Promise<OutgoingMessage> => {
    const target = targetIn(command);
    if (!target) return { content: "I can't tell who that is about. Pick someone from the list." };
    const { builderId, ofVersion } = target;
    const reason = String(command.options["reason"] ?? "").trim() || undefined;
    const order = { id: command.id, decision, byId: command.userId, reason, ofVersion };
    const result = await deps.builders.decide(builderId, { ...order, at: deps.clock.now() });
    if (result.outcome !== "decided") {
      const why = result.outcome === "outdated" ? "outdated" : decision;
      return { content: notDecidedText(builderId, result.standing, why) };
    }
    const { version } = await deps.builders.standing(builderId);
    const what = { command, decision, builderId, result };
    if (version === result.standing.version) await follow(what, deps);
    await closeNotice(what, deps);
    return { content: decidedText(builderId, result.standing, decision) };
  };
}

/** Whether an earlier delivery has decided it. */
export async function isDecided(
  command: DiscordCommand,
  { builders }: Pick<Deps, "builders">,
): Promise<boolean> {
  const target = targetIn(command);
  return target !== undefined && builders.hasChange(target.builderId, command.id);
}

/** What a decision brings about, for the builder, their buyers and what they sell. */
async function follow(
  what: {
    readonly command: DiscordCommand;
    readonly decision: StandingDecision;
    readonly builderId: string;
    readonly result: Decided;
  },
  deps: Deps,
): Promise<void> {
  const { command, decision, builderId, result } = what;
  const { standing } = result;
  if (decision === "suspend" || decision === "remove") await cancelAuctions(builderId, deps);
  for (const drop of await deps.drops.ofBuilder(builderId)) {
    if (!drop.isClosed) await scheduleBoard(drop.id, deps);
  }
  if (standing.state === "approved") await releaseWaiting(command.id, builderId, deps);
  const key = `standing:${command.id}`;
  await sendDmOnce(key, builderId, decisionNotice(standing, decision), deps);
  if (decision !== "suspend" && decision !== "remove") return;
  for await (const order of deps.orders.everyOpenOf(builderId)) {
    if (!order.payment) continue;
    const notice = buyerNotice(order, decision);
    await sendDmOnce(`${key}:${order.id}`, order.buyerId, notice, deps);
  }
}

/** Nobody should bid on what may not be sold. A planned auction waits, and stays closed. */
async function cancelAuctions(builderId: string, deps: Deps): Promise<void> {
  for await (const auction of deps.auctions.runningOf(builderId)) {
    await cancelAuction(auction, deps, SELLER_STOPPED);
  }
}

/** Asks for the money of all that was proved meanwhile. */
async function releaseWaiting(cause: string, builderId: string, deps: Deps): Promise<void> {
  for (const orderId of await deps.releases.waitingOf(builderId)) {
    await deps.publisher.publish(orderReleaseRequested, {
      ...{ id: `approved.${cause}.${orderId}`, orderId },
    });
  }
}

/** The operators' notice says what was decided, and has no buttons any more; it may have been deleted. */
async function closeNotice(
  { command, builderId, result }: Parameters<typeof follow>[0],
  { builders, sentMessages, discord }: Deps,
): Promise<void> {
  if (result.from !== "awaiting") return;
  const { standing } = result;
  const notice = await sentMessages.get(provedKey(builderId, standing.version - 1));
  const builder = await builders.get(builderId);
  if (!notice || !builder) return;
  const decided = decidedNotice(builder, standing, command.userId);
  try {
    await discord.editMessage(notice.channelId, notice.messageId, decided);
  } catch (error) {
    const isGone = error instanceof DiscordError && (error.isUnknown || error.isUnusableChannel);
    if (!isGone) throw error;
  }
}

/** The person it is about: an option, or `USER.VERSION` of a button. */
function targetIn({ options }: DiscordCommand) {
  const text = String(options["target"] ?? options["builder"] ?? "");
  const [user, version = "", ...rest] = text.split(".");
  const builderId = readSnowflake(user);
  if (builderId === undefined || rest.length > 0 || !/^\d{0,9}$/.test(version)) return undefined;
  return { builderId, ofVersion: version === "" ? undefined : Number(version) };
}
