import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import type { Step } from "../../../tools/install/step.ts";
import { steps as allSteps } from "../../../tools/install/steps/index.ts";
import { community, startTestCloud, type TestCloud } from "../../support/cloud.ts";
import { machineOn, type Script } from "./machine.ts";
import { invite, newcomer } from "./newcomer.ts";

const PROJECT = "c500-new";

let cloud: TestCloud;
let machine: ReturnType<typeof machineOn>;

beforeAll(async () => {
  cloud = await startTestCloud({
    onSockets: true,
    environment: {},
    rateLimits: false,
    projectId: PROJECT,
  });
  machine = machineOn(cloud);
});
beforeEach(async () => {
  await machine.reset();
});
afterAll(async () => {
  machine.close();
  await cloud.stop();
});

/** All steps up to the one of this name. */
function upTo(name: string): readonly Step[] {
  return allSteps.slice(0, allSteps.findIndex((step) => step.name === name) + 1);
}

type Answer = string | readonly string[];

/** The newcomer, who types some answers wrongly first, and does what they are asked to. */
function clumsy(typed: Record<string, Answer>, clicks: Script["clicks"] = []): Script {
  const right = newcomer(cloud);
  const wrongFirst = Object.fromEntries(
    Object.entries(typed).map(([about, wrong]) => {
      return [about, [wrong, right.typed[about] ?? []].flat()] as const;
    }),
  );
  return { typed: { ...right.typed, ...wrongFirst }, clicks: [...clicks, ...(right.clicks ?? [])] };
}

const account = () => {
  const found = cloud.project?.account;
  if (!found) throw new Error("The cloud has no project.");
  return found;
};
const of = (name: string) => cloud.settings[name] ?? "";

test.each<[what: string, step: string, typed: () => Record<string, Answer>, said: RegExp]>([
  [
    "a project name of someone else's",
    "Google project",
    () => {
      account().taken.add("c500-taken");
      return { "Google project:": "c500-taken" };
    },
    /Someone else has a project of that ID/,
  ],
  [
    "a malformed project name",
    "Google project",
    () => ({ "Google project:": "My-Project!" }),
    /Google refuses that ID/,
  ],
  [
    "a project's number",
    "Google project",
    () => ({ "Google project:": "123456789012" }),
    /That is a project's number. Type its ID/,
  ],
  [
    "a project's name of several words",
    "Google project",
    () => ({ "Google project:": "community of makers" }),
    /That is more than the project ID: type it again/,
  ],
  [
    "a wrong bot token",
    "Discord bot",
    () => ({ "Discord bot:": `guessed ${of("DISCORD_CLIENT_SECRET")}` }),
    /Discord does not accept the token: 401/,
  ],
  [
    "a wrong client secret",
    "Discord bot",
    () => ({ "Discord bot:": `${of("DISCORD_BOT_TOKEN")} guessed` }),
    /Discord does not accept the client secret: invalid_client/,
  ],
  [
    "a wrong Stripe key",
    "Stripe keys",
    () => ({ "Stripe keys:": `sk_test_guessed ${of("STRIPE_READ_KEY")}` }),
    /Stripe does not accept the key/,
  ],
  [
    "a secret key in place of the restricted one",
    "Stripe keys",
    () => ({
      "Stripe keys:": [`${of("STRIPE_SECRET_KEY")} ${of("STRIPE_SECRET_KEY")}`],
      "That is not the restricted key": of("STRIPE_READ_KEY"),
    }),
    /STRIPE_READ_KEY is not a restricted key|That is not the restricted key/,
  ],
  [
    "a wrong Twitch secret",
    "Twitch application",
    () => ({ "Twitch application:": `${of("TWITCH_CLIENT_ID")} guessed` }),
    /Twitch issues no token/,
  ],
  [
    "a wrong Upstash key",
    "Upstash key",
    () => ({ "Upstash key:": `${of("UPSTASH_EMAIL")} guessed` }),
    /Upstash does not accept it/,
  ],
])("%s is explained and asked again", async (_what, step, typed, said) => {
  const { code, output } = await machine.install(clumsy(typed()), upTo(step));
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(output).toMatch(said);
});

test.each<
  [what: string, step: string, spoil: () => void, said: RegExp, repair: (said: string) => unknown]
