import { randomBytes } from "node:crypto";
import type { LocalClock } from "../kit/clock.ts";
import type { KeptState } from "../kit/kept-state.ts";

/** About sixty days: https://dev.twitch.tv/docs/authentication/ */
const LIFETIME_MS = 60 * 24 * 3_600_000;
/** About four hours, and thirty days for what renews it. */
const USER_LIFETIME_MS = 4 * 3_600_000;
const REFRESH_LIFETIME_MS = 30 * 24 * 3_600_000;

interface Token {
  readonly endsAtMs: number;
  /** Whose it is; an app token is nobody's. */
  readonly userId?: string;
}

/** A token as it is handed out. */
interface IssuedToken {
  readonly token: string;
  readonly expiresInSeconds: number;
}

/** The tokens that have been given out and still open the door. */
export class Tokens {
  #clock: LocalClock;
  #access = new Map<string, Token>();
  #refresh = new Map<string, Required<Token>>();

  constructor(clock: LocalClock) {
    this.#clock = clock;
  }

  keepIn(state: KeptState): void {
    state.maps("twitch.tokens", { access: this.#access, refresh: this.#refresh });
  }

  /** A token of the application. */
  issue(): IssuedToken {
    const token = randomBytes(15).toString("hex");
    this.#access.set(token, { endsAtMs: this.#clock.nowMs() + LIFETIME_MS });
    return { token, expiresInSeconds: LIFETIME_MS / 1000 };
  }

  /** A token of a user, and what renews it. */
  issueTo(userId: string): IssuedToken & { readonly refreshToken: string } {
    const token = randomBytes(15).toString("hex");
    const refreshToken = randomBytes(25).toString("hex");
    const nowMs = this.#clock.nowMs();
    this.#access.set(token, { userId, endsAtMs: nowMs + USER_LIFETIME_MS });
    this.#refresh.set(refreshToken, { userId, endsAtMs: nowMs + REFRESH_LIFETIME_MS });
    return { token, refreshToken, expiresInSeconds: USER_LIFETIME_MS / 1000 };
  }

  /** Renews a user's token; each refresh token serves once. Undefined for one that is worthless. */
  renew(refreshToken: string): ReturnType<Tokens["issueTo"]> | undefined {
    const known = this.#refresh.get(refreshToken);
    if (!known || known.endsAtMs <= this.#clock.nowMs()) return undefined;
    this.#refresh.delete(refreshToken);
    return this.issueTo(known.userId);
  }

  /** How long the token is still good for; undefined when it is not. */
  secondsLeft(token: string): number | undefined {
    const leftMs = (this.#access.get(token)?.endsAtMs ?? 0) - this.#clock.nowMs();
    return leftMs > 0 ? Math.floor(leftMs / 1000) : undefined;
  }

  /** Whose token it is; undefined for the application's own. */
  userOf(token: string): string | undefined {
    return this.#access.get(token)?.userId;
  }

  /** False when there was nothing to revoke. */
  revoke(token: string): boolean {
    return this.secondsLeft(token) !== undefined && this.#access.delete(token);
  }

  /** Every token is worthless from now on; what renews them is not. */
  revokeAll(): void {
    this.#access.clear();
  }
}
