import type { DocumentOf } from "../../../shared/documents/define-document.ts";
import { decimalOf, formatMoney, parseAmount } from "../../../shared/money/money.ts";
import { severalLines, singleLine } from "../../../shared/text/text.ts";
import type { dropDocument } from "../documents/drop.ts";

/** The most units of one drop, including restocks: a small series, created in one Firestore write. */
export const MAX_STOCK = 400;
/** The most units that one buyer may have of a drop, unless the builder sets another limit. */
export const DEFAULT_LIMIT_PER_BUYER = 1;
/** The most units of one order, where the drop's limit is not lower. */
export const MAX_PER_ORDER = 10;
/** The most that the items of one order cost: with shipping and tax it stays below Stripe's largest charge. */
const MAX_ITEMS_AMOUNT = 50_000_000;
/** The highest limit that a builder can set. */
export const MAX_LIMIT_PER_BUYER = 20;
export const MAX_TITLE_LENGTH = 100;
export const MAX_DESCRIPTION_LENGTH = 1500;
/** Stripe's smallest charge in dollars: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
export const MIN_PRICE = 50;
/** Below Stripe's largest charge of eight digits; more is a slip of the keyboard. */
export const MAX_PRICE = 10_000_000;
/** The most pictures of a drop: Discord shows four in one block. */
export const MAX_PICTURES = 4;
const QUANTITY = /^\d{1,4}$/;

/** An item or a small series for sale. Each unit is its own document. */
export type Drop = DocumentOf<typeof dropDocument>;

/** Whether nobody but its builder may see a drop: it is a draft, or was thrown away as one. */
export function isHidden({ draftState }: Pick<Drop, "draftState">): boolean {
  return draftState === "draft" || draftState === "discarded";
}

/** The most units that one order may be for, by the drop's price. */
export function mostPerOrder({ price }: Pick<Drop, "price">): number {
  return Math.min(MAX_PER_ORDER, Math.floor(MAX_ITEMS_AMOUNT / price));
}

/** How many pictures a drop has. */
export function pictureCount({
  hasImage,
  imageCount,
}: Pick<Drop, "hasImage" | "imageCount">): number {
  return hasImage ? (imageCount ?? 1) : 0;
}

/** Units of a drop by state. */
export interface StockLevel {
  readonly free: number;
  readonly reserved: number;
  readonly sold: number;
}

/** Where a post is in Discord. */
export function postUrl(post: NonNullable<Drop["post"]>, guildId: string): string {
  return `https://discord.com/channels/${guildId}/${post.channelId}/${post.messageId}`;
}

/** The form's fields as they were filled in. */
export interface DropForm {
  readonly title: string;
  readonly price: string;
  readonly quantity: string;
  readonly description: string;
}

/** What a drop says of itself; its builder can edit it at any time. */
export interface DropText {
  readonly title: string;
  readonly description: string;
}

/** The terms that the form describes. */
export interface DropTerms extends DropText {
  readonly price: number;
  readonly quantity: number;
}

/** A price in minor units, or a sentence that says what is wrong with it. */
export function readPrice(text: string, currency: string): number | string {
  const price = parseAmount(text, currency);
  if (price === undefined) {
    return `Price: I can't read "${shorten(text)}". Write an amount such as ${decimalOf(1250, currency)} or 1,200.`;
  }
  if (price < MIN_PRICE || price > MAX_PRICE) {
    const [least, most] = [formatMoney(MIN_PRICE, currency), formatMoney(MAX_PRICE, currency)];
    return `Price: write an amount between ${least} and ${most}.`;
  }
  return price;
}

/** A number of units, or a sentence that says what is wrong with it. */
export function readQuantity(text: string, most = MAX_STOCK): number | string {
  const bare = text.trim();
  const quantity = Number(bare);
  if (QUANTITY.test(bare) && quantity >= 1 && quantity <= most) return quantity;
  return `Quantity: write a whole number from 1 to ${most}.`;
}

/** Reads title and description. Returns them, or a sentence for each problem. */
export function readDropText(form: DropText): DropText | readonly string[] {
  const title = singleLine(form.title);
  const description = severalLines(form.description);
  const problems = [...titleProblems(title), ...descriptionProblems(description)];
  return problems.length > 0 ? problems : { title, description };
}

/** Reads the whole form. Returns the terms, or a sentence for each problem. */
export function readDropForm(form: DropForm, currency: string): DropTerms | readonly string[] {
  const title = singleLine(form.title);
  const description = severalLines(form.description);
  const price = readPrice(form.price, currency);
  const quantity = readQuantity(form.quantity);
  const problems = [
    ...titleProblems(title),
    ...[price, quantity].filter((read) => typeof read === "string"),
    ...descriptionProblems(description),
  ];
  if (typeof price === "string" || typeof quantity === "string" || problems.length > 0) {
    return problems;
  }
  return { title, price, quantity, description };
}

function titleProblems(title: string): string[] {
  if (title === "") return ["Title: write what it is."];
  if (lengthOf(title) <= MAX_TITLE_LENGTH) return [];
  return [`Title: at most ${MAX_TITLE_LENGTH} characters.`];
}

function descriptionProblems(description: string): string[] {
  if (lengthOf(description) <= MAX_DESCRIPTION_LENGTH) return [];
  return [`Description: at most ${MAX_DESCRIPTION_LENGTH} characters.`];
}

/** Characters as Discord's forms count them. */
function lengthOf(text: string): number {
  return Array.from(text).length;
}

function shorten(text: string): string {
  return text.length > 20 ? `${text.slice(0, 19)}…` : text;
}
