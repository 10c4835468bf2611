import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
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
import { hostButtons, hostDecline } from "../commands/c500-hosts-definitions.ts";

/** What someone reads who may not host; those whom the team does not know yet can ask to. */
export function hostRefusal(refusal: string): OutgoingMessage {
  if (refusal !== standingRefusal(UNREGISTERED, hostWords)) return { content: refusal };
  const ask = { label: "Ask to host", id: `${hostButtons.ask.name}:me`, style: "primary" } as const;
  return { content: refusal, buttons: [ask] };
}

/** The answer to someone who asks to host. */
export function askedText(standing: AnyStanding): string {
  return standing.state === "approved"
    ? "You may host races already: type `/race lobby`."
    : (standingRefusal(standing, hostWords) ?? "");
}

/** Notifies the operators of someone who asks to host. */
export function askedNotice(
  hostId: string,
  { version }: Pick<Standing, "version">,
): OutgoingMessage {
  const target = `${hostId}.${version}`;
  return {
    embeds: [
      {
        title: "Someone asks to host races",
        color: colours.gold,
        description: `<@${hostId}> would like to open lobbies. While one of a host's races runs, its racers get their part of every merch sale that names no race.`,
      },
    ],
    buttons: [
      { label: "Approve", id: `${hostButtons.approve.name}:${target}`, style: "success" },
      { label: "Decline…", id: `${hostDecline.button}:${target}`, style: "danger" },
    ],
  };
}

/** The operators' notice once it is decided: without buttons, and with who decided. */
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

/** Notifies someone of what the team decided about them as a host. */
export function decisionNotice(standing: Standing): OutgoingMessage {
  return { content: `${decisionTexts[standing.state]}${reasonOf(standing)}` };
}

const decisionTexts: Readonly<Record<StandingState, string>> = {
  approved: "✅ You may host races in C500's server: `/race lobby` opens one.",
  declined: "The team has decided not to make you a host of races.",
  suspended:
    "⚠️ The team has suspended you as a host: you can't open or start races. A race that is already running goes on until its end.",
  removed: "The team has removed you as a host of races.",
  awaiting: "The team is deciding whether you may host races.",
  unproved: "The team lets you ask again to host races: type `/race lobby`.",
};

function reasonOf({ reason }: Standing): string {
  return reason ? `\nThe team wrote:\n> ${plain(reason, MAX_REASON_LENGTH)}` : "";
}

/** The answer to the member of staff who decided. */
export function decidedText(hostId: string, { state }: Standing, isNotified: boolean): string {
  const told = isNotified
    ? "They have been notified."
    : "They don't accept DMs: please notify them yourself.";
  return `<@${hostId}> is ${stateWords[state]} now. ${told}`;
}

/** The answer to the member of staff who decided, where another decision has been made since. */
export function overtakenText(hostId: string, decided: Standing, current: AnyStanding): string {
  return `You decided that <@${hostId}> is ${stateWords[decided.state]}. Another decision has been made since: they are ${stateWords[current.state]} now, and I notified them only of that one.`;
}

/** Why nothing was decided: their standing differs. */
export function notDecidedText(
  hostId: string,
  { state }: AnyStanding,
  decision: StandingDecision | "outdated",
): string {
  const now = `<@${hostId}> is ${stateWords[state]}`;
  return decision === "outdated"
    ? `That notice is out of date: ${now} by now. Use the newest notice, or \`/c500 hosts\`.`
    : `Nothing has changed: ${now}, so there is nothing to ${decision}.`;
}

const stateWords: Readonly<Record<AnyStanding["state"], string>> = {
  unregistered: "no host",
  unproved: "no host",
  awaiting: "waiting for approval as a host",
  approved: "a host of races",
  declined: "declined as a host",
  suspended: "suspended as a host",
  removed: "removed as a host",
};

/** Groups of the list, in its order. */
export const listedHosts = [
  ["awaiting", "Waiting for approval"],
  ["approved", "Hosts"],
  ["suspended", "Suspended"],
  ["declined", "Declined"],
  ["removed", "Removed"],
] as const satisfies readonly (readonly [StandingState, string])[];

/** Hosts by their standing; each group has room for 40 mentions in an embed's field. */
export function hostList(groups: readonly (readonly [string, readonly Host[]])[]): OutgoingMessage {
  const fields = groups
    .filter(([, hosts]) => hosts.length > 0)
    .map(([name, hosts]) => ({ name, value: hosts.map(({ id }) => `<@${id}>`).join(" ") }));
  if (fields.length === 0) {
    return { content: "Only the team hosts races so far. `/c500 hosts approve` adds a host." };
  }
  return { embeds: [{ title: "Hosts of races", color: colours.gold, fields }] };
}
