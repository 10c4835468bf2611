import type { DevCommand } from "./command-line.ts";

/** The first of the ports that `./dev up` opens, by default. */
export const DEFAULT_PORT = 7500;
/** What `./dev bench` measures, each by itself. */
export const BENCHES = ["interactions", "buy-now", "auction", "race", "bodies", "costs"] as const;
/** The kinds of simulations that `./dev simulate` runs. */
export const SCENARIOS = ["shop", "auction", "race", "live"] as const;
/** How much goes wrong on them. */
export const TROUBLES = ["none", "some", "all"] as const;
/** As many mutations as two processor cores try in about the time of all tests. */
export const MUTATIONS = 60;
/** Twitch allows one person this many connections, and each channel has its own. */
export const MAX_BRIDGED_CHANNELS = 3;
/** Far more than there are functions. */
const MANY = 1000;

/** Every command of `./dev`, as the help shows them. */
export const devCommands: readonly DevCommand[] = [
  {
    name: "demo",
    script: "local/demo/index.ts",
    does: "plays going live, the shop, auctions and races through the whole cloud on this machine, and says what happened",
    flags: {
      picture: {
        type: "string",
        value: "FILE",
        does: "where the picture of the Live Pot goes; .local/live-pot.png unless given",
      },
    },
  },
  {
    name: "up",
    script: "local/up.ts",
    does: "runs the whole cloud on this machine until it is stopped, continuing where the last run ended",
    more: `The state of all services is in .local/state: written every few seconds and at the end, always as of one
moment, with the keys and how far the clock was advanced.`,
    flags: {
      port: {
        type: "string",
        value: "N",
        does: `the first of its ports, with the control on it; ${DEFAULT_PORT} unless given`,
      },
      fresh: {
        type: "boolean",
        does: "discards the state that the last run left, and starts empty",
      },
    },
  },
  {
    name: "bridge",
    script: "tools/bridge/index.ts",
    does: "forwards real events of Twitch channels to the cloud of ./dev up",
    more: `While ./dev up runs in this folder, every beginning and end of the channels' streams goes to its
twitch-webhook. TWITCH_CLIENT_ID in the environment is that of an application at
https://dev.twitch.tv/console/apps (client type Public, or Confidential with TWITCH_CLIENT_SECRET too).
The first time it shows a page on which you allow it; the token stays in .local/twitch-token.json.
Ctrl+C ends it.`,
    words: { name: "CHANNEL", most: MAX_BRIDGED_CHANNELS },
    flags: {},
  },
  {
    name: "test",
    script: "tools/test.ts",
    does: "runs the tests; other arguments go to Jest, such as part of a file's name",
    words: { name: "FILE", most: MANY },
    flags: {
      watch: {
        type: "boolean",
        does: "the tests that a change concerns, each time that a file is saved, until Ctrl+C",
      },
      google: {
        type: "boolean",
        does: "the conformance suites and the product's tests on Google's own emulators, which need Java",
      },
      "google-if-installed": {
        type: "boolean",
        does: "the same if they are installed, otherwise nothing",
      },
    },
    passesOn: true,
  },
  {
    name: "check",
    script: "tools/check.ts",
    does: "runs what a change must pass: types, format, lint, dead code, tests",
    flags: {},
  },
  {
    name: "build",
    script: "tools/build/index.ts",
    does: "builds the functions for deployment into dist/, and compares sizes and cold starts with the last build's",
    more: `Bundles each function, or those named, into dist/NAME/ and packs it as dist/NAME.zip; writes
terraform/functions.json.`,
    words: { name: "NAME", most: MANY },
    flags: { "no-cold-starts": { type: "boolean", does: "only builds, and measures nothing" } },
  },
  {
    name: "bench",
    script: "bench/index.ts",
    does: "runs all benchmarks, or the one named, and prints what each is compared with",
    words: { name: "NAME", most: 1, choices: BENCHES },
    flags: {},
  },
  {
    name: "simulate",
    script: "simulation/index.ts",
    does: "runs simulations of the whole business on virtual time while things go wrong, and checks the invariants",
    more: `Each seed is a simulation: the same seed gives the same trace. A simulation that breaks a rule is shortened and
written to .local/simulation.`,
    flags: {
      seeds: { type: "string", value: "COUNT", does: "how many simulations; 100 unless told" },
      seed: { type: "string", value: "NUMBER", does: "the first seed; drawn unless told" },
      scenario: {
        type: "string",
        value: "NAME",
        does: `one of ${SCENARIOS.join(", ")}; all in turn unless told`,
      },
      faults: {
        type: "string",
        value: "HOW-MANY",
        does: `${TROUBLES.join(", ")}: how many kinds of faults a simulation has; some unless told`,
      },
      steps: {
        type: "string",
        value: "COUNT",
        does: "how many things are done on a simulation; 40 unless told",
      },
      twice: { type: "boolean", does: "runs every simulation twice and compares the traces" },
      kept: { type: "boolean", does: "runs the simulations that once broke a rule" },
      whole: { type: "boolean", does: "does not shorten a simulation that breaks a rule" },
      replay: {
        type: "string",
        value: "FILE",
        does: "runs one simulation again and says all that happens",
      },
    },
  },
  {
    name: "mutate",
    script: "tools/mutate/index.ts",
    does: "changes the code of money and auctions in small ways, and counts how often a test notices",
    more: `Of the files that hold the rules of money, or of those named. Each change is made in a copy, for which the
tests of its file run up to the first that fails. Changes that alter nothing are kept, each with a reason, in
tools/mutate/equivalent.json. Fails when less than 95 % are noticed.`,
    words: { name: "PATH", most: MANY },
    flags: {
      count: { type: "string", value: "N", does: `how many changes; ${MUTATIONS} unless told` },
      seed: { type: "string", value: "S", does: "draws the same changes again; drawn unless told" },
    },
  },
  {
    name: "setup",
    script: "tools/setup/index.ts",
    does: "asks for credentials, checks them, and sets up Discord, Redis, Stripe, Twitch, the secrets and Terraform's variables",
    more: `--renew stripe makes new webhook endpoints beside the old ones; a run without it, once the functions
know the new secrets, deletes the old ones.
--renew redis asks Upstash for the database's address and token again, and creates a database if there
is none.`,
    flags: {
      renew: {
        type: "string",
        value: "SERVICE",
        does: "stripe or redis: what to create or read again although nothing is wrong with it",
      },
    },
  },
  {
    name: "doctor",
    script: "tools/doctor/index.ts",
    does: "checks a running installation without changing it, and says how to fix what is wrong",
    flags: {},
  },
  {
    name: "ops",
    script: "tools/ops/index.ts",
    does: "operates an installation: dead letters, auctions, orders, the ledger, traces; ./dev ops help lists all commands",
    words: { name: "COMMAND", most: MANY },
    flags: {},
    passesOn: true,
  },
  {
    name: "docs",
    script: "tools/reference/index.ts",
    does: "writes the pages of docs/reference from the code",
    more: `./dev docs picture makes README's picture from the running product, with Chromium.`,
    words: { name: "WHAT", most: 1, choices: ["picture"] },
    flags: { check: { type: "boolean", does: "writes nothing, and fails if a page is stale" } },
  },
  {
    name: "record",
    script: "tools/record-examples.ts",
    does: "plays the demo and keeps examples of new versions of events and documents in test/recorded",
    flags: {},
  },
];

/** One of them. Throws RangeError for a name that is none. */
export function devCommand(name: string): DevCommand {
  const found = devCommands.find((command) => command.name === name);
  if (!found) throw new RangeError(`There is no command ${name}.`);
  return found;
}
