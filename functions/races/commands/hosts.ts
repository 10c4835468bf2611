import { DiscordError, type OutgoingMessage } from "../../../shared/clients/discord.ts";
import { sendDmOnce, sendOnce } from "../../../shared/discord/send-once.ts";
import { readSnowflake } from "../../../shared/documents/outside-id.ts";
import type { DiscordCommand } from "../../../shared/events/discord-command.ts";
import { findHostingRefusal } from "../../members/command-function.ts";
import type { Standing, StandingDecision } from "../../members/domain/standing.ts";
import {
  askedNotice,
  askedText,
  decidedNotice,
  decidedText,
  decisionNotice,
  hostList,
  listedHosts,
  notDecidedText,
  overtakenText,
} from "../messages/hosts.ts";
import type { ControlDeps } from "./control-deps.ts";

/** An embed's field has room for this many mentions. */
const MAX_LISTED = 40;

/**
 * "Ask to host": the operators are notified once, with buttons. A repeat, or another press, answers with the
 * current standing. Crash safety: the repeat sends the notice under the same key.
 */
export async function askToHost(
  { id, userId }: DiscordCommand,
  deps: ControlDeps,
): Promise<OutgoingMessage> {
  const standing = await deps.hosts.ask(userId, id, deps.clock.now());
  if (standing.state === "awaiting") {
    const channelId = deps.config.DISCORD_OPERATORS_CHANNEL_ID;
    const notice = askedNotice(userId, standing);
    await sendOnce(noticeKey(userId, standing.version), async () => channelId, notice, deps);
  }
  return { content: askedText(standing) };
}

/** `/c500 hosts list`. Reads only. */
export async function listHosts(
  _command: DiscordCommand,
  { hosts }: Pick<ControlDeps, "hosts">,
): Promise<OutgoingMessage> {
  const groups = listedHosts.map(
    async ([state, heading]) => [heading, await hosts.withStanding(state, MAX_LISTED)] as const,
  );
  return hostList(await Promise.all(groups));
}

/**
 * The team's decision about a host, by a command or a button. Idempotency: it is taken once under the
 * interaction's id, and a repeat gets the same answer. Crash safety: the repeat finds it and does the rest.
 * Late: a repeat that finds a later decision notifies nobody of this one.
 */
export function decideHost(decision: StandingDecision) {
  return async (command: DiscordCommand, deps: ControlDeps): Promise<OutgoingMessage> => {
    const target = targetIn(command);
    if (!target) return { content: "I can't tell who that is about. Pick someone from the list." };
    const { hostId, ofVersion } = target;
    const reason = String(command.options["reason"] ?? "").trim() || undefined;
    const order = { id: command.id, decision, byId: command.userId, reason, ofVersion };
    const result = await deps.hosts.decide(hostId, { ...order, at: deps.clock.now() });
    if (result.outcome !== "decided") {
      const why = result.outcome === "outdated" ? "outdated" : decision;
      return { content: notDecidedText(hostId, result.standing, why) };
    }
    const { standing, from } = result;
    const current = await deps.hosts.standing(hostId);
    if (current.version !== standing.version) {
      return { content: overtakenText(hostId, standing, current) };
    }
    const told = await sendDmOnce(`host:${command.id}`, hostId, decisionNotice(standing), deps);
    if (from === "awaiting") await closeNotice(hostId, standing, command.userId, deps);
    return { content: decidedText(hostId, standing, told !== undefined) };
  };
}

/** Whether an earlier delivery has decided it. */
export async function isHostDecided(
  command: DiscordCommand,
  { hosts }: Pick<ControlDeps, "hosts">,
): Promise<boolean> {
  const target = targetIn(command);
  return target !== undefined && hosts.hasChange(target.hostId, command.id);
}

/** Why someone may not start or prolong a race they host: the team may have suspended them since. */
export async function hostingRefusal(
  { userId, isStaff }: DiscordCommand,
  deps: Pick<ControlDeps, "builders" | "hosts">,
): Promise<string | undefined> {
  return isStaff ? undefined : findHostingRefusal(userId, deps);
}

/** The operators' notice says what was decided, and has no buttons any more; it may have been deleted. */
async function closeNotice(
  hostId: string,
  standing: Standing,
  staffId: string,
  { sentMessages, discord }: ControlDeps,
): Promise<void> {
  const notice = await sentMessages.get(noticeKey(hostId, standing.version - 1));
  if (!notice) return;
  const decided = decidedNotice(hostId, standing, staffId);
  try {
    await discord.editMessage(notice.channelId, notice.messageId, decided);
  } catch (error) {
    const isGone = error instanceof DiscordError && (error.isUnknown || error.isUnusableChannel);
    if (!isGone) throw error;
  }
}

function noticeKey(hostId: string, version: number): string {
  return `host-asked:${hostId}:${version}`;
}

/** The person it is about: an option, or `USER.VERSION` of a button. */
function targetIn({ options }: DiscordCommand) {
  const text = String(options["target"] ?? options["host"] ?? "");
  const [user, version = "", ...rest] = text.split(".");
  const hostId = readSnowflake(user);
  if (hostId === undefined || rest.length > 0 || !/^\d{0,9}$/.test(version)) return undefined;
  return { hostId, ofVersion: version === "" ? undefined : Number(version) };
}
