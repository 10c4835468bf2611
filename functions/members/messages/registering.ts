import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { fullTime } from "../../../shared/discord/theme.ts";
import { SIGN_IN_MINUTES } from "../domain/sign-in.ts";
import type { SignIn } from "../store/sign-ins.ts";

/** The answer to `/c500 register`: the link to Twitch and the next steps. */
export function signInAnswer({ expiresAt }: SignIn, url: string): OutgoingMessage {
  return {
    content: `Let's make sure that your channel is yours:\n1. Sign in at Twitch with the button below. I only learn whose channel it is and keep no access to it.\n2. The next page shows a code. Come back and run \`/c500 register code:\` with it.\nThe link is only for you, so don't share it. It expires ${fullTime(expiresAt)}.`,
    buttons: [{ label: "Sign in at Twitch", url }],
  };
}

const again = "Run `/c500 register` for a new link.";

/** Why a code did not register anyone. */
export const registerRefusalTexts = {
  "not-a-code":
    "That isn't one of my codes. They have eight letters and digits, as in `BCDF-2345`. Copy yours from the page you saw after signing in at Twitch.",
  none: `No sign-in matches this code: links and codes last ${SIGN_IN_MINUTES} minutes and work once. ${again} If someone else sent you their link, don't give them the code: with it they would become the seller of your channel.`,
  "not-signed-in":
    "You haven't signed in at Twitch yet with your newest link, so there is no code for it. Use the button under your newest `/c500 register`.",
  wrong: `That isn't the code of your sign-in. Check the page once more. If someone else sent you the link that you signed in with, it was theirs: don't give them the code, and use your own link. ${again}`,
  "too-many": `You entered too many wrong codes, so this sign-in is void. ${again}`,
  taken:
    "Another builder has already registered that channel and signed in at Twitch. If that was you with another Discord account, write to someone on the team in our server.",
  "money-held":
    "You can't move to another channel while buyers' money is held for orders you haven't shown on stream. Build those first, or refund them.",
} as const;

/** The answer to someone who has proved their channel. */
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

/** The first steps of a new builder. */
export const firstStepsText =
  "Next, run `/c500 payouts` to connect your bank account, then `/c500 drop` to sell something.";
