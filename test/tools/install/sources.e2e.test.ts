import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import type { Step } from "../../../tools/install/step.ts";
import { steps as allSteps } from "../../../tools/install/steps/index.ts";
import { startTestCloud, type TestCloud } from "../../support/cloud.ts";
import { machineOn } from "./machine.ts";
import { newcomer } from "./newcomer.ts";

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
beforeEach(() => machine.reset());
afterAll(async () => {
  machine.close();
  await cloud.stop();
});

/** All steps up to the one of this name. */
function upTo(name: string): readonly Step[] {
  return allSteps.slice(0, allSteps.findIndex((step) => step.name === name) + 1);
}

/** All steps before the one of this name. */
const before = (name: string) => upTo(name).slice(0, -1);

const of = (name: string) => cloud.settings[name] ?? "";

test.each<
  [step: string, written: readonly string[], wrong: () => Record<string, string>, why: RegExp]
>([
  [
    "Discord bot",
    ["DISCORD_CLIENT_SECRET"],
    () => ({ DISCORD_BOT_TOKEN: "guessed" }),
    /Discord does not accept the token/,
  ],
  [
    "Stripe keys",
    ["STRIPE_READ_KEY"],
    () => ({ STRIPE_SECRET_KEY: "sk_test_guessed" }),
    /Stripe does not accept the key/,
  ],
  [
    "Stripe keys",
    ["STRIPE_SECRET_KEY"],
    () => ({ STRIPE_READ_KEY: of("STRIPE_SECRET_KEY") }),
    /STRIPE_READ_KEY, from your shell, is not the restricted key/,
  ],
  [
    "Twitch application",
    [],
    () => ({ TWITCH_CLIENT_ID: of("TWITCH_CLIENT_ID"), TWITCH_CLIENT_SECRET: "guessed" }),
    /Twitch issues no token/,
  ],
  [
    "Upstash key",
    ["UPSTASH_EMAIL"],
    () => ({ UPSTASH_API_KEY: "guessed" }),
    /Upstash does not accept it/,
  ],
  [
    "Redis",
    [],
    () => ({
      UPSTASH_REDIS_REST_URL: of("UPSTASH_REDIS_REST_URL"),
      UPSTASH_REDIS_REST_TOKEN: "guessed",
    }),
    /Redis does not accept the token/,
  ],
])(
  "%s: a wrong value of the shell is named, and ends the run before anything is typed",
  async (step, written, wrong, why) => {
    await machine.install(newcomer(cloud), before(step));
    const lines = [machine.file("c500.env"), ...written.map((name) => `${name}=${of(name)}`)];
    writeFileSync(join(machine.folder, "c500.env"), lines.join("\n"));
    Object.assign(machine.environment, wrong());
    const { code, output, typed } = await machine.install(newcomer(cloud), upTo(step));
    expect({ code, typed, output }).toMatchObject({ code: 1, typed: [] });
    const names = Object.keys(wrong());
    const [stopped, remedy, last] = output.split("\n").slice(-3);
    expect(stopped).toMatch(new RegExp(`stopped  ${step}: .*${why.source}`));
    expect(remedy).toMatch(
      new RegExp(`→ ${names.join(" and ")} .* Run: unset ${names.join(" ")}$`),
    );
    expect(last).toBe("Then run this again.");
    for (const name of names) delete machine.environment[name];
    expect(await machine.install(newcomer(cloud), upTo(step))).toMatchObject({ code: 0 });
  },
);

