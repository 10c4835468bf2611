import type { LocalClock } from "../kit/clock.ts";
import { DiscordError } from "./discord-error.ts";

/** A number of calls per time window. The first call opens the window. */
interface Allowance {
  readonly limit: number;
  readonly windowMs: number;
}

/** Calls that share an allowance; the pattern's capture is the resource that is counted. */
interface Bucket extends Allowance {
  readonly name: string;
  readonly call: RegExp;
}

// https://discord.com/developers/docs/topics/rate-limits#global-rate-limit
const GLOBAL: Allowance = { limit: 50, windowMs: 1_000 };

/** Calls about interactions and sign-ins need no bot token and do not count towards the global limit. */
const WITHOUT_BOT = /^[A-Z]+ \/(?:interactions|webhooks|oauth2)\//;

/**
 * The limits that affect this application. Discord does not publish the numbers and asks clients to
 * read the response headers; these are the numbers that its headers reported at the time of
 * writing.
 */
const BUCKETS: readonly Bucket[] = [
  { name: "create", call: /^POST \/channels\/(\d+)\/messages$/, limit: 5, windowMs: 5_000 },
  { name: "edit", call: /^PATCH \/channels\/(\d+)\/messages\/\d+$/, limit: 5, windowMs: 5_000 },
  { name: "delete", call: /^DELETE \/channels\/(\d+)\/messages\/\d+$/, limit: 5, windowMs: 1_000 },
  // Nothing is known of the numbers for pins; these are cautious.
  {
    name: "pin",
    call: /^(?:PUT|DELETE) \/channels\/(\d+)\/messages\/pins\/\d+$/,
    limit: 5,
    windowMs: 5_000,
  },
  // The same of servers' events.
  {
    name: "server-event",
    call: /^(?:POST|PATCH|DELETE) \/guilds\/(\d+)\/scheduled-events/,
    limit: 5,
    windowMs: 5_000,
  },
  { name: "follow", call: /^POST (\/webhooks\/\d+\/[^/]+)$/, limit: 5, windowMs: 2_000 },
  {
    name: "answer",
    call: /^(?:GET|PATCH|DELETE) (\/webhooks\/\d+\/[^/]+)\/messages\//,
    limit: 5,
    windowMs: 2_000,
  },
  // Nothing is known of the numbers for sign-ins; these are cautious.
  { name: "oauth", call: /^POST \/(oauth2)\/token(?:\/revoke)?$/, limit: 50, windowMs: 5_000 },
];

/** Edits per channel of messages older than an hour; the number comes from bots' reports. */
const OLD_EDITS: Allowance = { limit: 3, windowMs: 20_000 };
const TOO_MANY_OLD_EDITS = 30046;

/** A 429 response, its headers and how long to wait. */
export class RateLimitError extends DiscordError {
  readonly retryAfterMs: number;
  readonly scope: "user" | "global" | "shared";

  constructor(
    retryAfterMs: number,
    scope: RateLimitError["scope"],
    code = 0,
    message = "You are being rate limited.",
  ) {
    super(429, code, message);
    this.retryAfterMs = retryAfterMs;
    this.scope = scope;
  }

  /** https://discord.com/developers/docs/topics/rate-limits#exceeding-a-rate-limit */
  headers(): Record<string, string> {
    const isOfBucket = this.scope === "user" && this.code === 0;
    return {
      "Retry-After": String(Math.ceil(this.retryAfterMs / 1_000)),
      "X-RateLimit-Scope": this.scope,
      ...(isOfBucket && {
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset-After": (this.retryAfterMs / 1_000).toFixed(3),
      }),
      ...(this.scope === "global" ? { "X-RateLimit-Global": "true" } : {}),
    };
  }

  override body(): object {
    return {
      message: this.message,
      retry_after: this.retryAfterMs / 1_000,
      global: this.scope === "global",
      ...(this.code === 0 ? {} : { code: this.code }),
    };
  }
}

/** Counts calls against the limits, by the local clock. */
export class RateLimits {
  #clock: LocalClock;
  #windows = new Map<string, { endsAtMs: number; used: number }>();

  constructor(clock: LocalClock) {
    this.#clock = clock;
  }

  /**
   * Counts a call such as "POST /channels/1/messages" and passes the response headers to
   * `setHeaders`. Throws RateLimitError when the call exceeds a limit.
   */
  count(call: string, setHeaders: (headers: Record<string, string>) => void): void {
    if (!WITHOUT_BOT.test(call)) {
      const { allowed, resetAfterMs } = this.#take("global", GLOBAL);
      if (!allowed) throw new RateLimitError(resetAfterMs, "global");
    }
    const bucket = BUCKETS.find((each) => each.call.test(call));
    const resource = bucket?.call.exec(call)?.[1];
    if (!bucket || !resource) return;
    const { allowed, remaining, resetAfterMs } = this.#take(`${bucket.name} ${resource}`, bucket);
    setHeaders({
      "X-RateLimit-Limit": String(bucket.limit),
      "X-RateLimit-Remaining": String(remaining),
      "X-RateLimit-Reset": ((this.#clock.nowMs() + resetAfterMs) / 1_000).toFixed(3),
      "X-RateLimit-Reset-After": (resetAfterMs / 1_000).toFixed(3),
      "X-RateLimit-Bucket": Buffer.from(bucket.name.padEnd(16, ".")).toString("hex"),
    });
    if (!allowed) throw new RateLimitError(resetAfterMs, "user");
  }

  /**
   * Counts an edit of a message that is older than an hour. Throws 30046 when there were too many.
   */
  countOldEdit(channelId: string): void {
    const { allowed, resetAfterMs } = this.#take(`old ${channelId}`, OLD_EDITS);
    if (allowed) return;
    const message =
      "Maximum number of edits to messages older than 1 hour reached. Try again later.";
    throw new RateLimitError(resetAfterMs, "user", TOO_MANY_OLD_EDITS, message);
  }

  #take(key: string, { limit, windowMs }: Allowance) {
    const nowMs = this.#clock.nowMs();
    const open = this.#windows.get(key);
    const window = open && open.endsAtMs > nowMs ? open : { endsAtMs: nowMs + windowMs, used: 0 };
    this.#windows.set(key, window);
    const allowed = window.used < limit;
    if (allowed) window.used += 1;
    return { allowed, remaining: limit - window.used, resetAfterMs: window.endsAtMs - nowMs };
  }
}
