import type { APIEmbed } from "discord-api-types/v10";
import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { colours, oneLine, plain, relativeTime } from "../../../shared/discord/theme.ts";
import type { Stream } from "../../../shared/twitch/stream.ts";
import type { OrderOutcome } from "../documents/go-live-outcome.ts";
import {
  LIVE_CONTEXT_FORMS,
  type LiveContextProblem,
  MAX_ORDERS_PER_COMMAND,
} from "../domain/live-context.ts";
import type { ClaimRefusal } from "../store/announcement-claims.ts";
import type { GoLive } from "../store/go-lives.ts";

/** Discord's limit on an embed's title: https://discord.com/developers/docs/resources/message#embed-object */
const MAX_EMBED_TITLE = 256;
const MAX_CATEGORY = 100;
const MAX_EMBED_DESCRIPTION = 4096;

/** The address of a channel's stream. */
export function streamUrl(stream: Pick<Stream, "userLogin">): string {
  return `https://www.twitch.tv/${stream.userLogin}`;
}

const FORMS = LIVE_CONTEXT_FORMS.map((form) => `\`${form}\``).join(", ");
/** The number of unreadable ids that an answer names. */
const MAX_BAD_IDS = 5;

/** What is wrong with a live context, and what to type instead. */
export function contextProblemText(problem: LiveContextProblem): string {
  switch (problem.kind) {
    case "unknown-form":
      return `I didn't understand what you're going live with. Use one of these four: ${FORMS} (up to ${MAX_ORDERS_PER_COMMAND} orders at once).`;
    case "no-id":
      return problem.form === "order" ? noIdText("order", "ID") : noIdText("orders", "ID,ID");
    case "too-many":
      return problem.form === "order"
        ? `\`order\` takes one id, and you gave ${problem.given}. Pick \`orders\` as the context to go live with several.`
        : `That's ${problem.given} orders, and I can take ${MAX_ORDERS_PER_COMMAND} at once. Run \`/c500 live\` with the first ${MAX_ORDERS_PER_COMMAND}, then again with the rest.`;
    case "bad-ids":
      return `${badIds(problem.ids)} Ids are letters, digits, \`_\` and \`-\`, with commas between them, as in \`orders:ID,ID\`. Pick from the list under \`orders\`, or copy them from \`/c500 profile\`.`;
  }
}

/** Discord offers contexts as a list, so ids go into the option beside it. */
function noIdText(form: "order" | "orders", ids: string): string {
  return `Which ${form}? You gave no id. Run \`/c500 live context:${form} orders:${ids}\`: pick from the list under \`orders\`, or copy ids from \`/c500 profile\`, which shows your open orders.`;
}

function badIds(ids: readonly string[]): string {
  const shown = ids.slice(0, MAX_BAD_IDS).map((id) => `"${plain(id, 40)}"`);
  const more = ids.length - shown.length;
  const list = [...shown, ...(more > 0 ? [`${more} more`] : [])].join(", ");
  return ids.length === 1
    ? `${list} can't be an order's id.`
    : `These can't be orders' ids: ${list}.`;
}

/** Why someone could not go live, and what to do next. */
export const goLiveRefusalTexts = {
  "no-twitch-name":
    "Your builder profile has no valid Twitch name yet. Run `/c500 register` and sign in at Twitch, then try again.",
  "not-live":
    "You are not currently live on Twitch. Start your stream, wait a minute, then try again.",
  "twitch-unavailable":
    "Twitch isn't answering right now, so I couldn't check your stream. Nothing has changed: please try again in a minute.",
} as const;

/** Why something was not announced, and when it can be. */
export function announcementRefusalText(kind: "chat" | "drop", refused: ClaimRefusal): string {
  if (refused.refusal === "too-soon") {
    return `Drop alerts are at least ten minutes apart across all builders, so that nobody mutes them. The next one is possible ${relativeTime(refused.retryAt)}: run \`/c500 live\` again then.`;
  }
  return kind === "chat"
    ? "I've already announced this stream, and each stream is announced once. Run `/c500 live` again with your next stream."
    : "I've already sent an alert for this stream. The next one is possible once you have posted another drop with `/c500 drop`, or with your next stream.";
}

/** Notifies a buyer that their order is being built. */
export function onTheWorkbench(orderId: string, stream: Stream): OutgoingMessage {
  return {
    content: `Grab a blanket: your order \`${orderId}\` is on the workbench right now! 🛠️ Watch it come together live: ${streamUrl(stream)}`,
    embeds: [streamEmbed(stream, colours.mint)],
  };
}

