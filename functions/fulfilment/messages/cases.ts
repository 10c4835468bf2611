import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { isPseudonym } from "../../../shared/discord/pseudonym.ts";
import { plain } from "../../../shared/discord/theme.ts";
import { decimalOf } from "../../../shared/money/money.ts";
import {
  ANSWER_STANDS_DAYS,
  ARRIVED_DAYS,
  CASE_ANSWER_DAYS,
  CASE_PICTURE_DAYS,
  CASE_REMINDERS,
  type Case,
  type CaseMove,
  caseKindWords,
  SENT_DAYS,
} from "../../shipping/domain/case.ts";
import { postUrl } from "../../shop/domain/drop.ts";
import { type Order, orderTitle } from "../../shop/domain/order.ts";
import { refundRefusalTexts, tooMuchText } from "../../shop/messages/payments.ts";
import { caseButton } from "../commands/buttons.ts";
import type { CaseDecided, Opened } from "../service/cases.ts";

/**
 * What is quoted in a message, and what of each side where both are: with a title and our words, which take up to 700
 * characters, it fits into one. https://docs.discord.com/developers/resources/message#create-message
 */
const MAX_QUOTE = 1200;
const MAX_QUOTE_OF_TWO = 600;
/** Pictures of the newest reports of a case, each in a message of its own. */
const MAX_LINKS = 2;

const buttonsOf: Readonly<
  Record<CaseMove, { readonly label: string; readonly style: "primary" | "secondary" | "danger" }>
> = {
  refund: { label: "Refund everything", style: "danger" },
  replace: { label: "Send it again", style: "primary" },
  close: { label: "Close it", style: "secondary" },
  withdraw: { label: "It's fine", style: "secondary" },
  escalate: { label: "Ask the team", style: "primary" },
  answer: { label: "Answer", style: "secondary" },
};

function buttons(
  orderId: string,
  ...moves: readonly (keyof typeof caseButton.parts.move.choices)[]
) {
  return moves.map((move) => ({ ...buttonsOf[move], id: caseButton.id({ move, orderId }) }));
}

function nameOf(order: Order): string {
  return `**${plain(orderTitle(order) ?? "the order", 100)}**`;
}

/** Somebody's words, with at most `most` characters once they are escaped. */
function quoted(text: string | undefined, most: number): string {
  if (text === undefined) return "";
  let kept = most;
  let shown = plain(text, kept);
  while (shown.length > most) {
    kept -= Math.ceil((shown.length - most) / 2);
    shown = plain(text, kept);
  }
  return `\n> ${shown}`;
}

/** Asks a builder what to do about something that is wrong. */
export function caseOpenedNotice(order: Order, { kind, text }: Case): OutgoingMessage {
  return {
    content: `<@${order.buyerId}> says about ${nameOf(order)}: ${caseKindWords[kind]}.${quoted(text, MAX_QUOTE)}\nYou can refund it, send it again, or answer: \`/c500 case order:${order.id}\` also refunds a part. After ${CASE_ANSWER_DAYS} days without an answer the team decides.`,
    buttons: buttons(order.id, "refund", "replace"),
  };
}

/** The message with copies of a buyer's pictures. */
export function picturesMessage(order: Order, missing: number): OutgoingMessage {
  return {
    content: `📷 What <@${order.buyerId}> shows of ${nameOf(order)} (\`${order.id}\`).${missing > 0 ? ` ${missingText(missing)}` : ""} I delete it ${CASE_PICTURE_DAYS} days after this is over.`,
  };
}

function missingText(missing: number): string {
  return missing === 1 ? "One more could not be copied." : `${missing} more could not be copied.`;
}

interface CaseNotices {
  readonly buyer?: OutgoingMessage;
  readonly builder?: OutgoingMessage;
  readonly operators?: OutgoingMessage;
}

/** The operators' channel, where pictures are copied to. */
interface Place {
  readonly guildId: string;
  readonly channelId: string;
}

/** Where staff see the pictures of a case, if there are any. */
function picturesLine({ pictures }: Case, { guildId, channelId }: Place): string {
  const shown = pictures.filter((picture) => picture.channelId === channelId);
  if (shown.length === 0) return "";
  const links = shown.slice(-MAX_LINKS).map((picture) => postUrl(picture, guildId));
  return `\n📷 Pictures: ${links.join(" ")}`;
}

/** What staff may do about a case that waits for them. */
function staffsChoice(order: Order, found: Case, place: Place): OutgoingMessage {
  const { id, buyerId, builderId } = order;
  return {
    content: `⚖️ <@${buyerId}> and <@${builderId}> need a decision about ${nameOf(order)} (\`${id}\`): ${caseKindWords[found.kind]}.${quoted(found.text, MAX_QUOTE_OF_TWO)}${quoted(found.answer, MAX_QUOTE_OF_TWO)}${picturesLine(found, place)}\n\`/c500 case order:${id}\` also refunds a part.`,
    buttons: buttons(id, "refund", "replace", "close"),
  };
}

/** Reminds staff of a case that has waited for them for some days. */
export function caseReminder(
  order: Order,
  found: Case,
  { days, ...place }: Place & { readonly days: number },
): OutgoingMessage {
  const { content, ...choice } = staffsChoice(order, found, place);
  const since = days === 1 ? "a day" : `${days} days`;
  const isLast = days >= CASE_REMINDERS ? " I won't remind you again." : "";
  return { ...choice, content: `⏰ This has waited for you for ${since}.${isLast}\n${content}` };
}

