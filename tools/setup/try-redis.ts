import { randomUUID } from "node:crypto";
import { connectRedis } from "../../shared/clients/redis.ts";
import { describeError } from "../../shared/runtime/errors.ts";
import type { AreaReport } from "../doctor/checks/report.ts";
import { configOf, type Values } from "../settings/values.ts";

/** Crash safety: if a run crashes before it deletes the key, the key expires. */
const KEPT_SECONDS = 60;

/** Writes a key and deletes it again, which a read-only token or a full database would refuse. */
export async function tryRedis(values: Values, area: AreaReport): Promise<void> {
  const config = configOf(values, ["UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN"]);
  if (!config) return;
  const key = `setup:${randomUUID()}`;
  try {
    const redis = await connectRedis(config, fetch)();
    await redis.set(key, "1", { ex: KEPT_SECONDS });
    await redis.del(key);
    area.ok("Redis accepts a key and deletes it again");
  } catch (error) {
    area.wrong(
      `Redis does not accept a key: ${describeError(error)}`,
      "Use the database's own token, not the read-only one; on its page at https://console.upstash.com check that neither budget nor storage is used up",
    );
  }
}
