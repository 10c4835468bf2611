import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { colours, fullTime, plain, relativeTime } from "../../../shared/discord/theme.ts";
import { forgetButton } from "../commands/buttons.ts";
import type { OpenObligation } from "../domain/open-obligation.ts";

/** What each open obligation is, and what ends it. */
const OBLIGATIONS: Readonly<
  Record<OpenObligation["kind"], { readonly what: string; readonly todo: string }>
> = {
  "unpaid-order": { what: "An order that isn't paid", todo: "pay it, or give it back" },
  "held-money": { what: "Held money", todo: "it goes to the builder, or back to the buyer" },
  refund: { what: "A refund under way", todo: "wait, it finishes by itself" },
  dispute: { what: "A dispute at the bank", todo: "wait until the bank decides" },
  order: { what: "An order on its way", todo: "wait until it arrives" },
  "old-order": { what: "An older order that isn't finished", todo: "ask the team to close it" },
  case: {
    what: "A report that something is wrong with an order",
    todo: "take it back or settle it with `/c500 case`, or wait until it's over",
  },
  auction: { what: "Your auction", todo: "cancel it, or let it end and be paid" },
  bid: { what: "An auction you bid in", todo: "wait until it has ended and been paid" },
  drop: { what: "Your drop on sale", todo: "close it with `/c500 drops`" },
  race: { what: "A race you're in, or host", todo: "leave it, cancel it, or let it finish" },
  "pending-share": { what: "Race money that's still pending", todo: "wait until you can cash out" },
  "frozen-share": {
    what: "Race money that a buyer's bank is disputing",
    todo: "wait until the bank decides",
  },
  balance: { what: "Money in your wallet", todo: "ask the team to pay you out" },
  payout: { what: "A payout under way", todo: "wait, it finishes by itself" },
  "unpaid-win": {
    what: "An auction you won and didn't pay",
    todo: "ask a builder to lift it, or wait until it no longer counts",
  },
  suspended: {
    what: "You're suspended as a builder",
    todo: "ask the team to restore or remove you",
  },
  barred: { what: "You can't bid", todo: "ask a builder to lift it, or wait" },
  "dead-letter": { what: "Something that went wrong", todo: "ask the team to fix it" },
};
/** The number of lines that a message shows. */
const MAX_LINES = 12;

/** Asks for confirmation: what is removed, what is kept and why, with the button that starts it. */
export function forgetQuestion(
  userId: string,
  {
    isBuilder,
    lost,
    owed,
  }: {
    readonly isBuilder: boolean;
    readonly lost: readonly string[];
    readonly owed: readonly string[];
  },
): OutgoingMessage {
  const removed = [
    "your id and name in orders, bids, races and payouts",
    "your wallet, settings and notes about you, and pictures of what you reported",
    ...(isBuilder ? ["your Twitch channel, your streams and the texts of your drops"] : []),
  ];
  const giveUp =
    lost.length > 0
      ? [
          {
            name: "You give up",
            value: `${lost.join(" + ")}, which is below the minimum payout. To get it, ask the team to pay you out before you continue: they can, because you are leaving.`,
          },
        ]
      : [];
  const stillOwed =
    owed.length > 0
      ? [
          {
            name: "Still owed",
            value: `You owe ${owed.join(" + ")}. Nobody will ask you for it, but if you come back, it is booked to your account again. The team is notified of the amount, but not of who owes it.`,
          },
        ]
      : [];
  const account = isBuilder ? " Your account at Stripe is yours: ask Stripe to close it." : "";
  return {
    embeds: [
      {
        title: "Do you want me to forget you?",
        color: colours.rose,
        fields: [
          { name: "Removed", value: removed.map((each) => `• ${each}`).join("\n") },
          {
            name: "Kept under a random name",
            value:
              "• orders, payouts and the ledger: taxes and disputes need their amounts\n• the record of bids: other bidders rely on it\nNothing I keep shows any more that it was you, and I can't look it up. Only Stripe's own records can.",
          },
          ...giveUp,
          ...stillOwed,
          {
            name: "Kept for a while",
            value:
              "If a sale of yours, or one you share in, can still be charged back, or if you owe something: a code with the amount you owe, and nothing else. If the team removed or declined you as a builder: one code for you and one for your channel, with that decision, so that the team decides if you come back. I can recognize a code as yours only when you come back.",
          },
          {
            name: "Elsewhere",
            value: `Stripe keeps payments and payouts with the name and address you gave there, and the team can read them. You can ask Stripe too: https://support.stripe.com.${account} Messages in Discord and DMs stay there.`,
          },
        ],
        footer: { text: "This can't be undone." },
      },
    ],
    buttons: [{ id: forgetButton.id({ userId }), label: "Forget me", style: "danger" }],
  };
}

/** The answer that lists what has to end before someone can be forgotten, and how. */
export function stillOpenAnswer(obligations: readonly OpenObligation[]): OutgoingMessage {
  const then = "Then run `/c500 forget me` again.";
  return {
    content: `I can't forget you yet. This is still open:\n${listOf(obligations)}\n${then}`,
  };
}

/** The same answer for obligations that opened after the button was pressed. */
export function notYetAnswer(obligations: readonly OpenObligation[]): OutgoingMessage {
  const then = "I continue automatically once that is over.";
  return { content: `Something of yours has just opened:\n${listOf(obligations)}\n${then}` };
}

/** The answer after the first of the two passes. */
export function forgottenAnswer(again: Date): OutgoingMessage {
  return {
    content: `Done: I've forgotten you. I check once more ${fullTime(again)} for anything that was under way; until then please don't use my commands. If you come back after that, we start fresh. Take care!`,
  };
}

/** Answers that need nothing else. */
export const forgetTexts = {
  begun: "I'm forgetting you now. I'll let you know here when it's done.",
  underWay:
    "I'm already on it: I go through everything twice, an hour apart. You don't need to do anything.",
  notYours: "That button belongs to someone else. Run `/c500 forget me` yourself.",
  tooOld: "That button has expired. Run `/c500 forget me` again if you still want it.",
} as const;

function listOf(obligations: readonly OpenObligation[]): string {
  const lines = obligations.slice(0, MAX_LINES).map(({ kind, name, until }) => {
    const { what, todo } = OBLIGATIONS[kind];
    const when = until ? ` (look again ${relativeTime(until)})` : "";
    return `• ${what}: ${plain(name, 60)}. Next: ${todo}${when}.`;
  });
  const more = obligations.length - lines.length;
  return [...lines, ...(more > 0 ? [`• and ${more} more`] : [])].join("\n");
}
