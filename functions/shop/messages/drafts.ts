import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { fullTime, plain } from "../../../shared/discord/theme.ts";
import type { Drop } from "../domain/drop.ts";

type Named = Pick<Drop, "title">;

const name = ({ title }: Named) => `**${plain(title, 100)}**`;

/** What a draft's builder reads once it is stored, or its time has changed. */
export function draftText({ title, opensAt }: Pick<Drop, "title" | "opensAt">): string {
  const what = `📝 ${name({ title })} is a draft`;
  return opensAt
    ? `${what}. It opens by itself ${fullTime(opensAt)}. Until then this server's events announce it.`
    : `${what}: only you can see it. Press Open now when it is time, or let it open by itself: \`/c500 drops\` with the drop and \`opens\`.`;
}

/** The DM that shows a builder their draft's picture, and keeps it until it opens. */
export function draftPreview(drop: Named): OutgoingMessage {
  return {
    content: `The picture of your draft ${name(drop)}. I keep it here until the drop opens; only you can see it.`,
  };
}

/** The builder's answer when a draft was thrown away. */
export function discardedText(drop: Named): string {
  return `${name(drop)} is thrown away: it was never on sale, and it won't open.`;
}

/** Notifies the builder that a draft opened. */
export function draftOpenedText(drop: Named, channelId: string): string {
  return `🎉 ${name(drop)} is open in <#${channelId}>. \`/c500 drops\` shows how it sells.`;
}

const AGAIN = "It is a draft again. Then press Open now: `/c500 drops` with the drop shows it.";

/** Why a draft could not be opened, and what to do. */
export const notOpenedTexts = {
  "not-approved": (drop: Named) =>
    `${name(drop)} could not open, because the team has not approved you as a builder or has suspended you. Ask the team. ${AGAIN}`,
  "no-account": (drop: Named) =>
    `${name(drop)} could not open, because your payout account isn't ready. Run \`/c500 payouts\` to see what is missing. ${AGAIN}`,
  "no-terms": (drop: Named) =>
    `${name(drop)} could not open, because it doesn't say where it ships. Set that with \`/c500 shipping\` and its \`drop\`. ${AGAIN}`,
  "picture-gone": (drop: Named) =>
    `${name(drop)} could not open, because I can't find its picture any more. Choose it again with Edit. ${AGAIN}`,
  "cannot-post": (drop: Named) =>
    `${name(drop)} could not open, because I can't post in the marketplace channel. Ask a server admin to give me **View Channel**, **Send Messages** and **Attach Files** there. ${AGAIN}`,
  "post-refused": (drop: Named) =>
    `${name(drop)} could not open, because Discord refused its post. The team has been notified. ${AGAIN}`,
} as const;

/** Why a draft was not stored or changed, and what to do. */
export const draftRefusalTexts = {
  "needs-dms":
    "I keep a draft's picture in our direct messages until it opens, and I can't send you any. On a computer, right-click this server's icon; on a phone, tap the server's name. Under **Privacy Settings**, allow **Direct Messages**. Then press Fix it and choose the picture again.",
  "still-draft":
    "That drop is still a draft, so it isn't on sale. Open it or throw it away with the buttons of its control panel: `/c500 drops` with the drop.",
  "no-draft": "That drop is open already. To take it off sale, use `close`.",
} as const;
