import { mustHold } from "../../../rules.ts";
import type { Stage } from "../../../stage.ts";
import { marketOf, type Shipment } from "../../shop/market.ts";
import type { StoredParcel } from "../parcels.ts";
import { timeOf } from "../sending/interaction-times.ts";

/** A command is carried out within this time, even if it is delivered again. */
const DONE_WITHIN_MS = 15 * 60_000;
/** The most by which an instance's clock may be ahead. */
const SKEW_MS = 2_000;
/** What the answers to commands that had an effect say. */
const ACCEPTED = /is on its way to|is ready|has a new tracking number/;
/** What a repeat is answered once the order is sent again; an earlier delivery may have had an effect. */
const REPLACED = /is being sent again/;
/** What a line of the answer to several begins with if it had an effect. */
const ACCEPTED_LINE = /^✅/u;

/** A command or a line that gave a number, or may have given one to this parcel. */
export interface GivenNumber {
  /** The smallest id that it may have. */
  readonly id: string;
  /** The greatest. */
  readonly toId: string;
  readonly tracking: string;
  /** Whether it gave the number to this parcel for certain. */
  readonly isCertain: boolean;
}

/** S9 of docs/invariants.md, of all parcels. */
export function checkNumbers(stage: Stage, parcels: readonly StoredParcel[]): void {
  const packedAt = readHistory(stage);
  const carriedOutAt = readSendings(stage);
  for (const parcel of parcels) {
    checkNumber(parcel, numbersOf(stage, parcel.id, packedAt, carriedOutAt));
    checkAge(parcel);
  }
}

/** S9: a parcel has the number of the newest accepted command that gave one. */
export function checkNumber(
  { id, tracking }: Pick<StoredParcel, "id" | "tracking">,
  given: readonly GivenNumber[],
): void {
  const certain = given.filter(({ isCertain }) => isCertain);
  const newest = given.filter(({ toId }) => !certain.some((other) => other.id > toId));
  const expected = newest.map((each) => each.tracking.replaceAll(" ", ""));
  const mayHaveNone = certain.length === 0 && tracking === undefined;
  const isRight = mayHaveNone || (tracking !== undefined && expected.includes(tracking));
  mustHold("S9", isRight, () => `the number of parcel ${id} is ${tracking}, not ${expected}`);
}

/** S9: what was typed before an order was packed again was not meant for its new parcel. */
export function checkAge({
  id,
  changeId,
  openedAtMs,
}: Pick<StoredParcel, "id" | "changeId" | "openedAtMs">): void {
  if (changeId === undefined || !id.includes("-again-")) return;
  const isNewer = timeOf(changeId) + SKEW_MS >= openedAtMs;
  mustHold("S9", isNewer, () => `parcel ${id} was sent by ${changeId}, which is older than it`);
}

type History = ReadonlyMap<string, readonly { readonly atMs: number; readonly parcelId: string }[]>;

/** The parcels that each order was in, and from when on. */
function readHistory({ record }: Stage): History {
  const history = new Map<string, { readonly atMs: number; readonly parcelId: string }[]>();
  for (const entry of record.entries()) {
    if (entry.kind !== "commit") continue;
    for (const { path, after } of entry.changes()) {
      const [, orderId] = /^orders\/([^/]+)$/.exec(path) ?? [];
      const parcelId = after?.["parcel_id"];
      if (orderId === undefined || typeof parcelId !== "string") continue;
      const known = history.get(orderId) ?? [];
      if (known.at(-1)?.parcelId === parcelId) continue;
      history.set(orderId, [...known, { atMs: entry.atMs, parcelId }]);
    }
  }
  return history;
}

/** When each command that gave a number, by its id, was last carried out. */
function readSendings({ record }: Stage): ReadonlyMap<string, number> {
  const sendings = new Map<string, number>();
  for (const entry of record.entries()) {
    if (entry.kind !== "commit") continue;
    for (const { path, before, after } of entry.changes()) {
      const id = after?.["number_change_id"];
      if (!path.startsWith("parcels/") || typeof id !== "string") continue;
      if (before?.["number_change_id"] !== id) sendings.set(id, entry.atMs);
    }
  }
  return sendings;
}

function numbersOf(
  stage: Stage,
  parcelId: string,
  history: History,
  carriedOutAt: ReadonlyMap<string, number>,
): readonly GivenNumber[] {
  return marketOf(stage).shipments.flatMap((shipment) => {
    const { id, toId = id, tracking } = shipment;
    const meant = meantBy(shipment, history);
    const isDone = isAccepted(stage, shipment, carriedOutAt.get(id));
    if (tracking === undefined || isDone === false || !meant.includes(parcelId)) return [];
    const isCertain = isDone === true && meant.length === 1;
    return [{ id, toId, tracking, isCertain }];
  });
}

/** The parcels that a command may have meant: that of the order it names while it was carried out. */
function meantBy({ id, toId, named }: Shipment, history: History): readonly string[] {
  const fromMs = timeOf(id) - SKEW_MS;
  const untilMs = toId === undefined ? fromMs + DONE_WITHIN_MS : timeOf(toId);
  const known = history.get(named) ?? [];
  const meant = known.flatMap(({ atMs, parcelId }, index) => {
    const leftAtMs = known[index + 1]?.atMs ?? Number.POSITIVE_INFINITY;
    return atMs <= untilMs && leftAtMs >= fromMs ? [parcelId] : [];
  });
  // An order of no parcel is taken for a parcel's name.
  return meant.length > 0 ? meant : [named];
}

/** Whether a command had an effect; undefined if nobody knows. */
function isAccepted(
  { discord }: Stage,
  { id, toId, isDone, line }: Shipment,
  carriedOutAtMs = 0,
): boolean | undefined {
  if (toId !== undefined) return isDone;
  const answer = discord.interaction(id)?.original;
  // A command that was answered after its token had expired is still "thinking".
  if (!answer || (answer.content === "" && answer.embeds.length === 0)) return undefined;
  // A second delivery may carry out what the first one has refused, and fail before it can answer. Pub/Sub does not
  // deliver a message again that one delivery has acknowledged.
  if (carriedOutAtMs > Date.parse(answer.edited_timestamp ?? answer.timestamp)) return undefined;
  if (line === undefined) {
    return REPLACED.test(answer.content) ? undefined : ACCEPTED.test(answer.content);
  }
  const [embed] = answer.embeds as readonly { readonly description?: string }[];
  const text = embed?.description?.split("\n")[line] ?? "";
  return REPLACED.test(text) ? undefined : ACCEPTED_LINE.test(text);
}