/** The same notice in a channel, for a buyer whose DMs are closed. Pings only that buyer. */
export function onTheWorkbenchInChannel(
  buyerId: string,
  orderId: string,
  stream: Stream,
): OutgoingMessage {
  const message = onTheWorkbench(orderId, stream);
  return { ...message, content: `<@${buyerId}> ${message.content}`, pings: { users: [buyerId] } };
}

/** The hangout announcement. */
export function hangoutAnnouncement(builderId: string, stream: Stream): OutgoingMessage {
  return {
    content: `☕ <@${builderId}> is live and keeping a seat warm for you. Come hang out: ${streamUrl(stream)}`,
    embeds: [streamEmbed(stream, colours.lavender)],
  };
}

/** The drop alert. Pings only the drop role. */
export function dropAlert(builderId: string, stream: Stream, dropRoleId: string): OutgoingMessage {
  return {
    content: `🔥 <@&${dropRoleId}> **HYPE ALERT: LIVE DROP INCOMING!** <@${builderId}> is live with something fresh off the bench. Don't blink: ${streamUrl(stream)}`,
    embeds: [streamEmbed(stream, colours.peach)],
    pings: { roles: [dropRoleId] },
  };
}

/** The builder's answer once an announcement is up. */
export function announcedText(channelId: string): string {
  return `You're live! The announcement is up in <#${channelId}>.`;
}

/** The builder's answer when their announcement could not be posted in time. */
export const tooLateText =
  "I couldn't post your announcement in time, so I didn't post it at all. Run `/c500 live` again if you are still live.";

/** The builder's answer when others announced something while theirs could not be posted. */
export const overtakenText =
  "Discord took too long, and another announcement came first. Run `/c500 live` again to see when yours is possible.";

/** The builder's answer when an attempt to post was not answered, and Discord can't be asked any more what became of it. */
export function unsureText(channelId: string): string {
  return `Discord didn't answer in time, so I can't tell whether your announcement is up. Look in <#${channelId}>. If it isn't there and you are still live, run \`/c500 live\` again.`;
}

/** The builder's answer: one line per order, in the order in which they were typed. */
export function orderReport(
  goLive: GoLive,
  outcomes: ReadonlyMap<string, OrderOutcome>,
): OutgoingMessage {
  const { context } = goLive;
  const orderIds = context.kind === "orders" ? context.orderIds : [];
  const lines = orderIds.map((id) => {
    const outcome = outcomes.get(id);
    return outcome ? `\`${id}\` ${outcomeTexts[outcome]}` : `\`${id}\` ⏳ still working on it.`;
  });
  return {
    content: "You're live! Here is how your orders went:",
    embeds: [
      { description: lines.join("\n").slice(0, MAX_EMBED_DESCRIPTION), color: colours.rose },
    ],
  };
}

/** The same report as one line of text, for services. */
export function orderReportText(outcomes: ReadonlyMap<string, OrderOutcome>): string {
  return [...outcomes].map(([id, outcome]) => `${id}: ${outcomeTexts[outcome]}`).join(" ");
}

const outcomeTexts: Record<OrderOutcome, string> = {
  "buyer-notified": "✅ is on the workbench, and the buyer got a DM.",
  "notified-in-channel":
    "✅ is on the workbench. The buyer's DMs are closed, so I pinged them in your order channel.",
  "not-notified":
    "⚠️ is on the workbench, but I couldn't reach the buyer: their DMs are closed and I can't post in the order channel. Please message them yourself.",
  "already-building": "👍 was already on the workbench, so its buyer gets no second message.",
  closed: "🚫 is finished or cancelled, so there is nothing to build.",
  "not-found": "❓ isn't among your orders. Check the id and try again.",
  broken: "⚠️ couldn't be read because it is damaged. The team has been notified and will fix it.",
  delayed:
    "⏳ is taking longer than it should. I keep trying, and the team is notified if it fails.",
};

function streamEmbed(stream: Stream, color: number): APIEmbed {
  const category = oneLine(stream.categoryName, MAX_CATEGORY);
  return {
    title: oneLine(`LIVE NOW: ${stream.title || stream.userLogin}`, MAX_EMBED_TITLE),
    url: streamUrl(stream),
    color,
    ...(category ? { footer: { text: category } } : {}),
    ...(stream.thumbnailUrl ? { image: { url: stream.thumbnailUrl } } : {}),
  };
}
