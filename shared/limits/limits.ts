/** How often one person may do something. */
export interface Limit {
  /** What is counted, as shown to the user: "30 drops an hour". */
  readonly of: string;
  readonly most: number;
  readonly windowMs: number;
  /** What counts, for `docs/reference/commands.md`. */
  readonly counts: string;
  /**
   * What happens while Redis, which counts uses, does not answer. Uses that hold stock are refused; others are
   * allowed, because Firestore limits them as well or staff can undo them.
   */
  readonly withoutRedis: "allow" | "refuse";
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * Every limit per person, in a sliding window. A use counts until it leaves the window, whatever its outcome: giving
 * a unit back does not free a use. Announcements count when they are posted, everything else when it is requested.
 */
export const limits = {
  reservations: {
    of: "reservations",
    most: 20,
    windowMs: HOUR_MS,
    counts: "reservations by Buy Now, or for someone by `create-checkout`",
    withoutRedis: "refuse",
  },
  announcements: {
    of: "announcements",
    most: 12,
    windowMs: DAY_MS,
    counts: "posted drop alerts and hangouts; a refusal uses up nothing",
    withoutRedis: "allow",
  },
  goLives: {
    of: "uses of `/c500 live`",
    most: 60,
    windowMs: HOUR_MS,
    counts: "the command",
    withoutRedis: "allow",
  },
  registrations: {
    of: "registrations",
    most: 10,
    windowMs: HOUR_MS,
    counts: "`/c500 register`",
    withoutRedis: "allow",
  },
  myData: {
    of: "uses of `/c500 my-data`",
    most: 3,
    windowMs: HOUR_MS,
    counts: "the command, which reads up to some thousand documents",
    withoutRedis: "allow",
  },
  dropForms: {
    of: "opened drop forms",
    most: 120,
    windowMs: HOUR_MS,
    counts: "`/c500 drop`",
    withoutRedis: "allow",
  },
  drops: {
    of: "drops",
    most: 60,
    windowMs: HOUR_MS,
    counts: "forms that were sent",
    withoutRedis: "allow",
  },
  dropEdits: {
    of: "edits of drops",
    most: 60,
    windowMs: HOUR_MS,
    counts: "forms that were sent",
    withoutRedis: "allow",
  },
  waits: {
    of: "presses of Notify me",
    most: 60,
    windowMs: HOUR_MS,
    counts: "the button under a drop that is sold out",
    withoutRedis: "allow",
  },
  refunds: {
    of: "refunds",
    most: 60,
    windowMs: HOUR_MS,
    counts: "`/c500 refund`",
    withoutRedis: "allow",
  },
  requests: {
    of: "requests about orders",
    most: 20,
    windowMs: HOUR_MS,
    counts: "`/c500 cancel` and `/c500 wait`",
    withoutRedis: "allow",
  },
  auctions: {
    of: "auctions",
    most: 60,
    windowMs: HOUR_MS,
    counts: "`/c500 auction start` and `rerun`",
    withoutRedis: "allow",
  },
  boards: {
    of: "additional auction boards",
    most: 60,
    windowMs: HOUR_MS,
    counts: "`/c500 auction show`",
    withoutRedis: "allow",
  },
  lobbies: {
    of: "lobbies",
    most: 20,
    windowMs: HOUR_MS,
    counts: "`/race lobby` and `/race again`",
    withoutRedis: "allow",
  },
  seats: {
    of: "presses of Join and Leave",
    most: 30,
    windowMs: 10 * MINUTE_MS,
    counts: "the buttons under a lobby",
    withoutRedis: "allow",
  },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof limits;

/** The names of all limits. */
export const limitNames = Object.keys(limits) as LimitName[];

/**
 * How many unpaid orders one person may have at once, over all drops. The Firestore commit that reserves units counts
 * them.
 */
export const MAX_OPEN_RESERVATIONS = 5;

/** The shortest time between two drop alerts, across all builders. */
export const DROP_ALERT_INTERVAL_MS = 10 * MINUTE_MS;

/** Whether a use is allowed now and, if not, when it will be; `retryAt` is undefined if that is unknown. */
export type Admission =
  | { readonly isAllowed: true }
  | { readonly isAllowed: false; readonly retryAt: Date | undefined };
