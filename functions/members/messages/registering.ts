import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import { relativeTime } from "../../../shared/discord/theme.ts";
import type { SignIn } from "../store/sign-ins.ts";

/** The answer to `/c500 register`: the way to Twitch, and what comes after it. */
export function signInAnswer({ expiresAt }: SignIn, url: string): OutgoingMessage {
  return {
    content: `Let's make sure that your channel is yours:\n1. Sign in at Twitch with the button below. I only learn whose channel it is and keep no access to it.\n2. The page after it shows a code. Come back and run \`/c500 register code:\` with it.\nThe link is yours alone, so don't share it. It ends ${relativeTime(expiresAt)}.`,
    buttons: [{ label: "Sign in at Twitch", url }],
  };
}

const again = "Run `/c500 register` for a new link.";

/** Why a code made nobody a builder. */
export const registerRefusalTexts = {
  "not-a-code":
    "That isn't one of my codes. They have eight letters and digits, as in `BCDF-2345`: copy the one from the page you saw after signing in at Twitch.",
  none: `There is no sign-in that this code could belong to: links and codes last 15 minutes and work once. ${again} If someone else sent you a link of theirs, don't give them the code: with it they would become the seller of your channel.`,
  "not-signed-in":
    "You haven't signed in at Twitch yet with your newest link, so there is no code for it. Use the button under your newest `/c500 register`.",
  wrong: `That isn't the code of your sign-in. Look at the page once more. If someone else sent you the link that you signed in with, it was theirs: don't give them the code, and use your own. ${again}`,
  "too-many": `You gave too many wrong codes, so this sign-in is void. ${again}`,
  taken:
    "That channel is registered by another builder, who has signed in at Twitch too. If that was you with another Discord account, write to someone on the team in our server.",
  "money-held":
    "You can't move to another channel while buyers' money is held for orders you haven't shown on stream. Build those first, or refund them.",
} as const;

/** The answer once a channel is proved. */
export function provedText(
  login: string,
  { isApproved, hasAccount }: { readonly isApproved: boolean; readonly hasAccount: boolean },
): string {
  const channel = `https://www.twitch.tv/${login} is your channel.`;
  if (!isApproved) {
    return `Thank you: ${channel} Now the team has to approve you as a C500 builder; I'll send you a message once they have decided.`;
  }
  const next = hasAccount ? "" : ` ${firstStepsText}`;
  return `You're a C500 builder, and ${channel}${next}`;
}

/** What a new builder does first. */
export const firstStepsText =
  "Next, run `/c500 payouts` to connect your bank account, then `/c500 drop` to sell something.";
