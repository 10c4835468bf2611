import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { alarm } from "../../../shared/discord/sending/alarm.ts";
import { oneLine } from "../../../shared/discord/theme.ts";
import { subscriptionStanding } from "../../../shared/twitch/event-subscriptions.ts";

/** Notifies the operators that Twitch has ended a subscription, and what happens next. */
export function revocationNotice(
  broadcasterId: string,
  subscriptionType: string,
  reason: string,
): OutgoingMessage {
  const isFinal = subscriptionStanding(reason) === "final";
  const next = isFinal
    ? (finalReasonTexts[reason] ?? "")
    : "The sweeper creates it again within 15 minutes. If this happens often, check that `twitch-webhook` answers.";
  return alarm(
    "Twitch ended an EventSub subscription",
    `\`${subscriptionType}\` of Twitch user ${broadcasterId}: ${oneLine(reason, 200)}. Until it exists again, their live status is not updated; \`/c500 live\` works as before.\n\n${next}`,
  );
}

/** Notifies the operators of several ended subscriptions in one message. */
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

/** The number of lines that fit an embed's description. */
const MAX_ENDED_SHOWN = 25;

const finalReasonTexts: Readonly<Record<string, string>> = {
  authorization_revoked:
    "The broadcaster revoked their permission. Ask them whether they still want to sell here: `/c500 register` creates it again.",
  user_removed:
    "The account is no longer on Twitch. Its builder can register another channel with `/c500 register`.",
  version_removed: "Twitch no longer offers this version of the subscription. Update C500 Live.",
};

/** An EventSub subscription that Twitch refused to create. */
export interface RefusedSubscription {
  readonly type: string;
  readonly twitchUserId: string;
  readonly reason: string;
}

/** An embed's text may have 4,096 characters: https://discord.com/developers/docs/resources/message */
const MAX_LISTED = 10;

/** Notifies the operators which subscriptions Twitch refuses to create again, and why. */
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
    `${lines.join("\n")}${more > 0 ? `\n… and ${more} more` : ""}\n\nI try again every 15 minutes. Until then I poll the live status of these channels as often.`,
  );
}
