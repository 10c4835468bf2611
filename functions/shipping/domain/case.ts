import type { DocumentOf } from "../../../shared/documents/define-document.ts";
import type { caseDocument } from "../documents/case.ts";
import { DAY_MS, type Parcel } from "./parcel.ts";

/** A buyer says that something is wrong with an order. */
export type Case = DocumentOf<typeof caseDocument>;

/** The state of a case. */
export type CaseState = Case["state"];

/** Who moves a case. */
export type CaseActor = Case["movedBy"];

/** What somebody does about a case. */
export type CaseMove = "answer" | "refund" | "replace" | "close" | "withdraw" | "escalate";

/** What is wrong, as people choose and read it. */
export const caseKindWords: Readonly<Record<Case["kind"], string>> = {
  "not-arrived": "it hasn't arrived",
  damaged: "it's damaged",
  "not-as-described": "it isn't what was described",
};

/** A report has at most this many pictures. */
export const CASE_PICTURES = 4;
/** They are deleted so long after the end of its case. */
export const CASE_PICTURE_DAYS = 30;
/** A builder has so long to answer, then staff decide. */
export const CASE_ANSWER_DAYS = 3;
/** A buyer has so long to be unhappy with an answer. */
export const ANSWER_STANDS_DAYS = 7;
/** Staff are reminded of a case that waits for them once a day, this often. */
export const CASE_REMINDERS = 7;
/** For so long after its arrival, or after it was sent, something can be wrong with a parcel. */
export const ARRIVED_DAYS = 30;
export const SENT_DAYS = 60;

/** The states in which a case waits for somebody. */
export const liveCaseStates: readonly CaseState[] = ["open", "answered", "escalated"];

/** Who may make a move, and from which states. Builders' decisions end with staff's: what is escalated is theirs. */
const MOVES: Readonly<
  Record<CaseMove, Partial<Record<CaseActor, readonly CaseState[]>> & { readonly to: CaseState }>
> = {
  answer: { to: "answered", builder: ["open", "answered"] },
  refund: {
    to: "settled",
    builder: liveCaseStates,
    staff: liveCaseStates,
    refund: liveCaseStates,
  },
  replace: { to: "settled", builder: liveCaseStates, staff: liveCaseStates },
  close: { to: "settled", staff: liveCaseStates, time: ["answered"], bank: liveCaseStates },
  withdraw: { to: "withdrawn", buyer: liveCaseStates },
  escalate: { to: "escalated", buyer: ["answered"], builder: ["open", "answered"], time: ["open"] },
};

/** Whether a case waits for somebody. Until then its parcel does not count as arrived by itself. */
export function isLive({ state }: Pick<Case, "state">): boolean {
  return liveCaseStates.includes(state);
}

/** The state after a move; undefined if that actor may not make it from that state. */
export function movedCase(from: CaseState, move: CaseMove, by: CaseActor): CaseState | undefined {
  return MOVES[move][by]?.includes(from) ? MOVES[move].to : undefined;
}

/** How a move settles a case; undefined if it does not. */
export function outcomeOf(move: CaseMove): Case["outcome"] {
  if (move === "refund" || move === "replace") return move;
  return move === "close" ? "none" : undefined;
}

/** Whether a case is as an actor's move left it: the same move again is a repeat, and changes nothing. */
export function isLeftBy(
  { state, movedBy, outcome, answer }: Pick<Case, "state" | "movedBy" | "outcome" | "answer">,
  {
    move,
    by,
    text,
  }: { readonly move: CaseMove; readonly by: CaseActor; readonly text?: string | undefined },
): boolean {
  const isThere = movedBy === by && state === MOVES[move].to && outcome === outcomeOf(move);
  return isThere && (move !== "answer" || answer === text);
}

/** When silence moves a case on: to staff while it is open, to its end once it is answered. */
export function caseDeadline(state: CaseState, now: Date): Date | undefined {
  if (state === "open") return new Date(now.getTime() + CASE_ANSWER_DAYS * DAY_MS);
  if (state === "answered") return new Date(now.getTime() + ANSWER_STANDS_DAYS * DAY_MS);
  return undefined;
}

/** For how many days a case has waited for staff; undefined where it does not. */
export function daysAtStaff(
  { state, moves }: Pick<Case, "state" | "moves">,
  now: Date,
): number | undefined {
  const since = moves.at(-1)?.at;
  if (state !== "escalated" || !since) return undefined;
  return Math.max(0, Math.floor((now.getTime() - since.getTime()) / DAY_MS));
}

/** When staff are reminded next of a case; undefined where it does not wait for them, and after the last reminder. */
export function nextCaseReminder(
  found: Pick<Case, "state" | "moves">,
  now: Date,
): Date | undefined {
  const days = daysAtStaff(found, now);
  const since = found.moves.at(-1)?.at;
  if (days === undefined || !since || days >= CASE_REMINDERS) return undefined;
  return new Date(since.getTime() + (days + 1) * DAY_MS);
}

/** When the copies of a case's pictures are deleted; undefined while it is not over, or there are none. */
export function picturesEnd(
  { state, pictures }: Pick<Case, "state" | "pictures">,
  now: Date,
): Date | undefined {
  if (isLive({ state }) || pictures.length === 0) return undefined;
  return new Date(now.getTime() + CASE_PICTURE_DAYS * DAY_MS);
}

/** Why no case can be opened about a parcel; undefined if one can. */
export function findCaseObstacle(
  { state, sentAt, arrivedAt }: Pick<Parcel, "state" | "sentAt" | "arrivedAt">,
  known: Pick<Case, "state"> | undefined,
  now: Date,
): "not-sent" | "too-late" | "known" | "over" | undefined {
  if (known && isLive(known)) return "known";
  if (known?.state === "settled") return "over";
  if (!sentAt || !["sent", "arrived"].includes(state)) return "not-sent";
  const end = arrivedAt
    ? arrivedAt.getTime() + ARRIVED_DAYS * DAY_MS
    : sentAt.getTime() + SENT_DAYS * DAY_MS;
  return now.getTime() > end ? "too-late" : undefined;
}
