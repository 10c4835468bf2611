import { describeError } from "../../shared/runtime/errors.ts";
import type { AreaReport } from "../doctor/checks/report.ts";
import {
  connectUpstash,
  type UpstashAccount,
  type UpstashDatabase,
  UpstashError,
} from "../doctor/checks/upstash.ts";
import { UPSTASH_REGIONS } from "../settings/regions.ts";
import type { Values } from "../settings/values.ts";

/** Upstash throttles a database whose costs in a month exceed this many dollars. */
const DEFAULT_BUDGET = 20;
const CONSOLE = "https://console.upstash.com";
const OWN_DATABASE =
  "Put UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN of the right database into c500.env";

/** The name of a project's database, by which it is found again. */
export function databaseName(projectId: string): string {
  return `${projectId}-c500`;
}

/**
 * Makes sure that a database exists, and returns the settings with its address and token. Known values are
 * kept unless they are to be read again. Otherwise it uses the account's database with the project's name, or
 * creates one. Crash safety: after a crash the next run finds the created database by its name.
 */
export async function setUpRedis(
  values: Values,
  area: AreaReport,
  isRenewal: boolean,
): Promise<Values> {
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = values;
  const { GOOGLE_CLOUD_PROJECT: project, UPSTASH_EMAIL: email, UPSTASH_API_KEY: key } = values;
  const isKnown = url !== undefined && token !== undefined;
  if ((isKnown && !isRenewal) || project === undefined) return values;
  if (!email || !key) {
    if (isRenewal) {
      area.wrong(
        "setup needs UPSTASH_EMAIL and UPSTASH_API_KEY to find or create the database",
        `Put them into c500.env: ${CONSOLE}, Account, Management API`,
      );
    }
    return values;
  }
  const account = connectUpstash(email, key, values.UPSTASH_MANAGEMENT_URL);
  try {
    const id = await findOrMake(account, databaseName(project), values, area);
    if (id === undefined) return values;
    const found = await account.credentials(id);
    return {
      ...values,
      UPSTASH_REDIS_REST_URL: found.url,
      UPSTASH_REDIS_REST_TOKEN: found.token,
    };
  } catch (error) {
    area.wrong(`Upstash refused: ${describeError(error)}`, remedyFor(error));
    return values;
  }
}

async function findOrMake(
  account: UpstashAccount,
  name: string,
  values: Values,
  area: AreaReport,
): Promise<string | undefined> {
  const { GOOGLE_CLOUD_REGION: functionsRegion = "us-central1" } = values;
  const { UPSTASH_REGION: region = functionsRegion, UPSTASH_MONTHLY_BUDGET: budget } = values;
  const found = (await account.databases()).filter((database) => database.name === name);
  if (found.length > 1) {
    area.wrong(`there are ${found.length} databases named ${name}`, OWN_DATABASE);
    return undefined;
  }
  const [existing] = found;
  if (existing) {
    reportExisting(existing, area);
    return existing.id;
  }
  const id = await account.create({ name, region, budget: Number(budget ?? DEFAULT_BUDGET) });
  area.changed(`the database ${name} was created in ${region}`);
  return id;
}

function reportExisting({ name, isEvicting }: UpstashDatabase, area: AreaReport): void {
  area.check(
    !isEvicting,
    `the database ${name} exists`,
    `the database ${name} evicts keys when it is full: a running auction could be lost`,
    `Switch eviction off on its page at ${CONSOLE}`,
  );
}

function remedyFor(error: unknown): string {
  if (!(error instanceof UpstashError)) return "Run this again when Upstash answers";
  switch (error.status) {
    case 401:
    case 403:
      return `Set UPSTASH_EMAIL to the account's address and UPSTASH_API_KEY to a key of ${CONSOLE}, Account, Management API`;
    case 400:
      return `Set UPSTASH_REGION to the nearest of Upstash's regions on Google Cloud: ${UPSTASH_REGIONS.join(", ")}. A new account also needs a payment method: ${CONSOLE}, Billing`;
    default:
      return "Run this again later";
  }
}