>([
  [
    "a program that is not installed",
    "programs",
    () => machine.programs.absent.add("terraform"),
    /terraform is not installed\n +→ .*https:\/\/developer\.hashicorp\.com/,
    () => machine.programs.absent.clear(),
  ],
  [
    "an organisation that lets nobody create projects",
    "Google project",
    () => Object.assign(account(), { mayCreateProjects: false }),
    /you may not create projects: .*\n +→ .*Project Creator/,
    () => Object.assign(account(), { mayCreateProjects: true }),
  ],
  [
    "no billing account",
    "billing account",
    () => account().billingAccounts.clear(),
    /no billing account that can pay\n +→ .*console\.cloud\.google\.com\/billing\/create/,
    () => account().billingAccounts.set("01C500-ABCDEF-123456", "C500"),
  ],
  [
    "a billing account that one may see, but not use",
    "billing account",
    () => account().lacked.add("billing.resourceAssociations.create"),
    /you may not let C500 pay for c500-new: .*\n +→ On the billing account .* has to run: gcloud billing accounts add-iam-policy-binding 01C500-ABCDEF-123456 --member=user:owner@c500\.example --role=roles\/billing\.user/,
    () => account().lacked.clear(),
  ],
  [
    "a project in which one may not link",
    "billing account",
    () => account().lacked.add("resourcemanager.projects.createBillingAssignment"),
    /you may not let C500 pay for c500-new: .*\n +→ In the project .* roles\/billing\.projectManager\): .*iam\?project=c500-new/,
    () => account().lacked.clear(),
  ],
  [
    "a billing account that pays for as many projects as it may",
    "billing account",
    () => Object.assign(account(), { mostPaidProjects: 0 }),
    /C500 pays for as many projects as Google lets it\n +→ .*billing_quota_increase.*: gcloud billing projects unlink/,
    () => Object.assign(account(), { mostPaidProjects: 1 }),
  ],
  [
    "Firebase's terms",
    "Firebase",
    () => Object.assign(account(), { hasAcceptedFirebaseTerms: false }),
    /until you have accepted its terms\n +→ .*console\.firebase\.google\.com/,
    () => Object.assign(account(), { hasAcceptedFirebaseTerms: true }),
  ],
  [
    "a bot that may not create channels",
    "Discord channels and role",
    () => cloud.discord.addGuild({ id: community.guildId, name: "C500" }),
    /the bot may not create channels and roles\n +→ .*guild_id=/,
    (said) => invite(cloud, said),
  ],
  [
    "a redirect that Discord lacks",
    "Discord sign-in",
    () => cloud.discord.setRedirects([]),
    /discord\/callback is not among the application's redirects.*\n +→ Add it at https:\/\/discord/,
    () => cloud.discord.setRedirects([`${of("PUBLIC_SITE_URL")}/discord/callback`]),
  ],
  [
    "Stripe without Connect",
    "Stripe Connect",
    () =>
      cloud.stripe.refuseAccounts(
        "You can only create new accounts if you've signed up for Connect",
      ),
    /Stripe refuses accounts for builders.*\n +→ Sign the Connect platform agreement/,
    () => cloud.stripe.refuseAccounts(undefined),
  ],
  [
    "an organisation policy",
    "functions",
    () => {
      machine.programs.failure = (line) =>
        line.startsWith("terraform -chdir=terraform apply -auto-approve -input=false -no-color") &&
        !line.includes("deploy_functions")
          ? {
              code: 1,
              output:
                "Error: Error applying IAM policy: One or more users named in the policy do not belong to a permitted customer.",
            }
          : undefined;
    },
    /permitted customer.*\n +→ .*iam-admin\/orgpolicies/,
    () => {
      machine.programs.failure = () => undefined;
    },
  ],
])("%s is explained with a link, and gone on from", async (_what, step, spoil, said, repair) => {
  spoil();
  const { code, output } = await machine.install(
    clumsy({ "Google project:": PROJECT, "Which billing account": "1" }, [[said, repair]]),
    upTo(step),
  );
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(output).toMatch(said);
});

