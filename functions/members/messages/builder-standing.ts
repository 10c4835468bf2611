import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { colours, plain } from "../../../shared/discord/theme.ts";
import { approveBuilderButton, declineBuilderButton } from "../commands/buttons.ts";
import {
  type AnyStanding,
  MAX_REASON_LENGTH,
  type Standing,
  type StandingDecision,
  type StandingState,
} from "../domain/standing.ts";
import type { Builder } from "../store/builders.ts";
import type { FormerOwner } from "../store/channel-proofs.ts";
import { firstStepsText } from "./registering.ts";

/** What the operators' notice shows about someone who has proved a channel. */
export interface ChannelProof {
  readonly builderId: string;
  readonly login: string;
  readonly standing: Standing;
  readonly former: readonly FormerOwner[];
  /** How many of the former owners' orders hold money that now waits for the team. */
  readonly heldOrders: number;
}

const writeToUs = "If you think that's a mistake, write to someone on the team in our server.";

/** Notifies the operators of a proved channel, with buttons if they have to decide. */
export function provedNotice(proof: ChannelProof): OutgoingMessage {
  const { builderId, standing } = proof;
  if (standing.state !== "awaiting") return noticeOf(proof, "They are approved.");
  const about = { userId: builderId, version: standing.version };
  return {
    ...noticeOf(proof, "Approve them, and they can sell, auction and show orders on stream."),
    buttons: [
      { label: "Approve", id: approveBuilderButton.id(about), style: "success" },
      { label: "Decline…", id: declineBuilderButton.id(about), style: "danger" },
    ],
  };
}

function noticeOf(
  { builderId, login, standing, former, heldOrders }: ChannelProof,
  next: string,
): OutgoingMessage {
  const lost = former.map(({ id, was }) =>
    was === "removed"
      ? `The channel belonged to <@${id}>, whom the team removed: \`/c500 builders list\` shows why.`
      : `<@${id}> had claimed the channel without proof and is no longer its builder.`,
  );
  const held =
    heldOrders > 0
      ? [`Money is held for ${heldOrders} of their orders: refund it with \`/c500 refund\`.`]
      : [];
  return {
    embeds: [
      {
        title: "Someone signed in at Twitch to be a builder",
        color: colours.lavender,
        description: [
          `<@${builderId}> owns https://www.twitch.tv/${login}.`,
          ...lost,
          ...held,
          ...(standing.state === "awaiting" && standing.reason ? [standing.reason] : []),
          next,
        ].join("\n"),
      },
    ],
  };
}

/** The operators' notice after the decision: it names who decided and has no buttons. */
export function decidedNotice(
  { id, twitchUsername }: Builder,
  standing: Standing,
  staffId: string,
): OutgoingMessage {
  const why = standing.reason ? `\n> ${plain(standing.reason, MAX_REASON_LENGTH)}` : "";
  const channel = twitchUsername ? ` (https://www.twitch.tv/${twitchUsername})` : "";
  return {
    embeds: [
      {
        title: "Someone signed in at Twitch to be a builder",
        color: standing.state === "approved" ? colours.mint : colours.rose,
        description: `<@${id}>${channel}: ${standing.state} by <@${staffId}>.${why}`,
      },
    ],
    buttons: [],
  };
}

/** Notifies someone that the real owner of the channel they had claimed has signed in. */
export function channelLostNotice(login: string): OutgoingMessage {
  return {
    content: `Someone signed in at Twitch as the owner of https://www.twitch.tv/${login}, which you had registered without signing in. So it is theirs now, and you can't sell under it any more. If it's yours, or you have another channel, run \`/c500 register\` and sign in yourself. Held money of your orders waits until the team has looked at it.`,
  };
}

/** Notifies a builder of the team's decision about them. */
export function decisionNotice(
  { state, reason }: Standing,
  decision: StandingDecision,
): OutgoingMessage {
  const why = reason ? `\nThe team wrote:\n> ${plain(reason, MAX_REASON_LENGTH)}` : "";
  return { content: `${decisionText(state, decision)}${why}` };
}

function decisionText(state: StandingState, decision: StandingDecision): string {
  if (decision === "restore") {
    return state === "approved"
      ? "✅ The team has restored you as a C500 builder. Welcome back! Your drops are on sale again, and held money of orders you have shown is on its way."
      : "You can become a C500 builder again: run `/c500 register` to sign in at Twitch.";
  }
  switch (decision) {
    case "approve":
      return `✅ Exciting news: the team has approved you as a C500 builder. Welcome! ${firstStepsText}`;
    case "decline":
      return `The team has decided not to make you a C500 builder. ${writeToUs}`;
    case "suspend":
      return `⚠️ The team has suspended you as a C500 builder. Your drops are paused, running auctions are cancelled, and held money waits. You can still refund your buyers. ${writeToUs}`;
    case "remove":
      return `The team has removed you as a C500 builder. Your drops are paused, running auctions are cancelled, and held money waits for the team. You can still refund your buyers. ${writeToUs}`;
  }
}

