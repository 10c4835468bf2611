import { checkRedis } from "../../../doctor/checks/redis.ts";
import { connectUpstash, UpstashError } from "../../../doctor/checks/upstash.ts";
import { databaseName, setUpRedis } from "../../../setup/redis.ts";
import { tryRedis } from "../../../setup/try-redis.ts";
import type { Installation } from "../../installation.ts";
import { installQuestions } from "../../questions/questions.ts";
import { stoppedByShell } from "../../shell.ts";
import { type Blocked, carryOut, done, missing, type Step, standingOf } from "../../step.ts";
import { credentialsStep } from "./credentials.ts";

/** Refusals that mean the key, not the moment. */
const KEY_REFUSED = [401, 403];

/** The database's address and token. */
const CONNECTION = ["UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN"] as const;

const account: Step = credentialsStep({
  question: installQuestions.upstash,
  verify: async (installation) => {
    try {
      await accountOf(installation)?.databases();
      return done("accepted");
    } catch (error) {
      if (!(error instanceof UpstashError && KEY_REFUSED.includes(error.status))) throw error;
      return missing(`Upstash does not accept it: ${error.message}`);
    }
  },
});

/** The account in which the database is created. Once there is one, the key may be deleted at Upstash. */
export const upstashKey: Step = {
  ...account,
  async check(installation) {
    const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = installation.values;
    return url && token
      ? done("not needed any more: the database is known")
      : account.check(installation);
  },
};

/** The database, found by its name or created. */
export const redis: Step = {
  name: "Redis",
  async check(installation) {
    const { values } = installation;
    if (values.UPSTASH_REDIS_REST_URL === undefined) {
      const found = await findDatabase(installation);
      if (found === undefined) return missing("creating the database");
      const { url, token } = found;
      installation.learn({ UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token });
    }
    const standing = await standingOf(
      "the database accepts a key and deletes it again",
      "blocked",
      async (area) => {
        if (await checkRedis(installation.values, area)) await tryRedis(installation.values, area);
      },
    );
    return standing.kind === "blocked" ? withOrigins(standing, installation) : standing;
  },
  run: ({ values }) => carryOut((area) => setUpRedis(values, area, false)),
  async undo(installation) {
    const upstash = accountOf(installation);
    const name = databaseName(installation.projectId);
    if (!upstash && installation.values.UPSTASH_REDIS_REST_URL !== undefined) {
      return `the database ${name} stays, as no key is known: delete it at https://console.upstash.com`;
    }
    const ours = ((await upstash?.databases()) ?? []).filter((each) => each.name === name);
    for (const { id } of ours) await upstash?.delete(id);
    return ours.length > 0 ? `the database ${name} is deleted at Upstash` : undefined;
  },
};

/** A refusal, and where the address and token that are refused are from, unless Upstash said them. */
function withOrigins(refusal: Blocked, installation: Installation): Blocked {
  const given = CONNECTION.filter((name) => installation.originOf(name) !== undefined);
  const ofShell = given.filter((name) => installation.isFromShell(name));
  if (ofShell.length > 0) return stoppedByShell(refusal.why, ofShell);
  const origins = given.map((name) => `${name} is from ${installation.originOf(name)}`);
  return { ...refusal, remedy: [refusal.remedy, ...origins].join(". ") };
}

async function findDatabase(installation: Installation) {
  const upstash = accountOf(installation);
  const name = databaseName(installation.projectId);
  const [found] = ((await upstash?.databases()) ?? []).filter((each) => each.name === name);
  return found && (await upstash?.credentials(found.id));
}

function accountOf({ values }: Installation) {
  const { UPSTASH_EMAIL: email, UPSTASH_API_KEY: key, UPSTASH_MANAGEMENT_URL: url } = values;
  return email && key ? connectUpstash(email, key, url) : undefined;
}
