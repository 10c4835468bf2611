import { randomBytes } from "node:crypto";
import type { LocalClock } from "../../kit/clock.ts";
import type { PersistentState } from "../../kit/persistent-state.ts";

/** About sixty days: https://dev.twitch.tv/docs/authentication/ */
const LIFETIME_MS = 60 * 24 * 3_600_000;
/** About four hours, and thirty days for the refresh token. */
const USER_LIFETIME_MS = 4 * 3_600_000;
const REFRESH_LIFETIME_MS = 30 * 24 * 3_600_000;

interface Token {
  readonly endsAtMs: number;
  /** The token's user; an app token has none. */
  readonly userId?: string;
}

/** A token as the token endpoint returns it. */
interface IssuedToken {
  readonly token: string;
  readonly expiresInSeconds: number;
}

/** The issued tokens that are still valid. */
export class Tokens {
  #clock: LocalClock;
  #access = new Map<string, Token>();
  #refresh = new Map<string, Required<Token>>();

  constructor(clock: LocalClock) {
    this.#clock = clock;
  }

  persistIn(state: PersistentState): void {
    state.maps("twitch.tokens", { access: this.#access, refresh: this.#refresh });
  }

  /** Issues an app token. */
  issue(): IssuedToken {
    const token = randomBytes(15).toString("hex");
    this.#access.set(token, { endsAtMs: this.#clock.nowMs() + LIFETIME_MS });
    return { token, expiresInSeconds: LIFETIME_MS / 1000 };
  }

  /** Issues a user's token with a refresh token. */
  issueTo(userId: string): IssuedToken & { readonly refreshToken: string } {
    const token = randomBytes(15).toString("hex");
    const refreshToken = randomBytes(25).toString("hex");
    const nowMs = this.#clock.nowMs();
    this.#access.set(token, { userId, endsAtMs: nowMs + USER_LIFETIME_MS });
    this.#refresh.set(refreshToken, { userId, endsAtMs: nowMs + REFRESH_LIFETIME_MS });
    return { token, refreshToken, expiresInSeconds: USER_LIFETIME_MS / 1000 };
  }

  /** Refreshes a user's token. Each refresh token works once. Undefined when it is invalid. */
  renew(refreshToken: string): ReturnType<Tokens["issueTo"]> | undefined {
    const known = this.#refresh.get(refreshToken);
    if (!known || known.endsAtMs <= this.#clock.nowMs()) return undefined;
    this.#refresh.delete(refreshToken);
    return this.issueTo(known.userId);
  }

  /** The remaining lifetime; undefined for an invalid token. */
  secondsLeft(token: string): number | undefined {
    const leftMs = (this.#access.get(token)?.endsAtMs ?? 0) - this.#clock.nowMs();
    return leftMs > 0 ? Math.floor(leftMs / 1000) : undefined;
  }

  /** The token's user; undefined for an app token. */
  userOf(token: string): string | undefined {
    return this.#access.get(token)?.userId;
  }

  /** Returns false when the token was not valid. */
  revoke(token: string): boolean {
    return this.secondsLeft(token) !== undefined && this.#access.delete(token);
  }

  /** Invalidates every access token; refresh tokens stay valid. */
  revokeAll(): void {
    this.#access.clear();
  }
}
