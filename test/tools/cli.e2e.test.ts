import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { portNames, portsFrom } from "../../local/cloud/ports.ts";
import { pictureFile } from "../../local/demo/pictures/picture.ts";
import { answer } from "../../tools/cli/answer.ts";
import { readTyped, UsageError } from "../../tools/cli/command-line.ts";
import { devCommand, devCommands } from "../../tools/cli/commands.ts";
import { explainMistake, Mistake } from "../../tools/cli/mistake.ts";
import { runOps } from "../../tools/ops/run-ops.ts";
import { readArguments } from "../../tools/setup/arguments.ts";
import { dev, devIn } from "../support/cli/dev.ts";

const STACK = /^ {4}at /m;

/** What is shown for these words without running a command's own program. */
function shown(...words: readonly string[]): string {
  const answered = answer(words);
  return "text" in answered ? answered.text : "";
}

/** The message shown to someone who has typed something wrong. */
function complaint(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return explainMistake(error);
  }
}

describe("help", () => {
  test("lists every command, also when nothing was typed", async () => {
    const { code, out } = await dev("help");
    expect(code).toBe(0);
    for (const { name } of devCommands) expect(out).toContain(`./dev ${name}`);
    expect(shown()).toBe(out);
  });

  test.each(devCommands.map(({ name }) => name).filter((name) => name !== "ops"))(
    "%s has its own, and only shows it",
    (name) => {
      expect(answer([name, "--help"])).toEqual({ text: shown("help", name) });
      expect(shown(name, "-h")).toContain(`./dev ${name}`);
    },
  );

  test("of ops is printed by its own program", async () => {
    const { code, out, err } = await dev("ops", "--help");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("./dev ops auction list");
  });

  test("names the choices", () => {
    expect(shown("bench", "--help")).toContain("NAME is one of interactions, buy-now");
    expect(shown("help", "setup")).toContain("--renew redis asks Upstash");
  });
});

test("npm has a script for each command of ./dev, except install, which npm would run by itself", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
  const names = devCommands.map(({ name }) => name).filter((name) => name !== "install");
  const expected = names.map((name) => [name, `./dev ${name}`]);
  expect(Object.entries(scripts).toSorted()).toEqual(expected.toSorted());
});

test("editors and the CI use the version of Node that package.json asks for", () => {
  const { engines } = JSON.parse(readFileSync("package.json", "utf8"));
  expect(`>=${readFileSync(".nvmrc", "utf8").trim()}`).toBe(engines.node);
});

describe("wrong input", () => {
  test.each([
    [["hlep"], "Did you mean ./dev help?"],
    [["doktor"], "Did you mean ./dev doctor?"],
    [["help", "doktor"], "Did you mean ./dev doctor?"],
    [["zzz"], "./dev has no command zzz."],
    [["up", "--prot", "7600"], "./dev up has no --prot. Did you mean --port?"],
    [["up", "--port"], "--port needs a value: N."],
    [["up", "now"], './dev up takes no argument "now".'],
    [["check", "--fast"], "./dev check has no --fast. Its flags: --help."],
    [["doctor", "--fix"], "./dev doctor has no --fix."],
    [["setup", "--renew"], "--renew needs a value: SERVICE."],
    [["bench", "aucton"], "Did you mean auction?"],
    [["build", "--no-cold-start"], "Did you mean --no-cold-starts?"],
  ])("%j is refused with a hint at valid input before any command is loaded", (words, sentence) => {
    expect(complaint(() => answer(words))).toContain(sentence);
  });

  test.each([
    [["zzz"], "./dev has no command zzz. ./dev help lists all commands."],
    [["up", "--port", "abc"], '"abc" is not a port'],
    [["build", "hamer-drop"], "Did you mean hammer-drop?"],
    [["demo", "--picture", "/nowhere/at/all.png"], "The folder /nowhere/at does not exist"],
    [["ops", "auction", "lst"], "Did you mean auction list?"],
  ])("%j is refused with a hint at valid input and without a stack", async (args, words) => {
    const { code, err, out } = await dev(...args);
    expect(err).toContain(words);
    expect(`${out}${err}`).not.toMatch(STACK);
    expect(code).toBeGreaterThan(0);
  });

  test.each([
    ["--foo", "./dev ops has no command --foo."],
    ["auction list --jason", "This command has no option --jason. Did you mean --json?"],
  ])("ops %s is refused with a hint at valid input", async (words, sentence) => {
    const err = new PassThrough();
    const open = () => Promise.reject(new Error("Nothing should be opened."));
    const context = { out: new PassThrough(), err, ask: undefined, open };
    expect(await runOps(words.split(" "), context)).toBeGreaterThan(0);
    expect(String(err.read())).toContain(sentence);
  });

  test("an invalid path for the demo's picture and an invalid renewal are named", () => {
    const folder = complaint(() => pictureFile(["--picture", tmpdir()]));
    expect(folder).toContain(`${tmpdir()} is a folder. Name a file`);
    const renewal = complaint(() => readArguments(["--renew", "twitch"]));
    expect(renewal).toContain('"twitch" can\'t be renewed: --renew is stripe or redis.');
  });

  test("a flag's value is read in every way it can be written", () => {
    const up = devCommand("up");
    expect(readTyped(up, ["--port", "7600"]).texts).toEqual({ port: "7600" });
    expect(readTyped(up, ["--port=7600"]).texts).toEqual({ port: "7600" });
    expect(() => readTyped(up, ["-p"])).toThrow(UsageError);
  });
});

