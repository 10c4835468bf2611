import { randomUUID } from "node:crypto";
import express from "express";
import * as z from "zod/mini";
import type { LocalClock } from "../kit/clock.ts";
import type { FaultPlan } from "../kit/faults.ts";
import { type Place, serveAt } from "../kit/http/listen.ts";
import type { PersistentState } from "../kit/persistent-state.ts";

/** Options of `startUpstashManagement`. */
export interface ManagementOptions extends Place {
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  /** The email of the account that owns the API key. */
  readonly email: string;
  readonly apiKey: string;
  /** The Redis that serves every database of the account. */
  readonly redis: { readonly url: string; readonly token: string };
  /** State that an earlier run stored and this run continues. */
  readonly state?: PersistentState | undefined;
}

/** A database as the API shows it. */
interface Database {
  readonly database_id: string;
  readonly database_name: string;
  readonly platform: string;
  readonly primary_region: string;
  readonly plan: string;
  readonly budget: number;
  readonly eviction: boolean;
  readonly tls: boolean;
  readonly state: "active" | "deleted";
  readonly creation_time: number;
}

/** The running simulator of Upstash's developer API. */
export interface UpstashManagement {
  /** For UPSTASH_MANAGEMENT_URL. */
  readonly url: string;
  databases(): readonly Database[];
  /** Deletes all databases, as in a new account. */
  clear(): void;
  stop(): Promise<void>;
}

/** https://upstash.com/docs/redis/features/globaldatabase#primary-region */
const REGIONS: Readonly<Record<"aws" | "gcp", readonly string[]>> = {
  aws: [
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "ca-central-1",
    "eu-central-1",
    "eu-west-1",
    "eu-west-2",
    "sa-east-1",
    "ap-south-1",
    "ap-northeast-1",
    "ap-southeast-1",
    "ap-southeast-2",
  ],
  gcp: ["us-central1", "us-east4", "europe-west1", "asia-northeast1"],
};

const newDatabase = z.object({
  database_name: z.string().check(z.minLength(1)),
  platform: z.enum(["aws", "gcp"]),
  primary_region: z.string(),
  read_regions: z._default(z.array(z.string()), []),
  plan: z._default(z.string().check(z.regex(/^(free|payg|fixed_\w+)$/)), "payg"),
  budget: z._default(z.int().check(z.gte(0)), 0),
  eviction: z._default(z.boolean(), false),
  tls: z._default(z.boolean(), true),
});

/**
 * Starts the part of Upstash's developer API that finds, creates and deletes databases. Like the real one it
 * refuses another key, a database without a platform, and a region that the platform does not have,
 * such as one that begins with "gcp-". Names need not be unique.
 * https://upstash.com/docs/devops/developer-api/introduction
 */
export async function startUpstashManagement(
  options: ManagementOptions,
): Promise<UpstashManagement> {
  const { clock, faults, email, apiKey, redis } = options;
  const databases = new Map<string, Database>();
  options.state?.maps("upstash.account", { databases });
  const authorization = `Basic ${Buffer.from(`${email}:${apiKey}`).toString("base64")}`;

  const app = express().disable("x-powered-by").disable("etag");
  app.use(async (request, response, next) => {
    const fault = faults.next("upstash", `${request.method} ${request.path}`);
    if (fault?.kind === "fail") {
      response.status(fault.code).json("a planned failure");
      return;
    }
    if (fault?.kind === "lose-answer") response.json = () => response.destroy();
    if (request.headers.authorization === authorization) next();
    else response.status(401).json("Unauthorized");
  });
  app.use(express.json());
  app.get("/v2/redis/databases", (_request, response) => {
    response.json([...databases.values()].map(withoutCredentials));
  });
  app.get("/v2/redis/database/:id", ({ params }, response) => {
    const found = databases.get(params.id);
    if (found) response.json(withCredentials(found));
    else response.status(404).json("Database not found");
  });
  app.delete("/v2/redis/database/:id", ({ params }, response) => {
    if (databases.delete(params.id)) response.json("OK");
    else response.status(404).json("Database not found");
  });
  app.post("/v2/redis/database", ({ body }, response) => {
    const asked = newDatabase.safeParse(body);
    if (!asked.success) {
      const [issue] = asked.error.issues;
      response.status(400).json(`invalid ${issue?.path.join(".") || "request"}`);
      return;
    }
    const { read_regions: readRegions, ...facts } = asked.data;
    const regions = REGIONS[facts.platform];
    const unknown = [facts.primary_region, ...readRegions].find((each) => !regions.includes(each));
    if (unknown !== undefined || (facts.platform === "gcp" && readRegions.length > 0)) {
      response.status(400).json(`invalid region: ${unknown ?? readRegions.join()}`);
      return;
    }
    const made: Database = {
      ...facts,
      database_id: randomUUID(),
      state: "active",
      creation_time: Math.floor(clock.nowMs() / 1000),
    };
    databases.set(made.database_id, made);
    response.json(withCredentials(made));
  });
  const service = await serveAt(options, app);
  return {
    url: `${service.url}/v2`,
    databases: () => [...databases.values()],
    clear: () => databases.clear(),
    stop: () => service.stop(),
  };

  function withoutCredentials(database: Database) {
    return { ...database, endpoint: new URL(redis.url).host, port: 6379 };
  }

  function withCredentials(database: Database) {
    return { ...withoutCredentials(database), rest_token: redis.token };
  }
}
