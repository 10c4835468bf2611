import { randomBytes } from "node:crypto";
import type { LocalClock } from "../kit/clock.ts";

/** About sixty days: https://dev.twitch.tv/docs/authentication/ */
const LIFETIME_MS = 60 * 24 * 3_600_000;

/** The app tokens that have been given out and still open the door. */
export class Tokens {
  #clock: LocalClock;
  #endsAtMs = new Map<string, number>();

  constructor(clock: LocalClock) {
    this.#clock = clock;
  }

  issue(): { token: string; expiresInSeconds: number } {
    const token = randomBytes(15).toString("hex");
    this.#endsAtMs.set(token, this.#clock.nowMs() + LIFETIME_MS);
    return { token, expiresInSeconds: LIFETIME_MS / 1000 };
  }

  /** How long the token is still good for; undefined when it is not. */
  secondsLeft(token: string): number | undefined {
    const leftMs = (this.#endsAtMs.get(token) ?? 0) - this.#clock.nowMs();
    return leftMs > 0 ? Math.floor(leftMs / 1000) : undefined;
  }

  /** False when there was nothing to revoke. */
  revoke(token: string): boolean {
    return this.secondsLeft(token) !== undefined && this.#endsAtMs.delete(token);
  }

  revokeAll(): void {
    this.#endsAtMs.clear();
  }
}
