import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { setTimeout } from "node:timers/promises";
import type { Clock } from "../../../shared/runtime/clock.ts";
import { type Person, personAt } from "../../../tools/install/questions/person.ts";
import { runRemove } from "../../../tools/install/remove/remove.ts";
import { runInstall } from "../../../tools/install/run.ts";
import type { Step } from "../../../tools/install/step.ts";
import { stripeClient } from "../../support/clients/stripe-client.ts";
import { community, type TestCloud } from "../../support/cloud.ts";
import { commandsOn, STOP } from "../commands.ts";
import { simulatedPrograms } from "./simulated-programs.ts";

/** What a person types, and does elsewhere when they are asked to. */
export interface Script {
  /** One line for each question, by the question's first words. */
  readonly typed: Readonly<Record<string, string | readonly string[]>>;
  /** What they do before they press Enter, by what the installer says. */
  readonly clicks?: readonly (readonly [RegExp, (said: string) => unknown])[];
}

const GIVEN = [
  "FUNCTIONS_BASE_URL",
  "FUNCTION_URL_TEMPLATE",
  "TASKS_SERVICE_ACCOUNT",
  "DISCORD_API_BASE_URL",
  "STRIPE_API_BASE_URL",
  "TWITCH_API_BASE_URL",
  "TWITCH_AUTH_BASE_URL",
  "UPSTASH_MANAGEMENT_URL",
];

/** A new clone on somebody's machine, with new accounts everywhere. */
export function machineOn(cloud: TestCloud) {
  const commands = commandsOn(cloud);
  const { folder, secrets } = commands;
  const credentialsFile = join(folder, "application_default_credentials.json");
  const programs = simulatedPrograms({ cloud, folder, credentialsFile, secrets });
  const clock: Clock = {
    now: () => cloud.clock.now(),
    sleep: async (ms) => {
      await cloud.clock.advance(ms);
      await cloud.tasks?.whenIdle();
    },
  };
  const environment: Record<string, string> = {};
  const initial = Object.fromEntries([
    ...Object.entries(cloud.settings).filter(
      ([name]) => GIVEN.includes(name) || name.endsWith("_EMULATOR_HOST"),
    ),
    ["CLOUDSDK_CONFIG", folder],
    ["BUILDER_APPROVAL", "automatic"],
  ]);

  let typed: string[] = [];
  let confirmed: string[] = [];
  async function run(
    command: typeof runInstall | typeof runRemove,
    script: Script | undefined,
    steps: readonly Step[] | undefined,
  ) {
    const said: string[] = [];
    typed = [];
    confirmed = [];
    const terminal = { said, typed, confirmed };
    const person = script ? scripted(script, terminal) : personAt(noTerminal(said));
    const context = { environment, folder, clock, programs, person };
    const code = await command(context, steps);
    return { code, output: said.join("\n"), typed, confirmed };
  }

  return {
    ...commands,
    programs,
    /** What the shell gives the next run. */
    environment,
    /** What was typed in the last run. */
    typed: () => typed,
    /** Makes all accounts new, and the folder a clone. */
    async reset(): Promise<void> {
      cloud.faults.clear();
      cloud.functions.undeploy();
      const { account } = cloud.project ?? {};
      account?.clear();
      account?.taken.clear();
      account?.lacked.clear();
      account?.billingAccounts.clear();
      account?.billingAccounts.set("01C500-ABCDEF-123456", "C500");
      if (account) {
        const asNew = {
          isSignedIn: false,
          mayCreateProjects: true,
          hasAcceptedFirebaseTerms: true,
          mostPaidProjects: Number.POSITIVE_INFINITY,
        };
        Object.assign(account, asNew);
      }
      cloud.upstashManagement?.clear();
      cloud.discord.removeGuild(community.guildId);
      for (const name of Object.keys(cloud.settings)) await secrets("DELETE", `/${name}`);
      const stripe = stripeClient(cloud);
      for (const { id } of (await stripe.webhookEndpoints.list()).data) {
        await stripe.webhookEndpoints.del(id);
      }
      const { firestore } = cloud;
      for (const name of ["builders", "go_lives", "orders"]) {
        const { docs } = await firestore.collection(name).get();
        for (const { ref } of docs) await ref.delete();
      }
      cloud.discord.setRedirects([`${cloud.settings["PUBLIC_SITE_URL"]}/discord/callback`]);
      programs.reset();
      for (const name of Object.keys(environment)) delete environment[name];
      Object.assign(environment, initial);
      for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
    },
    install: (script?: Script, steps?: readonly Step[]) => run(runInstall, script, steps),
    remove: (script?: Script, steps?: readonly Step[]) => run(runRemove, script, steps),
    mode: (path: string) => statSync(join(folder, path)).mode & 0o777,
    file: (path: string) => readFileSync(join(folder, path), "utf8"),
  };
}

function noTerminal(said: string[]) {
  const output = new PassThrough();
  output.on("data", (chunk) => said.push(String(chunk).trimEnd()));
  return { input: new PassThrough(), output };
}

/** What happens at a terminal: lines that are printed, lines that are typed, and what Enter alone is pressed for. */
interface Happening {
  readonly said: string[];
  readonly typed: string[];
  readonly confirmed: string[];
}

/** Somebody at a terminal, who types what the script says. */
function scripted({ typed, clicks = [] }: Script, { said, ...entered }: Happening): Person {
  const left = new Map(
    Object.entries(typed).map(([about, each]) => [about, [each].flat()] as const),
  );
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = new PassThrough();
  /** What they press Enter after; undefined if they do not know what to do, and give up. */
  const respond = async (prompt: string): Promise<string | undefined> => {
    if (prompt.includes("Press Enter")) {
      const recent = said.slice(-2).join("\n");
      entered.confirmed.push(said.at(-2)?.trim() ?? "");
      const [, act] = clicks.find(([about]) => about.test(recent)) ?? [];
      await act?.(recent);
      return act && "";
    }
    const all = said.join("\n");
    const asked = [...left.keys()].filter((about) => all.includes(about));
    const [newest] = asked.sort((one, two) => all.lastIndexOf(two) - all.lastIndexOf(one));
    const line = left.get(newest ?? "")?.shift();
    if (line) entered.typed.push(line);
    return line;
  };
  const answer = async (prompt: string) => {
    const line = await respond(prompt).catch((error: unknown) => void said.push(String(error)));
    await setTimeout(0);
    input.write(line === undefined ? STOP : `${line}\r`);
  };
  output.on("data", (chunk) => {
    const text = String(chunk);
    if (/ > $|Ctrl\+C to go on another time: $/.test(text)) void answer(text);
    // What a terminal echoes while a line is typed is no line.
    else if (text.endsWith("\n")) said.push(text.trimEnd());
  });
  return personAt({ input, output });
}
