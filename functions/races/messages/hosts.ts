import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { colours, plain } from "../../../shared/discord/theme.ts";
import {
  type AnyStanding,
  MAX_REASON_LENGTH,
  type Standing,
  type StandingDecision,
  type StandingState,
  UNREGISTERED,
} from "../../members/domain/standing.ts";
import { hostWords, standingRefusal } from "../../members/messages/access.ts";
import type { Host } from "../../members/store/hosts.ts";
import { approveHostButton, askToHostButton, declineHostButton } from "../commands/buttons.ts";

/** The answer to someone who may not host. If they have never asked, it has a button to ask. */
export function hostRefusal(refusal: string): OutgoingMessage {
  if (refusal !== standingRefusal(UNREGISTERED, hostWords)) return { content: refusal };
  const ask = { label: "Ask to host", id: askToHostButton.id({}), style: "primary" } as const;
  return { content: refusal, buttons: [ask] };
}

/** The answer to someone who asks to host. */
export function askedText(standing: AnyStanding): string {
  return standing.state === "approved"
    ? "You can already host races: type `/race lobby`."
    : (standingRefusal(standing, hostWords) ?? "");
}

/** Notifies the operators that someone asks to host. */
export function askedNotice(
  hostId: string,
  { version }: Pick<Standing, "version">,
): OutgoingMessage {
  const about = { userId: hostId, version };
  return {
    embeds: [
      {
        title: "Someone asks to host races",
        color: colours.gold,
        description: `<@${hostId}> would like to open lobbies. While a host's race runs, its racers share in every merch sale that names no race.`,
      },
    ],
    buttons: [
      { label: "Approve", id: approveHostButton.id(about), style: "success" },
      { label: "Decline…", id: declineHostButton.id(about), style: "danger" },
    ],
  };
}

/** The operators' notice after the decision: it names who decided and has no buttons. */
export function decidedNotice(
  hostId: string,
  standing: Standing,
  staffId: string,
): OutgoingMessage {
  return {
    embeds: [
      {
        title: "Someone asked to host races",
        color: standing.state === "approved" ? colours.mint : colours.rose,
        description: `<@${hostId}>: ${standing.state} by <@${staffId}>.${reasonOf(standing)}`,
      },
    ],
    buttons: [],
  };
}

/** Notifies someone of the team's decision about them as a host. */
export function decisionNotice(standing: Standing): OutgoingMessage {
  return { content: `${decisionTexts[standing.state]}${reasonOf(standing)}` };
}

const decisionTexts: Readonly<Record<StandingState, string>> = {
  approved: "✅ Exciting news: you can host races in C500's server! `/race lobby` opens one.",
  declined: "The team has decided not to make you a race host.",
  suspended:
    "⚠️ The team has suspended you as a host: you can't open or start races. A race that is already running continues until its end.",
  removed: "The team has removed you as a race host.",
  awaiting: "The team is deciding whether you may host races.",
  unproved: "You can ask to host races again: type `/race lobby`.",
};

function reasonOf({ reason }: Standing): string {
  return reason ? `\nThe team wrote:\n> ${plain(reason, MAX_REASON_LENGTH)}` : "";
}

/** The answer to the staff member who decided. */
export function decidedText(hostId: string, { state }: Standing, isNotified: boolean): string {
  const notified = isNotified
    ? "They have been notified."
    : "They don't accept DMs: please notify them yourself.";
  return `<@${hostId}> is ${stateWords[state]} now. ${notified}`;
}

/** The answer to the staff member who decided, if someone has decided again since. */
export function overtakenText(hostId: string, decided: Standing, current: AnyStanding): string {
  return `You decided that <@${hostId}> is ${stateWords[decided.state]}. Another decision has been made since: they are ${stateWords[current.state]} now, and I notified them only of that one.`;
}

/** The answer when the decision does not apply to their current standing. */
export function notDecidedText(
  hostId: string,
  { state }: AnyStanding,
  decision: StandingDecision | "outdated",
): string {
  const now = `<@${hostId}> is ${stateWords[state]}`;
  return decision === "outdated"
    ? `That notice is out of date: ${now} now. Use the newest notice, or \`/c500 hosts\`.`
    : `Nothing has changed: ${now}, so there is nothing to ${decision}.`;
}

const stateWords: Readonly<Record<AnyStanding["state"], string>> = {
  unregistered: "not a host",
  unproved: "not a host",
  awaiting: "waiting for approval as a host",
  approved: "a host of races",
  declined: "declined as a host",
  suspended: "suspended as a host",
  removed: "removed as a host",
};

/** The groups of the list, in order. */
export const listedHosts = [
  ["awaiting", "Waiting for approval"],
  ["approved", "Hosts"],
  ["suspended", "Suspended"],
  ["declined", "Declined"],
  ["removed", "Removed"],
] as const satisfies readonly (readonly [StandingState, string])[];

/** Hosts by standing; 40 mentions fit an embed's field. */
export function hostList(groups: readonly (readonly [string, readonly Host[]])[]): OutgoingMessage {
  const fields = groups
    .filter(([, hosts]) => hosts.length > 0)
    .map(([name, hosts]) => ({ name, value: hosts.map(({ id }) => `<@${id}>`).join(" ") }));
  if (fields.length === 0) {
    return {
      content: "Only the team hosts races so far. Use `/c500 hosts approve` to add a host.",
    };
  }
  return { embeds: [{ title: "Hosts of races", color: colours.gold, fields }] };
}
