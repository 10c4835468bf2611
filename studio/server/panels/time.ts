import * as z from "zod/mini";
import type { StudioHost } from "../host.ts";
import { defineCall } from "../panel.ts";

/** The longest step forward: a year. */
const MOST_MS = 366 * 86_400_000;

/** The local cloud's clock. */
export function timePanel({ cloud: { clock }, save }: StudioHost) {
  const read = () => ({ nowMs: clock.nowMs(), aheadMs: clock.aheadMs });
  return {
    calls: {
      read: defineCall(z.object({}), read),
      advance: defineCall(
        z.object({ ms: z.number().check(z.gte(0), z.lte(MOST_MS)) }),
        async ({ ms }) => {
          await clock.advance(ms);
          save();
          return read();
        },
      ),
    },
    version: () => Math.round(clock.aheadMs),
  };
}
