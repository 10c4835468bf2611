import { randomUUID } from "node:crypto";
import { createAuctionEngine } from "../../functions/auctions/engine/engine.ts";
import { connectRedis } from "../../shared/clients/redis.ts";
import { describeError } from "../../shared/runtime/errors.ts";
import { configOf, type Values } from "../settings/values.ts";
import type { AreaReport } from "./checks/report.ts";

/** Runs a script on an auction that does not exist, which changes nothing. */
export async function checkScripts(values: Values, area: AreaReport): Promise<void> {
  const config = configOf(values, ["UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN"]);
  if (!config) return;
  const engine = createAuctionEngine(connectRedis(config, fetch));
  const auctionId = `doctor-${randomUUID()}`;
  try {
    const { outcome } = await engine.close({ auctionId, channelIds: [] });
    area.check(
      outcome === "missing",
      "Redis runs our scripts",
      `a script in Redis answered "${outcome}" for an auction that does not exist`,
      "Check that UPSTASH_REDIS_REST_URL is this installation's own database",
    );
  } catch (error) {
    area.wrong(
      `Redis does not run our scripts: ${describeError(error)}`,
      "Look at the database's page at https://console.upstash.com: check limits, budget, and that the token is not read-only",
    );
  }
}
