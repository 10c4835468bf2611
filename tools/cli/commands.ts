import type { DevCommand } from "./command-line.ts";

/** The default of the first port that `./dev up` opens. */
export const DEFAULT_PORT = 7500;
/** The benchmarks of `./dev bench`; each runs separately. */
export const BENCHES = [
  "interactions",
  "buy-now",
  "auction",
  "race",
  "sale",
  "bodies",
  "costs",
] as const;
/** The kinds of simulations that `./dev simulate` runs. */
export const SCENARIOS = ["shop", "auction", "race", "live", "shipping"] as const;
/** The scenes that `./dev up --scene` sets up. */
export const SCENES = ["drop", "auction", "race", "packing"] as const;
/** How many kinds of faults a simulation has. */
export const TROUBLES = ["none", "some", "all"] as const;
/** As many mutations as two processor cores test in about the time of the whole test suite. */
export const MUTATIONS = 60;
/** Twitch allows each person this many connections, and each channel needs one. */
export const MAX_BRIDGED_CHANNELS = 3;
/** Far more than there are functions. */
const MANY = 1000;

/** Every command of `./dev`, in the order of the help. */
export const devCommands: readonly DevCommand[] = [
  {
    name: "demo",
    script: "local/demo/index.ts",
    does: "plays going live, the shop, auctions, shipping and races through the whole cloud on this machine, and reports what happened",
    flags: {
      picture: {
        type: "string",
        value: "FILE",
        does: "where to write the picture of the Live Pot, with packing slips beside it; default .local/live-pot.png",
      },
    },
  },
  {
    name: "up",
    script: "local/up.ts",
    does: "runs the whole cloud on this machine until it is stopped, continuing where the last run ended",
    more: `The state of all services is saved in .local/state every few seconds and at the end, always as of one
    moment, together with the keys and how far the clock was advanced.`,
    flags: {
      port: {
        type: "string",
        value: "N",
        does: `the first of its ports, which serves the control panel; default ${DEFAULT_PORT}`,
      },
      fresh: {
        type: "boolean",
        does: "discards the last run's state and starts empty",
      },
      scene: {
        type: "string",
        value: "NAME",
        does: `sets up a scene once it runs: ${SCENES.join(", ")}`,
      },
      seed: {
        type: "string",
        value: "NUMBER",
        does: "the seed that the scene's details follow from; 1 by default",
      },
      "no-open": {
        type: "boolean",
        does: "does not open the studio in a browser",
      },
    },
  },
  {
    name: "trigger",
    script: "tools/trigger/index.ts",
    does: "makes one event in the cloud of ./dev up, such as a sale or a dispute; lists all without a name",
    more: "./dev trigger NAME --help lists the options of one.",
    words: { name: "NAME", most: 1 },
    flags: {},
    passesOn: true,
  },
  {
    name: "bridge",
    script: "tools/bridge/index.ts",
    does: "forwards real events of Twitch channels to the cloud of ./dev up",
    more: `While ./dev up runs in this folder, it receives every start and end of the channels' streams at its
twitch-webhook. TWITCH_CLIENT_ID in the environment must name an application at
https://dev.twitch.tv/console/apps (client type Public, or Confidential with TWITCH_CLIENT_SECRET too).
The first time, it prints the address of a page on which you allow the application; the token stays in .local/twitch-token.json.
Ctrl+C ends it.`,
    words: { name: "CHANNEL", most: MAX_BRIDGED_CHANNELS },
    flags: {},
  },
  {
    name: "test",
    script: "tools/test/index.ts",
    does: "runs the tests; passes other arguments on to Jest, such as part of a file's name",
    words: { name: "FILE", most: MANY },
    flags: {
      watch: {
        type: "boolean",
        does: "each time a file is saved, runs the tests that it affects, until Ctrl+C",
      },
      e2e: {
        type: "boolean",
        does: "runs the end-to-end tests alone: those in a browser, of other programs, and over sockets",
      },
      google: {
        type: "boolean",
        does: "runs the conformance suites and the product's tests on Google's own emulators, which need Java",
      },
      "google-if-installed": {
        type: "boolean",
        does: "the same if they are installed; otherwise does nothing",
      },
    },
    passesOn: true,
  },
  {
    name: "check",
    script: "tools/check/index.ts",
    does: "runs the checks of every change: types, format, lint, dead code, all tests in process",
    more: `Without the end-to-end tests (./dev test --e2e), the simulations and Google's emulators, which .ci/run adds.`,
    flags: {},
  },
  {
    name: "build",
    script: "tools/build/index.ts",
    does: "builds the functions for deployment into dist/, and compares sizes and cold starts with the last build's",
    more: `Bundles each function, or those named, into dist/NAME/ and packs it as dist/NAME.zip; writes
terraform/functions.json.`,
    words: { name: "NAME", most: MANY },
    flags: { "no-cold-starts": { type: "boolean", does: "builds without measuring cold starts" } },
  },
  {
    name: "bench",
    script: "bench/index.ts",
    does: "runs all benchmarks, or the named one, and prints each result beside its baseline",
    words: { name: "NAME", most: 1, choices: BENCHES },
    flags: {},
  },
  {
    name: "simulate",
    script: "simulation/index.ts",
    does: "runs simulations of the whole product on virtual time with injected faults, and checks the invariants",
    more: `Each seed is one simulation: the same seed gives the same trace. A simulation that violates an invariant is
    shortened and written to .local/simulation.`,
    flags: {
      seeds: { type: "string", value: "COUNT", does: "number of simulations; default 100" },
      seed: { type: "string", value: "NUMBER", does: "the first seed; random by default" },
      scenario: {
        type: "string",
        value: "NAME",
        does: `one of ${SCENARIOS.join(", ")}; all in turn by default`,
      },
      faults: {
        type: "string",
        value: "HOW-MANY",
        does: `${TROUBLES.join(", ")}: how many kinds of faults a simulation has; default some`,
      },
      steps: {
        type: "string",
        value: "COUNT",
        does: "number of steps in a simulation; default 40",
      },
      twice: { type: "boolean", does: "runs every simulation twice and compares the traces" },
      kept: {
        type: "boolean",
        does: "runs the stored simulations that once violated an invariant, and with --seed the others after them",
      },
      whole: { type: "boolean", does: "does not shorten a simulation that violates an invariant" },
      replay: {
        type: "string",
        value: "FILE",
        does: "runs one simulation again and prints all that happens",
      },
    },
  },
  {
    name: "mutate",
    script: "tools/mutate/index.ts",
    does: "changes the code of money and auctions in small ways, and counts how often a test notices",
    more: `By default it changes the files that hold the rules of money; name files to restrict it. Each change is made
    in a copy, in which the tests of that file run until the first fails. Changes that alter no behaviour are listed
    with a reason in tools/mutate/equivalent.json. Fails if the tests notice less than 95% of the changes.`,
    words: { name: "PATH", most: MANY },
    flags: {
      count: { type: "string", value: "N", does: `number of changes; default ${MUTATIONS}` },
      seed: {
        type: "string",
        value: "S",
        does: "selects the same changes again; random by default",
      },
    },
  },
  {
    name: "install",
    script: "tools/install/index.ts",
    does: "installs a community from a clone, asking for six answers; continues where the last run stopped",
    more: `It looks at each step before it does it, so it can be stopped and repeated at any time. docs/install.md says
    where the answers are found. --remove undoes an installation that has sold nothing.`,
    flags: {
      remove: {
        type: "boolean",
        does: "undoes the installation step by step, unless anything was sold",
      },
    },
  },
  {
    name: "setup",
    script: "tools/setup/index.ts",
    does: "asks for credentials, checks them, and sets up Discord, Redis, Stripe, Twitch, the secrets and Terraform's variables",
    more: `--renew stripe creates new webhook endpoints beside the old ones. Once the functions know the new secrets, a
    run without it deletes the old ones.
    --renew redis asks Upstash for the database's address and token again, and creates a database if there
    is none.`,
    flags: {
      renew: {
        type: "string",
        value: "SERVICE",
        does: "stripe or redis: what to create or read again even if nothing is wrong with it",
      },
    },
  },
  {
    name: "doctor",
    script: "tools/doctor/index.ts",
    does: "checks a running installation without changing it, and explains how to fix what is wrong",
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
    more: `./dev docs pictures makes the pictures of README and the docs from the running product, with Chromium.`,
    words: { name: "WHAT", most: 1, choices: ["pictures"] },
    flags: { check: { type: "boolean", does: "writes nothing, and fails if a page is stale" } },
  },
  {
    name: "record",
    script: "tools/record/index.ts",
    does: "plays the demo and records examples of new versions of events and documents in test/recorded",
    flags: {},
  },
];

/** Finds a command. Throws RangeError for an unknown name. */
export function devCommand(name: string): DevCommand {
  const found = devCommands.find((command) => command.name === name);
  if (!found) throw new RangeError(`There is no command ${name}.`);
  return found;
}
