import { DiscordError } from "../../../shared/clients/discord/errors.ts";
import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../shared/discord/definitions/command-action.ts";
import { defineCommand } from "../../../shared/discord/definitions/define-command.ts";
import { sendDmOnce, sendOnce } from "../../../shared/discord/sending/send-once.ts";
import { findHostingRefusal } from "../../members/command-function.ts";
import { personOption, reasonOption } from "../../members/commands/deciding.ts";
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
import { approveHostButton, askToHostButton, declineHostForm } from "./buttons.ts";
import type { ControlDeps } from "./control-deps.ts";

/** An embed's field has room for this many mentions. */
const MAX_LISTED = 40;

const team = { who: "staff", answeredBy: "race-control" } as const;

/**
 * Ask to host: the operators are notified once, with buttons. A repeat, or another press, answers with the
 * current standing. Crash safety: the repeat sends the notice under the same key.
 */
export const askingToHost = /* @__PURE__ */ action(askToHostButton, {
  run: async ({ id, userId }, _values, deps: ControlDeps) => {
    const standing = await deps.hosts.ask(userId, id, deps.clock.now());
    if (standing.state === "awaiting") {
      const channelId = deps.config.DISCORD_OPERATORS_CHANNEL_ID;
      const notice = askedNotice(userId, standing);
      await sendOnce(noticeKey(userId, standing.version), async () => channelId, notice, deps);
    }
    return { content: askedText(standing) };
  },
  isBegun: ({ id, userId }, _values, { hosts }: Pick<ControlDeps, "hosts">) =>
    hosts.hasChange(userId, id),
});

/** `/c500 hosts list`. */
export const listHostsCommand = defineCommand({
  words: "c500 hosts list",
  description: "Who may host races, and who has asked to",
  options: {},
  ...team,
});

/** Shows the hosts of each standing. Reads only. */
export const listingHosts = /* @__PURE__ */ action(
  listHostsCommand,
  async (_use, _values, { hosts }: Pick<ControlDeps, "hosts">) => {
    const groups = listedHosts.map(
      async ([state, heading]) => [heading, await hosts.withStanding(state, MAX_LISTED)] as const,
    );
    return hostList(await Promise.all(groups));
  },
);

/** `/c500 hosts approve`. */
export const approveHostCommand = defineCommand({
  words: "c500 hosts approve",
  description: "Let someone host races",
  options: { host: personOption },
  ...team,
});

/** `/c500 hosts decline`. */
export const declineHostCommand = defineCommand({
  words: "c500 hosts decline",
  description: "Refuse someone who asks to host",
  options: { host: personOption, reason: reasonOption },
  ...team,
});

/** `/c500 hosts suspend`. */
export const suspendHostCommand = defineCommand({
  words: "c500 hosts suspend",
  description: "Keep someone from hosting until you restore them",
  options: { host: personOption, reason: reasonOption },
  ...team,
});

/** `/c500 hosts restore`. */
export const restoreHostCommand = defineCommand({
  words: "c500 hosts restore",
  description: "Let someone host again who was suspended",
  options: { host: personOption },
  ...team,
});

/** `/c500 hosts remove`. */
export const removeHostCommand = defineCommand({
  words: "c500 hosts remove",
  description: "End someone's time as a host",
  options: { host: personOption, reason: reasonOption },
  ...team,
});

/** Whom staff decide about, and why: by a command, or under the notice that shows this version of a standing. */
type About =
  | { readonly host: string; readonly reason?: string }
  | { readonly userId: string; readonly version: number; readonly reason?: string };

export const approvingHost = /* @__PURE__ */ action(approveHostCommand, {
  run: (use, about, deps: ControlDeps) => decide("approve", use, about, deps),
  isBegun: isDecided,
});

export const decliningHost = /* @__PURE__ */ action(declineHostCommand, {
  run: (use, about, deps: ControlDeps) => decide("decline", use, about, deps),
  isBegun: isDecided,
});

export const suspendingHost = /* @__PURE__ */ action(suspendHostCommand, {
  run: (use, about, deps: ControlDeps) => decide("suspend", use, about, deps),
  isBegun: isDecided,
});

export const restoringHost = /* @__PURE__ */ action(restoreHostCommand, {
  run: (use, about, deps: ControlDeps) => decide("restore", use, about, deps),
  isBegun: isDecided,
});

export const removingHost = /* @__PURE__ */ action(removeHostCommand, {
  run: (use, about, deps: ControlDeps) => decide("remove", use, about, deps),
  isBegun: isDecided,
});

export const approvingHostByButton = /* @__PURE__ */ action(approveHostButton, {
  run: (use, about, deps: ControlDeps) => decide("approve", use, about, deps),
  isBegun: isDecided,
});

export const decliningHostByForm = /* @__PURE__ */ action(declineHostForm, {
  run: (use, about, deps: ControlDeps) => decide("decline", use, about, deps),
  isBegun: isDecided,
});

/**
 * The team's decision about a host, by a command, a button or a form. Idempotency: it is taken once under the
 * interaction's id, and a repeat gets the same answer. Crash safety: the repeat finds it and does the rest.
 * Late: a repeat that finds a later decision notifies nobody of this one.
 */
async function decide(
  decision: StandingDecision,
  use: CommandUse,
  about: About,
  deps: ControlDeps,
): Promise<OutgoingMessage> {
  const hostId = hostIn(about);
  const reason = about.reason?.trim() || undefined;
  const ofVersion = "version" in about ? about.version : undefined;
  const order = { id: use.id, decision, byId: use.userId, reason, ofVersion };
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
  const sent = await sendDmOnce(`host:${use.id}`, hostId, decisionNotice(standing), deps);
  if (from === "awaiting") await closeNotice(hostId, standing, use.userId, deps);
  return { content: decidedText(hostId, standing, sent !== undefined) };
}

/** Whether an earlier delivery has decided it. */
function isDecided(
  { id }: CommandUse,
  about: About,
  { hosts }: Pick<ControlDeps, "hosts">,
): Promise<boolean> {
  return hosts.hasChange(hostIn(about), id);
}

function hostIn(about: About): string {
  return "host" in about ? about.host : about.userId;
}

/** Why someone may not start a race they host, or race again: the team may have suspended them since. */
export async function hostingRefusal(
  { userId, isStaff }: CommandUse,
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
