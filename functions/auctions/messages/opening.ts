import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { relativeTime } from "../../../shared/discord/theme.ts";
import type { Auction, OpeningProblem } from "../domain/auction.ts";
import { channelOf, titleOf } from "./auction-words.ts";

/** What is wrong with the terms of an auction. */
export function termsProblems(problems: readonly string[]): string {
  return `Almost! A few things need another look:\n${problems.map((line) => `• ${line}`).join("\n")}`;
}

/** The builder's answer: the auction runs. */
export function startedText(auction: Auction): string {
  const ends = auction.endsAt ? relativeTime(auction.endsAt) : "soon";
  return `🔨 ${titleOf(auction)} is up in ${channelOf(auction)}. The hammer falls ${ends}, later if someone bids at the last moment. Good luck!`;
}

/** The builder's answer: the auction waits for their stream. */
export function plannedText(auction: Auction): string {
  return `🕰️ ${titleOf(auction)} opens in ${channelOf(auction)} when you go live on Twitch. \`/c500 auction cancel\` takes it back.`;
}

/** The permissions that the bot needs in a channel. */
const PERMISSIONS =
  "**View Channel**, **Send Messages** (in a thread **Send Messages in Threads**), **Embed Links** and **Attach Files**";

/** The answer when the bot may not post in the channel. */
export function mayNotPostText(channelId: string): string {
  return `I can't post in <#${channelId}>, so nobody could see the auction or bid there. Allow me ${PERMISSIONS} in that channel, then try again. A thread has to be open, not archived or locked. If nothing is missing, ask the team for help.`;
}

/** Notifies a builder why their auction did not open. */
export function couldNotOpenNotice(auction: Auction, why: OpeningProblem): OutgoingMessage {
  const [reason, then] = {
    busy: [`another auction is running in ${channelOf(auction)}`, " when that one is over"],
    forbidden: [
      `I can't post in ${channelOf(auction)}`,
      ` once I have ${PERMISSIONS} there; a thread must be neither archived nor locked`,
    ],
    interrupted: ["I was interrupted", ""],
  }[why];
  return {
    content: `${titleOf(auction)} could not open: ${reason}. Start it with \`/c500 auction rerun\`${then}.`,
  };
}

/** Notifies a builder who went live that their auction waits until they can be paid. */
export function notPayableYetNotice(auction: Auction): OutgoingMessage {
  return {
    content: `${titleOf(auction)} has not opened with your stream: your Stripe account can't take payments at the moment. Run \`/c500 payouts\` to see what is missing. Once that is fixed and you are live, it opens by itself within 15 minutes.`,
  };
}

/** The answer when someone has already run the item again. */
export function ranAgainText(again: Auction): string {
  const { state } = again;
  const how =
    state === "planned" || state === "live"
      ? "It is already running again"
      : state === "sold"
        ? "It ran again and is sold"
        : "It already ran again, and that auction is over";
  return `${how}, in ${channelOf(again)}. Pick the newest one from the list to continue from there.`;
}
