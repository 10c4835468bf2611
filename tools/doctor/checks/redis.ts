import * as z from "zod/mini";
import { describeError } from "../../../shared/runtime/errors.ts";
import { configOf, type Values } from "../../settings/values.ts";
import type { AreaReport } from "./report.ts";

const REQUEST_TIMEOUT_MS = 15_000;

const pong = z.object({ result: z.literal("PONG") });
const refusal = z.object({ error: z.string() });

/** Checks that Redis accepts the token. Reports nothing if URL or token is not known. https://upstash.com/docs/redis/features/restapi */
export async function checkRedis(values: Values, area: AreaReport): Promise<boolean> {
  const config = configOf(values, ["UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN"]);
  if (!config) return false;
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = config;
  const remedy =
    "Copy UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN from the database's page at https://console.upstash.com";
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(["PING"]),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    const answer: unknown = await response.json().catch(() => undefined);
    const parsed = refusal.safeParse(answer);
    const reason = parsed.success ? parsed.data.error : `status ${response.status}`;
    return area.check(
      pong.safeParse(answer).success,
      "Redis answers",
      `Redis does not accept the token: ${reason}`,
      remedy,
    );
  } catch (error) {
    area.unanswered(`Redis does not answer at ${url}: ${describeError(error)}`, remedy);
    return false;
  }
}