/** What both sides and staff read of a case's last move. Refunds have messages of their own. */
export function caseNotices(order: Order, found: Case, place: Place): CaseNotices {
  const { id, buyerId, builderId } = order;
  const name = nameOf(order);
  switch (found.state) {
    case "answered":
      return {
        buyer: {
          content: `<@${builderId}> answers about ${name}:${quoted(found.answer, MAX_QUOTE)}\nIf that doesn't solve it, ask the team within ${ANSWER_STANDS_DAYS} days; after that I'll take it as solved.`,
          buttons: buttons(id, "withdraw", "escalate"),
        },
      };
    case "escalated":
      return {
        buyer: { content: `The team is looking at ${name} now, and will decide.` },
        builder: {
          content: `The team decides about ${name} now. You can still refund it or send it again.`,
        },
        operators: staffsChoice(order, found, place),
      };
    case "withdrawn":
      return { builder: { content: `💛 <@${buyerId}> says that ${name} is fine.` } };
    case "settled":
      return settledNotices(order, found);
    case "open":
      return {};
  }
}

function settledNotices(order: Order, { outcome, movedBy }: Case): CaseNotices {
  const name = nameOf(order);
  if (outcome === "replace") {
    return {
      buyer: { content: `📦 ${name} will be sent to you again.` },
      builder: {
        content: `Please send ${name} to <@${order.buyerId}> again, and run \`/c500 ship order:${order.id}\` when it's on its way.`,
      },
    };
  }
  if (outcome === "refund" && movedBy !== "refund") return {};
  if (outcome === "refund") {
    const both = {
      content: `What was reported about ${name} is closed: all of the money has gone back.`,
    };
    return { buyer: both, builder: both };
  }
  if (movedBy === "bank") {
    const both = {
      content: `The bank decides about ${name} now, so I've closed what was open here.`,
    };
    return { buyer: both, builder: both };
  }
  const both = { content: `What was open about ${name} is closed; nothing is refunded.` };
  return { buyer: both, builder: both };
}

/** Why a command or press about a case did nothing. */
export const caseRefusalTexts = {
  "not-found": "I can't find that order. Pick one from the list that opens as you type.",
  "no-case": "Nobody has reported anything about that order.",
  "not-sent":
    "It hasn't been sent yet. If it's late, you can cancel it with `/c500 cancel` and get everything back.",
  "too-late": `That was too long ago: I can take this up for ${ARRIVED_DAYS} days after it arrived, or ${SENT_DAYS} after it was sent. Write to your builder.`,
  known: "You've already reported this, and it isn't over. Your builder or the team will answer.",
  over: "This was already settled. Write to your builder if something is still wrong.",
  refunded:
    "Everything you paid for it has gone back to you, or is on its way. Write to your builder if something else is wrong.",
  disputed: "The buyer's bank is looking at that payment, and its decision counts.",
  "no-text": "Add your answer in `text`.",
  "not-now": "That can't be done now: it is over already, or it isn't yours to do.",
} as const;

/** The answer to an amount that can't be read, with an example in the order's currency. */
export function badCaseAmountText(currency: string): string {
  return `I can't read that amount. Write it like ${decimalOf(1250, currency)}.`;
}

/** The answer to a buyer who reports something. */
export function caseOpenedAnswer(opened: Opened): OutgoingMessage {
  if (opened.outcome !== "opened") return { content: caseRefusalTexts[opened.outcome] };
  const { order, missingPictures = 0 } = opened;
  const missing = missingPictures > 0 ? `\n${uncopiedText(missingPictures)}` : "";
  const withdraw = buttons(order.id, "withdraw");
  if (isPseudonym(order.builderId)) {
    const content = `I'm sorry. The builder of ${nameOf(order)} is no longer here, so the team decides.${missing}`;
    return { content, buttons: withdraw };
  }
  return {
    content: `I'm sorry. I've asked <@${order.builderId}> about ${nameOf(order)}. Without an answer in ${CASE_ANSWER_DAYS} days the team decides.${missing}`,
    buttons: withdraw,
  };
}

function uncopiedText(missing: number): string {
  const many = missing === 1 ? "One picture" : `${missing} pictures`;
  return `${many} couldn't be copied: use PNG, JPEG, GIF or WebP files of at most 8 MB. Send them to your builder, or press **It's fine** and report it again.`;
}

const doneTexts: Readonly<Record<CaseMove, string>> = {
  refund: "It's refunded. I'm letting the buyer know.",
  replace:
    "It's in the builder's list of parcels to send again. I'm letting the buyer and the builder know.",
  close: "It's closed. I'm letting the buyer and the builder know.",
  withdraw: "Glad it's fine. 💛",
  escalate: "I've asked the team.",
  answer: "I've sent your answer.",
};

/** The answer to somebody who decided. */
export function caseAnswer(move: CaseMove, decided: CaseDecided): OutgoingMessage {
  switch (decided.outcome) {
    case "moved":
      return { content: doneTexts[move] };
    case "not-found":
      return { content: caseRefusalTexts["no-case"] };
    case "too-much": {
      const { payment } = decided.order;
      return { content: payment ? tooMuchText(decided.left, payment) : refundRefusalTexts.unpaid };
    }
    case "owed":
      return {
        content:
          "It's settled. Stripe refuses the refund for now, so I try again every 15 minutes until the buyer has it; the operators' channel says why.",
      };
    case "unrefunded":
      return {
        content:
          "I couldn't make that refund, so nothing has changed and the team is asked. You can try again, or do something else.",
      };
    case "not-now":
    case "disputed":
      return { content: caseRefusalTexts[decided.outcome] };
  }
}
