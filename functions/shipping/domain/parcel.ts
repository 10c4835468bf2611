import { snowflakeTimeMs } from "../../../shared/discord/snowflake.ts";
import type { DocumentOf } from "../../../shared/documents/define-document.ts";
import type { StreamReport } from "../../members/domain/stream.ts";
import type { parcelDocument } from "../documents/parcel.ts";
import { PICKUP } from "./terms.ts";

/**
 * What is sent together: lines of one or more orders of one buyer from one builder. `open`: it waits to be sent.
 * `sent`, then `arrived`. `canceled`: nothing is left to send.
 */
export type Parcel = DocumentOf<typeof parcelDocument>;

/** The state of a parcel. */
export type ParcelState = Parcel["state"];

const HOUR_MS = 3_600_000;
/** Twitch ends a stream after 48 hours: https://help.twitch.tv/s/article/guide-to-broadcast-health-and-using-twitch-inspector */
const MAX_STREAM_MS = 48 * HOUR_MS;
export const DAY_MS = 24 * HOUR_MS;
/** Without a word from the buyer a parcel counts as arrived this many days after it was sent. */
export const ARRIVAL_DAYS = 14;
/** This many days after it was sent the buyer is asked whether it arrived. */
export const ARRIVAL_QUESTION_DAYS = 12;
/** The builder is reminded this long before a parcel must be sent. */
export const REMINDER_MS = 2 * DAY_MS;
/** A buyer may ask to wait with a parcel for this long. */
export const MAX_WAIT_DAYS = 30;
/** This long after a parcel should have been sent its buyer may cancel. */
export const LATE_DAYS = 7;

/**
 * When a parcel takes no more orders: a time after the end of the stream in which it was opened. Undefined while that
 * stream is live.
 */
export function bundleEnd(
  { streamId, bundleHours, openedAt }: Pick<Parcel, "streamId" | "bundleHours" | "openedAt">,
  report: StreamReport,
): Date | undefined {
  if (streamId === undefined || bundleHours === 0) return openedAt;
  const latest = openedAt.getTime() + MAX_STREAM_MS;
  if (report.isLive && report.streamId === streamId) return undefined;
  const endedAt = Math.min(report.at?.getTime() ?? latest, latest);
  return new Date(endedAt + bundleHours * HOUR_MS);
}

/** Whether a command is older than a parcel: it was about the one that this one replaces. */
export function wasMeantForEarlier(
  commandId: string,
  { openedAt }: Pick<Parcel, "openedAt">,
): boolean {
  return snowflakeTimeMs(commandId) < openedAt.getTime();
}

/** When a parcel must be sent whose buyer asked to wait until a time: never earlier than before. */
export function dispatchAfter({ dispatchBy }: Pick<Parcel, "dispatchBy">, waitUntil: Date): Date {
  return new Date(Math.max(dispatchBy.getTime(), waitUntil.getTime() + REMINDER_MS));
}

/** From when on the buyer of an unsent parcel may cancel without the builder's answer. */
export function lateFrom({ dispatchBy }: Pick<Parcel, "dispatchBy">): Date {
  return new Date(dispatchBy.getTime() + LATE_DAYS * DAY_MS);
}

/** Whether a parcel takes another order of its buyer. */
export function takesMore(parcel: Parcel, report: StreamReport, now: Date): boolean {
  if (parcel.state !== "open" || parcel.destination === PICKUP) return false;
  const end = bundleEnd(parcel, report);
  const latest = parcel.openedAt.getTime() + MAX_STREAM_MS + parcel.bundleHours * HOUR_MS;
  return (end === undefined || now < end) && now.getTime() < latest;
}

/**
 * Why a parcel may not be sent. Some are strict: `not-open`, `empty`, `unpaid`,
 * `disputed`, and `unproved`, because held money would go back to the buyer. Of the others the
 * builder can decide otherwise: `bundle-open`, the buyer may still add to it; `buyer-asked`, the buyer asked to wait;
 * `price-wrong`, its shipping was
 * paid for another address: a cheaper country, or a parcel that goes elsewhere.
 */
export type HoldReason =
  | "not-open"
  | "empty"
  | "unpaid"
  | "disputed"
  | "unproved"
  | "bundle-open"
  | "buyer-asked"
  | "price-wrong";

const ADVICE: ReadonlySet<HoldReason> = new Set(["bundle-open", "buyer-asked", "price-wrong"]);

/** What of an order decides whether it may be sent. */
export interface ShippableOrder {
  readonly isPaid: boolean;
  /** Its money went back, or is to go back, in full. */
  readonly isReturned: boolean;
  readonly isDisputed: boolean;
  /** Its money is held until it was built on stream, and it was not. */
  readonly isUnproved: boolean;
}

/** Every reason not to send a parcel now, the strictest first. */
export function holdsOf(
  parcel: Parcel,
  orders: readonly ShippableOrder[],
  { report, now }: { readonly report: StreamReport; readonly now: Date },
): readonly HoldReason[] {
  if (parcel.state !== "open") return ["not-open"];
  const left = orders.filter(({ isReturned }) => !isReturned);
  const reasons: HoldReason[] = [];
  if (left.length === 0) reasons.push("empty");
  if (left.some(({ isPaid }) => !isPaid)) reasons.push("unpaid");
  if (left.some(({ isDisputed }) => isDisputed)) reasons.push("disputed");
  if (left.some(({ isUnproved }) => isUnproved)) reasons.push("unproved");
  if (parcel.waitUntil && now < parcel.waitUntil) reasons.push("buyer-asked");
  if (parcel.isPriceWrong) reasons.push("price-wrong");
  if (parcel.streamId !== undefined && takesMore(parcel, report, now)) reasons.push("bundle-open");
  return reasons;
}

/** The reasons that remain when the builder says that it is to be sent anyway. */
export function strict(reasons: readonly HoldReason[]): readonly HoldReason[] {
  return reasons.filter((reason) => !ADVICE.has(reason));
}

const MOVES: Readonly<Record<ParcelState, readonly ParcelState[]>> = {
  open: ["sent", "canceled"],
  sent: ["arrived", "canceled"],
  arrived: [],
  canceled: [],
};

/** Whether a parcel may go from one state to another. */
export function canMove(from: ParcelState, to: ParcelState): boolean {
  return MOVES[from].includes(to);
}