describe("an error that the user can fix", () => {
  test.each([
    ["a missing file", { code: "ENOENT", path: "c500.env" }, "The file c500.env does not exist."],
    ["a taken port", { code: "EADDRINUSE", port: 7500 }, "Another program uses port 7500"],
    ["no network", { code: "ENOTFOUND" }, "Check the network"],
    ["an expired sign-in", { message: "invalid_grant: reauth related error" }, "gcloud auth"],
  ])("%s is explained in one sentence", (_what, fields, words) => {
    expect(explainMistake(Object.assign(new Error("raw"), fields))).toContain(words);
    const cause = Object.assign(new Error("raw"), fields);
    expect(explainMistake(new Error("fetch failed", { cause }))).toContain(words);
  });

  test("is not a defect", () => {
    expect(explainMistake(new TypeError("x is not a function"))).toBeUndefined();
    expect(explainMistake(new Mistake("Do this."))).toBe("Do this.");
  });
});

describe("in a folder of settings", () => {
  const folder = mkdtempSync(join(tmpdir(), "c500-cli-"));
  const file = join(folder, "c500.env");
  const variables = join(folder, "terraform/c500.auto.tfvars.json");
  /** A metadata server at which nobody is signed in, as on a machine outside of Google's cloud. */
  const metadata = createHttpServer((_request, response) => response.writeHead(403).end());
  const settings: NodeJS.ProcessEnv = {
    HOME: folder,
    METADATA_SERVER_DETECTION: undefined,
    FIRESTORE_EMULATOR_HOST: undefined,
    GOOGLE_APPLICATION_CREDENTIALS: undefined,
    CLOUDSDK_CONFIG: undefined,
  };
  const here = (command: string, more: NodeJS.ProcessEnv = {}) =>
    devIn(folder, { ...settings, ...more }, command.split(" "));

  beforeAll(async () => {
    await new Promise<void>((resolve) => metadata.listen(0, "127.0.0.1", resolve));
    const address = metadata.address();
    const port = typeof address === "object" ? address?.port : undefined;
    settings["GCE_METADATA_HOST"] = `127.0.0.1:${port}`;
    mkdirSync(join(folder, "terraform"));
  });
  afterEach(() => {
    rmSync(file, { recursive: true, force: true });
    rmSync(variables, { force: true });
  });
  afterAll(() => {
    metadata.close();
    rmSync(folder, { recursive: true });
  });

  test.each([
    "ops ledger check",
    "ops dead-letters list",
    "ops trace 123",
    "ops ledger adjust give 7 5.00 usd --id one --reason Correction --by me --yes",
  ])("./dev %s without being signed in to Google explains how to sign in", async (command) => {
    const given = { GOOGLE_CLOUD_PROJECT: "c500-nowhere", DISCORD_GUILD_ID: "7" };
    const { code, err, out } = await here(command, given);
    expect(`${out}${err}`).toBe(
      "You are not signed in to Google. Sign in with: gcloud auth application-default login\n",
    );
    expect(code).toBe(1);
  });

  test.each([
    ["doctor", "JSON", '{"project_id": '],
    ["setup", "structure", '{"settings": 7}'],
    ["ops ledger check", "JSON", '{"project_id": '],
  ])("./dev %s names a broken settings file and what to do", async (command, why, broken) => {
    writeFileSync(variables, broken);
    const { code, err } = await here(command);
    expect(err).toMatch(/^terraform.c500\.auto\.tfvars\.json is broken \(.+\)\. Delete it/);
    expect(err).toContain(why);
    expect(err).not.toMatch(STACK);
    expect(code).toBe(1);
  });

  test("a folder in place of the settings file is named", async () => {
    mkdirSync(file);
    const { code, err } = await here("doctor");
    const sentence = "c500.env is a folder; a file is needed there.\n";
    expect({ code, err }).toEqual({ code: 1, err: sentence });
  });
});

describe("./dev up on a port that another program has", () => {
  const server = createServer();
  let taken = 0;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    taken = typeof address === "object" ? (address?.port ?? 0) : 0;
  });
  afterAll(() => void server.close());

  test("names the ports, and what to type instead", async () => {
    const first = taken - 2;
    const { code, err } = await dev("up", "--port", String(first));
    expect(code).toBe(1);
    expect(err).toContain("Another program listens on");
    expect(err).toContain(String(taken));
    expect(err).toContain(`./dev up --port ${first + 100}`);
  });

  test("its ports are consecutive and known in advance", () => {
    expect(Object.values(portsFrom(7500) ?? {})).toEqual(
      Array.from({ length: portNames.length }, (_, index) => 7500 + index),
    );
    for (const impossible of [0, 80, 65_530, 7500.5, Number.NaN]) {
      expect(portsFrom(impossible)).toBeUndefined();
    }
  });
});
