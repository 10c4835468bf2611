import * as z from "zod/mini";

/** A call that Upstash's developer API refused. */
export class UpstashError extends Error {
  override name = "UpstashError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** A database of the account. */
export interface UpstashDatabase {
  readonly id: string;
  readonly name: string;
  readonly isEvicting: boolean;
}

/** The properties of a new database. */
export interface NewDatabase {
  readonly name: string;
  /** One of Upstash's regions on Google Cloud, such as "us-central1". */
  readonly region: string;
  /** Dollars a month; Upstash throttles the database above it. */
  readonly budget: number;
}

/** Upstash's developer API for Redis databases. Methods throw UpstashError. */
export interface UpstashAccount {
  /** All active databases. */
  databases(): Promise<UpstashDatabase[]>;
  /** Creates a database on Google Cloud that never evicts keys; returns its id. */
  create(database: NewDatabase): Promise<string>;
  /** Deletes a database with everything in it. */
  delete(id: string): Promise<void>;
  /** The values of `UPSTASH_REDIS_REST_URL` and `UPSTASH_REDIS_REST_TOKEN` for a database. */
  credentials(id: string): Promise<{ readonly url: string; readonly token: string }>;
}

const UPSTASH_API = "https://api.upstash.com/v2";
const REQUEST_TIMEOUT_MS = 30_000;

const database = z.object({
  database_id: z.string(),
  database_name: z.string(),
  state: z._default(z.string(), "active"),
  eviction: z._default(z.boolean(), false),
});
const credentials = z.object({ endpoint: z.string(), rest_token: z.string() });

/**
 * Opens the API with an account's e-mail address and management key.
 * https://upstash.com/docs/devops/developer-api/introduction
 */
export function connectUpstash(
  email: string,
  apiKey: string,
  baseUrl: string = UPSTASH_API,
): UpstashAccount {
  const authorization = `Basic ${Buffer.from(`${email}:${apiKey}`).toString("base64")}`;

  async function call<T>(
    method: string,
    path: string,
    schema: z.ZodMiniType<T>,
    body?: object,
  ): Promise<T> {
    const response = await fetch(`${baseUrl}/redis/${path}`, {
      method,
      headers: { authorization, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new UpstashError(response.status, `${text} (${response.status})`);
    return schema.parse(JSON.parse(text));
  }

  return {
    async databases() {
      const found = await call("GET", "databases", z.array(database));
      return found
        .filter(({ state }) => state === "active")
        .map(({ database_id: id, database_name: name, eviction: isEvicting }) => ({
          id,
          name,
          isEvicting,
        }));
    },

    async create({ name, region, budget }) {
      const made = await call("POST", "database", database, {
        database_name: name,
        platform: "gcp",
        primary_region: region,
        plan: "payg",
        budget,
        // A full database must refuse writes: evicting would drop a running auction.
        eviction: false,
        tls: true,
      });
      return made.database_id;
    },

    async delete(id) {
      await call("DELETE", `database/${id}`, z.unknown());
    },

    async credentials(id) {
      const { endpoint, rest_token: token } = await call("GET", `database/${id}`, credentials);
      return { url: `${new URL(baseUrl).protocol}//${endpoint}`, token };
    },
  };
}