test("of an answer's two parts, the one that the shell gives is used and not asked for", async () => {
  await machine.install(newcomer(cloud), before("Stripe keys"));
  machine.environment["STRIPE_SECRET_KEY"] = of("STRIPE_SECRET_KEY");
  const { typed } = newcomer(cloud);
  const script = {
    typed: { ...typed, "Stripe keys:": ["rk_test_guessed", of("STRIPE_READ_KEY")] },
  };
  const { code, output } = await machine.install(script, upTo("Stripe keys"));
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(output).toMatch(
    /Type only the restricted key: STRIPE_SECRET_KEY is taken from your shell/,
  );
  expect(output).toMatch(/the site's key cannot read/);
  expect(output).toMatch(/If STRIPE_SECRET_KEY is wrong, .* run: unset STRIPE_SECRET/);
  expect(machine.file("c500.env")).toContain(`STRIPE_READ_KEY=${of("STRIPE_READ_KEY")}`);
  expect(machine.file("c500.env")).not.toContain("STRIPE_SECRET_KEY");
  expect(output).toMatch(/both are accepted; .*; STRIPE_SECRET_KEY is from your shell$/m);

  const lines = [machine.file("c500.env"), "STRIPE_SECRET_KEY=sk_test_of_c500_env"];
  writeFileSync(join(machine.folder, "c500.env"), lines.join("\n"));
  const { output: again } = await machine.install(script, upTo("Stripe keys"));
  expect(again).toMatch(/STRIPE_SECRET_KEY is from your shell, and not the one in c500\.env/);
});

test("a token that is refused later is said to be c500.env's or Secret Manager's, and replaced", async () => {
  await machine.install(newcomer(cloud), upTo("Discord bot"));
  const written = machine.file("c500.env").replace(of("DISCORD_BOT_TOKEN"), "reset-meanwhile");
  writeFileSync(join(machine.folder, "c500.env"), written);
  const replaced = await machine.install(newcomer(cloud), upTo("Discord bot"));
  expect(replaced).toMatchObject({ code: 0 });
  expect(replaced.output).toMatch(
    /does not accept the token.*\(DISCORD_BOT_TOKEN from c500\.env, DISCORD_CLIENT_SECRET from c500\.env\)\. What you type replaces it/,
  );
  expect(machine.file("c500.env")).not.toContain("reset-meanwhile");

  await machine.install(newcomer(cloud), upTo("c500.env"));
  const data = Buffer.from("reset-meanwhile").toString("base64");
  await machine.secrets("POST", "/DISCORD_BOT_TOKEN:addVersion", { payload: { data } });
  const { code, output } = await machine.install(newcomer(cloud), upTo("secrets"));
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(output).toMatch(/does not accept the token.*\(DISCORD_BOT_TOKEN from Secret Manager/);
});

test("a project that only the shell names is used once a person confirms it, or nobody is there", async () => {
  machine.environment["GOOGLE_CLOUD_PROJECT"] = PROJECT;
  const { typed, clicks = [] } = newcomer(cloud);
  const unsure = await machine.install({ typed, clicks }, upTo("Google project"));
  expect(unsure).toMatchObject({ code: 130, typed: [] });
  expect(unsure.output).toMatch(
    /everything is made in c500-new\.\n +GOOGLE_CLOUD_PROJECT of your shell .* run: unset GOOGLE_CLOUD_PROJECT/,
  );
  expect(cloud.project?.account.projects.has(PROJECT)).toBe(false);
  const sure = { typed, clicks: [...clicks, [/everything is made in/, () => undefined] as const] };
  const confirmed = await machine.install(sure, upTo("Google project"));
  expect(confirmed).toMatchObject({ code: 0, typed: [] });
  expect(machine.file("c500.env")).toContain(`GOOGLE_CLOUD_PROJECT=${PROJECT}`);

  machine.environment["GOOGLE_CLOUD_PROJECT"] = "another";
  const { code, output } = await machine.install(sure, upTo("Google project"));
  expect(code).toBe(1);
  expect(output).toMatch(
    /it is another in your shell, and c500-new in c500\.env\n +→ .* Run: unset GOOGLE_CLOUD_PROJECT\n/,
  );

  await machine.reset();
  Object.assign(cloud.project?.account ?? {}, { isSignedIn: true });
  machine.environment["GOOGLE_CLOUD_PROJECT"] = PROJECT;
  expect(await machine.install(undefined, upTo("Google project"))).toMatchObject({ code: 0 });
});

test("a service that does not answer is waited for, and its credentials are not called wrong", async () => {
  await machine.install(newcomer(cloud), upTo("Twitch application"));
  const drop = { target: "twitch", fault: { kind: "drop" }, times: 3 } as const;
  for (const rule of [drop, { ...drop, target: "stripe", times: 4 } as const]) {
    cloud.faults.add(rule);
  }
  const { code, output, typed } = await machine.install(
    newcomer(cloud),
    upTo("Twitch application"),
  );
  expect({ code, output, typed }).toMatchObject({ code: 0, typed: [] });
  expect(output).toMatch(/waiting.*: Stripe does not answer: /);
  expect(output).toMatch(/waiting.*: Twitch does not answer: /);
});

test("a file of credentials that signs nobody in is named, and no sign-in is begun", async () => {
  machine.environment["GOOGLE_APPLICATION_CREDENTIALS"] = "/old/key.json";
  const { code, output } = await machine.install(newcomer(cloud), upTo("Google sign-in"));
  expect(code).toBe(1);
  expect(output).toMatch(
    /\/old\/key\.json signs nobody in: .*\n +→ .* Run: unset GOOGLE_APPLICATION_CREDENTIALS\n/,
  );
  expect(machine.programs.calls.filter((line) => line.includes("login"))).toEqual([]);
});