test.each([
  ["gcloud", /Google\s+Cloud\s+CLI\]\(\S+\)\s+(\d+) or later/, "402.0.0"],
  ["terraform", /Terraform\]\(\S+\)\s+(\d+\.\d+) or later/, "1.10.5"],
] as const)(
  "the oldest %s that docs/install.md names serves, and one before it is refused at once",
  async (program, named, before) => {
    const [, least = ""] = named.exec(readFileSync("docs/install.md", "utf8")) ?? [];
    machine.programs.versions[program] = `${least}.0`;
    expect(await machine.install(undefined, upTo("programs"))).toMatchObject({ code: 0 });
    machine.programs.versions[program] = before;
    const { code, output } = await machine.install(undefined, upTo("Google sign-in"));
    expect(code).toBe(1);
    expect(output).toMatch(
      new RegExp(`${program} [\\d.]+ is too old: ${least} or later is needed\n +→ Update it: .*`),
    );
    expect(output).not.toContain("Google sign-in");
  },
);

test("a program that is there but does not run is not called missing", async () => {
  const output = "gcloud: line 192: python3: command not found";
  machine.programs.failure = (line) =>
    line.startsWith("gcloud") ? { code: 127, output } : undefined;
  const said = await machine.install(undefined, upTo("programs"));
  expect(said.output).toMatch(
    /gcloud does not run: .*python3: command not found\n +→ .*gcloud --version/,
  );
});

test("a role that gcloud does not know yet is waited for, and asked for when it does not come", async () => {
  let refusals = 2;
  const output =
    'ERROR: (gcloud) Cannot add the project "c500-new" to application default credentials (ADC) as a quota project because the account in ADC does not have the "serviceusage.services.use" permission on this project.';
  machine.programs.failure = (line) => {
    if (!line.includes("set-quota-project") || refusals === 0) return undefined;
    refusals -= 1;
    return { code: 1, output };
  };
  const passing = await machine.install(newcomer(cloud), upTo("quota project"));
  expect(passing).toMatchObject({ code: 0 });
  expect(passing.output).toMatch(/waiting up to a minute: Google does not know .* your role/);
  await machine.reset();
  refusals = Number.POSITIVE_INFINITY;
  machine.programs.failure = (line) =>
    line.includes("set-quota-project") ? { code: 1, output } : undefined;
  const meant = await machine.install(newcomer(cloud), upTo("quota project"));
  expect(meant).toMatchObject({ code: 130 });
  expect(meant.output).toMatch(
    /serviceusage\.services\.use.*\n +→ You need the role Owner in the project/,
  );
});

test("what would have no effect in c500.env is refused before anything is done", async () => {
  writeFileSync(
    join(machine.folder, "c500.env"),
    "DISCORD_BOT_TOKN=x\nGOOGLE_CLOUD_REGION=us-centrall1\n",
  );
  const { code, output } = await machine.install(newcomer(cloud), upTo("programs"));
  expect(code).toBe(1);
  expect(output).toMatch(/did you mean DISCORD_BOT_TOKEN\?\)\. Correct it in c500\.env/);
  expect(output).toMatch(/GOOGLE_CLOUD_REGION is malformed \(did you mean us-central1\?\)/);
  expect(machine.programs.calls).toEqual([]);
});

test("without a terminal nobody can choose who pays, and it says how to link an account", async () => {
  await machine.install(newcomer(cloud), upTo("Google project"));
  const { code, output } = await machine.install(undefined, upTo("billing account"));
  expect(code).toBe(1);
  expect(output).toMatch(
    /or run: gcloud billing projects link c500-new --billing-account=01C500-ABCDEF-123456\n/,
  );
});

test("a malformed address of the site is found where the address is read", async () => {
  await machine.install(newcomer(cloud), upTo("Firebase"));
  const right = machine.file("c500.env");
  const path = join(machine.folder, "c500.env");
  writeFileSync(path, `${right}PUBLIC_SITE_URL=c500.store\n`);
  const said = /PUBLIC_SITE_URL or .* is malformed\n +→ Correct it in c500\.env, then press Enter/;
  const script = clumsy({}, [[said, () => writeFileSync(path, right)]]);
  const { code, output } = await machine.install(script, upTo("site's address"));
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(output).toMatch(said);
});

