import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import { alarm } from "../../../shared/discord/alarm.ts";
import { oneLine } from "../../../shared/discord/theme.ts";
import { subscriptionStanding } from "../../../shared/twitch/event-subscriptions.ts";

/** Tells the operators that Twitch has stopped telling us about a channel, and what comes next. */
export function revocationNotice(
  broadcasterId: string,
  subscriptionType: string,
  reason: string,
): OutgoingMessage {
  const isFinal = subscriptionStanding(reason) === "final";
  const next = isFinal
    ? (finalReasonTexts[reason] ?? "")
    : "It is made again within a quarter of an hour. If this comes often, look whether `twitch-webhook` answers.";
  return alarm(
    "Twitch ended an EventSub subscription",
    `\`${subscriptionType}\` of Twitch user ${broadcasterId}: ${oneLine(reason, 200)}. Until there is one again their live status is not kept; \`/c500 live\` works as before.\n\n${next}`,
  );
}

/** Tells the operators of many ended subscriptions at once. */
export function revocationsNotice(
  ended: readonly {
    readonly type: string;
    readonly status: string;
    readonly twitchUserId?: string | undefined;
  }[],
): OutgoingMessage {
  const shown = ended
    .slice(0, MAX_ENDED_SHOWN)
    .map(
      ({ type, status, twitchUserId }) =>
        `\`${type}\` of Twitch user ${twitchUserId}: ${oneLine(status, 60)}`,
    );
  const rest = ended.length - shown.length;
  const reasons = [...new Set(ended.map(({ status }) => finalReasonTexts[status] ?? ""))];
  return alarm(
    `Twitch ended ${ended.length} EventSub subscriptions`,
    [...shown, ...(rest > 0 ? [`… and ${rest} more`] : []), "", ...reasons].join("\n"),
  );
}

/** An embed's text has room for these. */
const MAX_ENDED_SHOWN = 25;

const finalReasonTexts: Readonly<Record<string, string>> = {
  authorization_revoked:
    "The broadcaster took their permission back. Ask them whether they still want to sell here: `/c500 register` makes it again.",
  user_removed:
    "The account is no longer on Twitch. Its builder can take another channel with `/c500 register`.",
  version_removed:
    "Twitch no longer offers this version of it. C500 Live has to be brought up to date.",
};

/** An EventSub subscription that Twitch does not make for us. */
export interface RefusedSubscription {
  readonly type: string;
  readonly twitchUserId: string;
  readonly reason: string;
}

/** An embed's text may have 4,096 characters: https://discord.com/developers/docs/resources/message */
const MAX_LISTED = 10;

/** Tells the operators what Twitch does not make again, and why. */
export function subscriptionsRefusedNotice(
  refused: readonly RefusedSubscription[],
): OutgoingMessage {
  const lines = refused
    .slice(0, MAX_LISTED)
    .map(
      (one) => `\`${one.type}\` of Twitch user ${one.twitchUserId}: ${oneLine(one.reason, 200)}`,
    );
  const more = refused.length - lines.length;
  return alarm(
    "Twitch refuses EventSub subscriptions",
    `${lines.join("\n")}${more > 0 ? `\n… and ${more} more` : ""}\n\nI go on asking every quarter of an hour. Until they are made the live status of these channels is kept by looking, as often.`,
  );
}
