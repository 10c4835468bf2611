import type { RequestHandler } from "express";
import type { LocalClock } from "../kit/clock.ts";
import type { FaultPlan } from "../kit/faults.ts";
import { helixError } from "./twitch-error.ts";

/** Applies planned faults to calls by method and path: "GET /helix/streams". */
export function applyPlannedFaults(clock: LocalClock, faults: FaultPlan): RequestHandler {
  return async (request, response, next) => {
    const path = request.originalUrl.split("?", 1)[0];
    const fault = await faults.apply(clock, "twitch", `${request.method} ${path}`);
    if (fault?.kind === "drop") {
      request.socket.destroy();
      return;
    }
    if (fault?.kind === "fail") {
      const resetAtMs = clock.nowMs() + (fault.retryAfterMs ?? 0);
      if (fault.code === 429) response.set("Ratelimit-Reset", String(Math.ceil(resetAtMs / 1000)));
      response.status(fault.code).json(helixError(fault.code, "A planned failure."));
      return;
    }
    if (fault?.kind === "lose-answer") {
      response.end = () => {
        request.socket.destroy();
        return response;
      };
    }
    next();
  };
}
