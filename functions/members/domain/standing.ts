/**
 * Someone's state in a role that staff grant and revoke, such as builder or host:
 * - `unproved`: they have not met the role's requirement yet;
 * - `awaiting`: they have met it, and staff have not decided yet;
 * - `approved`: the only state in which they may act in the role;
 * - `declined`, `suspended`, `removed`: staff have decided so.
 */
export const standingStates = [
  "unproved",
  "awaiting",
  "approved",
  "declined",
  "suspended",
  "removed",
] as const;
export type StandingState = (typeof standingStates)[number];

/** Someone's standing as it is stored. */
export interface Standing {
  readonly state: StandingState;
  /** The reason that the deciding staff member wrote. */
  readonly reason: string | undefined;
  /** Counts its changes, so that a decision about an earlier version is recognized as out of date. */
  readonly version: number;
}

/** The standing of someone who has never asked for the role. */
export const UNREGISTERED = { state: "unregistered", reason: undefined, version: 0 } as const;
/** Anyone's standing in a role. */
export type AnyStanding = Standing | typeof UNREGISTERED;

/** Whether someone may act in a role. */
export function isApproved(standing: AnyStanding | undefined): boolean {
  return standing?.state === "approved";
}

/** Whether a builder may see to what they have sold; someone who is suspended may, and sells nothing new. */
export function mayFulfil(standing: AnyStanding | undefined): boolean {
  return isApproved(standing) || standing?.state === "suspended";
}

/** What staff may decide about someone's standing. */
export const standingDecisions = ["approve", "decline", "suspend", "restore", "remove"] as const;
export type StandingDecision = (typeof standingDecisions)[number];

/** The state to which each decision leads, from each state in which it may be taken. */
export type StandingTable = Readonly<
  Record<StandingDecision, Partial<Readonly<Record<AnyStanding["state"], StandingState>>>>
>;

/**
 * What staff may decide about builders. Someone who was removed comes back by registering again, so
 * restoring them only lets them do that.
 */
export const builderDecisions: StandingTable = {
  approve: { awaiting: "approved", declined: "approved" },
  decline: { awaiting: "declined" },
  suspend: { approved: "suspended" },
  restore: { suspended: "approved", removed: "unproved" },
  remove: {
    unproved: "removed",
    awaiting: "removed",
    approved: "removed",
    declined: "removed",
    suspended: "removed",
  },
};

/** What staff may decide about hosts of races. They may approve anyone, even without a request. */
export const hostDecisions: StandingTable = {
  approve: {
    unregistered: "approved",
    awaiting: "approved",
    declined: "approved",
    removed: "approved",
  },
  decline: { awaiting: "declined" },
  suspend: { approved: "suspended" },
  restore: { suspended: "approved" },
  remove: {
    awaiting: "removed",
    approved: "removed",
    declined: "removed",
    suspended: "removed",
  },
};

/** The longest reason that is stored: the limit of a text field in our forms. */
export const MAX_REASON_LENGTH = 300;

/** The state to which a decision leads; undefined if it cannot be taken. */
export function stateAfter(
  table: StandingTable,
  state: AnyStanding["state"],
  decision: StandingDecision,
): StandingState | undefined {
  return table[decision][state];
}
