import { describeError } from "../../shared/runtime/errors.ts";
import { UPSTASH_REGIONS } from "../checks/regions.ts";
import type { AreaReport } from "../checks/report.ts";
import {
  connectUpstash,
  type UpstashAccount,
  type UpstashDatabase,
  UpstashError,
} from "../checks/upstash.ts";
import type { Values } from "../checks/values.ts";

/** Upstash throttles a database when a month costs more than this many dollars. */
const DEFAULT_BUDGET = 20;
const CONSOLE = "https://console.upstash.com";
const OWN_DATABASE =
  "Put UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN of the right database into c500.env";

/**
 * Makes sure that there is a database, and returns the settings with its address and token. Known values
 * stay, unless they are to be read again. Otherwise the account's database with the project's name is used,
 * or created. Crash safety: a run that died after creating it finds it by its name.
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
        "Upstash cannot be asked for the database without UPSTASH_EMAIL and UPSTASH_API_KEY",
        `Put them into c500.env: ${CONSOLE}, Account, Management API`,
      );
    }
    return values;
  }
  const account = connectUpstash(email, key, values.UPSTASH_MANAGEMENT_URL);
  try {
    const id = await findOrMake(account, `${project}-c500`, values, area);
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
    area.wrong(`there are ${found.length} databases with the name ${name}`, OWN_DATABASE);
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
    `the database ${name} is there`,
    `the database ${name} drops keys when it is full: a running auction could be lost`,
    `Switch eviction off on its page at ${CONSOLE}`,
  );
}

function remedyFor(error: unknown): string {
  if (!(error instanceof UpstashError)) return "Run this again once Upstash answers";
  switch (error.status) {
    case 401:
    case 403:
      return `Set UPSTASH_EMAIL to the account's address and UPSTASH_API_KEY to a key of ${CONSOLE}, Account, Management API`;
    case 400:
      return `Of Google's regions Upstash has ${UPSTASH_REGIONS.join(", ")}: set UPSTASH_REGION to the nearest. A new account also needs a payment method: ${CONSOLE}, Billing`;
    default:
      return "Run this again in a while";
  }
}