test("the only server of the bot is named, and another one can be chosen before Enter", async () => {
  const another = { id: "500000000000000055", name: "Makers" };
  const { typed, clicks = [] } = newcomer(cloud);
  const asks =
    /the bot is in C500, where .*\n +If your community's server is another one, .*(https:\S+)/;
  const unsure = {
    typed,
    clicks: clicks.filter(([about]) => !about.test("the bot is in C500, where")),
  };
  const { code, output } = await machine.install(unsure, upTo("Discord server"));
  expect(code).toBe(130);
  expect(output).toMatch(asks);
  expect(machine.file("c500.env")).not.toContain("DISCORD_GUILD_ID");

  const unattended = await machine.install(undefined, upTo("Discord server"));
  expect(unattended).toMatchObject({ code: 1 });
  expect(unattended.output).toMatch(
    new RegExp(
      `C500, .*\n +→ Run this in a terminal, or set DISCORD_GUILD_ID=${community.guildId} in`,
    ),
  );

  const corrected: Script = {
    typed: { ...typed, "Which server is the community's?": "2" },
    clicks: [[asks, () => cloud.discord.addGuild(another)]],
  };
  const chosen = await machine.install(corrected, upTo("Discord server"));
  cloud.discord.removeGuild(another.id);
  expect(chosen).toMatchObject({ code: 0, typed: ["2"] });
  expect(chosen.output).toMatch(/done +Discord server: Makers/);
  expect(machine.file("c500.env")).toContain(`DISCORD_GUILD_ID=${another.id}`);
});

test("what Terraform says of something that was just made is waited for", async () => {
  let failures = 2;
  machine.programs.failure = (line) => {
    if (!line.includes("apply") || failures === 0) return undefined;
    failures -= 1;
    const output =
      "Error: Cloud Functions API has not been used in project 1 before or it is disabled.";
    return { code: 1, output };
  };
  const { code, output } = await machine.install(newcomer(cloud), upTo("cloud without code"));
  expect(code).toBe(0);
  expect(output).toMatch(/waiting up to 10 minutes: Error: Cloud Functions API has not been used/);
});

test("without a terminal it stops at the first question, and says what to set", async () => {
  Object.assign(account(), { isSignedIn: true });
  const { code, output } = await machine.install();
  expect(code).toBe(1);
  expect(output).toMatch(
    /Google project: nobody is at a terminal to type GOOGLE_CLOUD_PROJECT\n +→ .*set GOOGLE_CLOUD_PROJECT in c500\.env/,
  );
});

test("without a terminal nobody is asked to sign in, and it says how to", async () => {
  const { code, output } = await machine.install();
  expect(code).toBe(1);
  expect(output).toMatch(/nobody is signed in\n +→ Run: gcloud .* GOOGLE_APPLICATION_CREDENTIALS/);
  expect(machine.programs.calls.filter((line) => line.includes("login"))).toEqual([]);
});

test("a malformed key in c500.env is asked for again, not accepted", async () => {
  await machine.install(newcomer(cloud), upTo("Discord sign-in"));
  const key = of("STRIPE_SECRET_KEY");
  const lines = [machine.file("c500.env"), `STRIPE_SECRET_KEY=${key}`, `STRIPE_READ_KEY=${key}`];
  writeFileSync(join(machine.folder, "c500.env"), lines.join("\n"));
  const { code, output } = await machine.install(newcomer(cloud), upTo("Stripe keys"));
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(machine.typed()).toHaveLength(1);
  expect(machine.file("c500.env")).toContain(`STRIPE_READ_KEY=${of("STRIPE_READ_KEY")}`);
});

test("a second run in the same folder is refused until the first has ended", async () => {
  mkdirSync(join(machine.folder, ".local"));
  writeFileSync(join(machine.folder, ".local/install.pid"), `${process.ppid}\n`);
  const { code, output } = await machine.install(newcomer(cloud), upTo("Google project"));
  expect(code).toBe(1);
  expect(output).toMatch(/Another \.\/dev install is running .*delete \.local\/install\.pid/);
  expect(machine.programs.calls).toEqual([]);
  const { pid } = spawnSync(process.execPath, ["--version"]);
  writeFileSync(join(machine.folder, ".local/install.pid"), `${pid}\n`);
  const next = await machine.install(newcomer(cloud), upTo("Google project"));
  expect(next).toMatchObject({ code: 0 });
});

test("no secret is printed or readable by others", async () => {
  const { output } = await machine.install(newcomer(cloud), upTo("Redis"));
  const secrets = ["DISCORD_BOT_TOKEN", "DISCORD_CLIENT_SECRET", "STRIPE_SECRET_KEY"];
  for (const name of [...secrets, "STRIPE_READ_KEY", "TWITCH_CLIENT_SECRET", "UPSTASH_API_KEY"]) {
    expect(output).not.toContain(of(name));
    expect(machine.file("c500.env")).toContain(of(name));
  }
  expect(machine.mode("c500.env")).toBe(0o600);
});