/** The answer to the staff member who decided; `isNotified` if the builder could be sent a message. */
export function decidedText(
  builderId: string,
  { state }: Standing,
  { decision, isNotified }: { readonly decision: StandingDecision; readonly isNotified: boolean },
): string {
  const notified = isNotified
    ? "They have been notified."
    : "They don't accept DMs: please notify them yourself.";
  return `<@${builderId}> ${outcomeText(state, decision)} ${notified}`;
}

const buyersNotified = "I've also notified the buyers of their open orders who accept DMs.";

function outcomeText(state: StandingState, decision: StandingDecision): string {
  switch (decision) {
    case "approve":
      return "is now a C500 builder.";
    case "decline":
      return "is declined.";
    case "suspend":
      return `is suspended: their drops are paused, running auctions are cancelled, and held money waits. ${buyersNotified}`;
    case "remove":
      return `is no longer a builder. Their open orders stay: refund them with \`/c500 refund\`. ${buyersNotified}`;
    case "restore":
      return state === "approved"
        ? "can sell again: drops are on sale, and held money of shown orders is on its way."
        : "may register again.";
  }
}

/** The answer to the staff member who decided, if someone has decided again since. */
export function overtakenText(
  builderId: string,
  { state }: Standing,
  current: AnyStanding,
): string {
  return `You decided that <@${builderId}> is ${wordsOf(state)}. Another decision has been made since, and that one counts: they are ${wordsOf(current.state)} now.`;
}

function wordsOf(state: AnyStanding["state"]): string {
  return state === "unregistered" ? "not registered as a builder" : stateWords[state];
}

/** The answer when the decision does not apply to their current standing. */
export function notDecidedText(
  builderId: string,
  { state }: AnyStanding,
  decision: StandingDecision | "outdated",
): string {
  const who = `<@${builderId}>`;
  const now = wordsOf(state);
  if (decision === "outdated") {
    return `That notice is out of date: ${who} is now ${now}. Use the newest notice, or \`/c500 builders\`.`;
  }
  return `Nothing has changed: ${who} is ${now}, so there is nothing to ${decision}.`;
}

const stateWords: Readonly<Record<StandingState, string>> = {
  unproved: "a builder who has not signed in at Twitch",
  awaiting: "waiting for approval",
  approved: "an approved builder",
  declined: "declined",
  suspended: "suspended",
  removed: "removed",
};

/** The groups of the list, in order. */
export const listedStates = [
  "awaiting",
  "suspended",
  "approved",
  "declined",
  "removed",
] as const satisfies readonly StandingState[];

const headings: Readonly<Record<(typeof listedStates)[number], string>> = {
  awaiting: "Waiting for approval",
  suspended: "Suspended",
  approved: "Builders",
  declined: "Declined",
  removed: "Removed",
};

/** An embed's field takes 1,024 characters: https://discord.com/developers/docs/resources/message#embed-object */
const MAX_FIELD = 1000;

/** All builders by standing; each group ends where its field is full. */
export function builderList(
  groups: ReadonlyMap<(typeof listedStates)[number], readonly Builder[]>,
): OutgoingMessage {
  const fields = listedStates.flatMap((state) => {
    const builders = groups.get(state) ?? [];
    if (builders.length === 0) return [];
    return [{ name: headings[state], value: fitting(builders.map(lineOf)) }];
  });
  if (fields.length === 0) {
    return { content: "There are no builders yet. People become one with `/c500 register`." };
  }
  return { embeds: [{ title: "Builders", color: colours.lavender, fields }] };
}

function lineOf({ id, twitchUsername, standing }: Builder): string {
  const channel = twitchUsername ? ` · twitch.tv/${plain(twitchUsername, 30)}` : "";
  const why = standing.reason ? ` · ${plain(standing.reason, 80)}` : "";
  return `<@${id}>${channel}${why}`;
}

function fitting(lines: readonly string[]): string {
  const kept: string[] = [];
  let left = MAX_FIELD;
  for (const line of lines) {
    if (line.length + 1 > left)
      return [...kept, `… and ${lines.length - kept.length} more`].join("\n");
    kept.push(line);
    left -= line.length + 1;
  }
  return kept.join("\n");
}
