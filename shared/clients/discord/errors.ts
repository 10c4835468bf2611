/** Discord refused a call. Contains no token and no message text. */
export class DiscordError extends Error {
  override name = "DiscordError";
  readonly code: number;
  readonly status: number;
  /** How long Discord asks to wait; undefined if a rate limit is not the reason. */
  readonly retryAfterMs: number | undefined;

  constructor(
    { method, route }: { method: string; route: string },
    status: number,
    code: number,
    reason: string,
    retryAfterMs?: number,
  ) {
    super(`${method} ${route} was refused with ${status}, code ${code}: ${reason}`);
    this.code = code;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }

  /** Whether a retry cannot help: every 4xx except a bad token, a timeout and a rate limit. */
  get isTerminal(): boolean {
    if (this.code === TOO_MANY_OLD_EDITS_CODE) return false;
    return this.status >= 400 && this.status < 500 && !PASSING_STATUSES.has(this.status);
  }

  /** Whether the user accepts no DMs, shares no server with us, or no longer exists. */
  get isClosedDm(): boolean {
    return CLOSED_DM_CODES.has(this.code);
  }

  /** Whether the interaction's token has expired. */
  get isExpiredInteraction(): boolean {
    return this.code === EXPIRED_INTERACTION_CODE;
  }

  /** Whether Discord has no answer yet to edit; ours may still be on its way. */
  get isUnansweredInteraction(): boolean {
    return UNANSWERED_INTERACTION_CODES.has(this.code);
  }

  /** Whether the message or the user no longer exists. */
  get isUnknown(): boolean {
    return UNKNOWN_CODES.has(this.code);
  }

  /** Whether they are not in that server, or no longer exist. */
  get isUnknownMember(): boolean {
    return UNKNOWN_MEMBER_CODES.has(this.code);
  }

  /** Whether the channel is gone, or we may not see it or post in it. */
  get isUnusableChannel(): boolean {
    return UNUSABLE_CHANNEL_CODES.has(this.code);
  }
}

/** https://discord.com/developers/docs/topics/opcodes-and-status-codes#json-json-error-codes */
const CLOSED_DM_CODES = new Set([10013, 50007, 50278]);
const PASSING_STATUSES = new Set([401, 408, 429]);
/** Discord limits edits of messages older than an hour; a later edit succeeds. */
const TOO_MANY_OLD_EDITS_CODE = 30046;
const EXPIRED_INTERACTION_CODE = 50027;
const UNANSWERED_INTERACTION_CODES = new Set([10008, 10015, 10062]);
const UNKNOWN_CODES = new Set([10008, 10013]);
const UNKNOWN_MEMBER_CODES = new Set([10007, 10013]);
const UNUSABLE_CHANNEL_CODES = new Set([10003, 50001, 50013]);
