import { randomBytes } from "node:crypto";
import type { LocalClock } from "../../kit/clock.ts";
import { TwitchError } from "../twitch-error.ts";

/** https://dev.twitch.tv/docs/authentication/getting-tokens-oauth/#device-code-grant-flow */
const LIFETIME_MS = 30 * 60_000;

interface DeviceCode {
  readonly userCode: string;
  readonly endsAtMs: number;
  /** The user who approved it. */
  readonly userId?: string;
}

/** Devices waiting for a user to enter their code at twitch.tv/activate. */
export class DeviceCodes {
  #clock: LocalClock;
  #intervalSeconds: number;
  #byDeviceCode = new Map<string, DeviceCode>();

  constructor(clock: LocalClock, intervalSeconds: number) {
    this.#clock = clock;
    this.#intervalSeconds = intervalSeconds;
  }

  /** Creates the codes of a new device, as Twitch returns them. */
  start() {
    const deviceCode = randomBytes(20).toString("hex");
    const userCode = randomBytes(4).toString("hex").toUpperCase();
    this.#byDeviceCode.set(deviceCode, { userCode, endsAtMs: this.#clock.nowMs() + LIFETIME_MS });
    return {
      device_code: deviceCode,
      expires_in: LIFETIME_MS / 1000,
      interval: this.#intervalSeconds,
      user_code: userCode,
      verification_uri: `https://www.twitch.tv/activate?public=true&device-code=${userCode}`,
    };
  }

  /** A user enters the code and approves it. Throws when no device shows it. */
  approve(userCode: string, userId: string): void {
    for (const [deviceCode, waiting] of this.#byDeviceCode) {
      if (waiting.userCode !== userCode) continue;
      this.#byDeviceCode.set(deviceCode, { ...waiting, userId });
      return;
    }
    throw new TwitchError(404, `No device shows the code ${userCode}.`);
  }

  /**
   * Returns the user who approved the device, once. Throws the error for a device that polls too
   * early or too late.
   */
  redeem(deviceCode: string): string {
    const waiting = this.#byDeviceCode.get(deviceCode);
    if (!waiting || waiting.endsAtMs <= this.#clock.nowMs()) {
      throw new TwitchError(400, "invalid device code");
    }
    if (waiting.userId === undefined) throw new TwitchError(400, "authorization_pending");
    this.#byDeviceCode.delete(deviceCode);
    return waiting.userId;
  }
}
