import type { FunctionName } from "../../../../../functions/manifest.ts";

/** What a message or task says, as far as documents are named after it. */
export type Body = Readonly<Record<string, unknown>>;

/**
 * The documents that functions name after what they handle: one of a function's is stored once it has run. Functions
 * that are not listed find a repeat by the state of what they change.
 */
const MARKERS: Partial<Record<FunctionName, (body: Body) => readonly string[]>> = {
  notice: ({ id }) => [`processed/${id}`],
  announcement: ({ goLiveId }) => [`processed/announcement:${goLiveId}`],
  "go-live": ({ id }) => [`go_lives/${id}`, `processed/go-live-refusal:${id}`],
  "race-control": ({ id }) => [`processed/race-command:${id}`],
  wallet: ({ id }) => [
    `payouts/${id}`,
    `processed/payout-refusal:${id}`,
    `processed/payout-request:${id}`,
  ],
  commission: ({ id }) => [`sales/${id}`],
};

/** The paths of the documents that show that a function has handled a message; undefined if it keeps none. */
export function markersOf(functionName: string, body: Body): readonly string[] | undefined {
  return MARKERS[functionName as FunctionName]?.(body);
}
