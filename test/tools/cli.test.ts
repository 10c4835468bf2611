import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { portNames, portsFrom } from "../../local/ports.ts";
import { readTyped, UsageError } from "../../tools/cli/command-line.ts";
import { devCommand, devCommands } from "../../tools/cli/commands.ts";
import { tableOfAll } from "../../tools/cli/help.ts";
import { explainMistake, Mistake } from "../../tools/cli/mistake.ts";

const ROOT = new URL("../../", import.meta.url);
const STACK = /^ {4}at /m;

/** What `./dev` with these words says, and how it ends. */
function dev(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const flags = ["--import", "./tools/lua-modules.ts", "tools/cli/main.ts"];
  const child = spawn(process.execPath, [...flags, ...args], { cwd: ROOT.pathname });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk) => (out += chunk));
  child.stderr.on("data", (chunk) => (err += chunk));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, out, err })));
}

describe("help", () => {
  test("lists every command, also without a word", async () => {
    const { code, out } = await dev("help");
    expect(code).toBe(0);
    for (const { name } of devCommands) expect(out).toContain(`./dev ${name}`);
    expect((await dev()).out).toBe(out);
  });

  test.each(devCommands.map(({ name }) => name))(
    "%s has its own, and does nothing else",
    async (name) => {
      const { code, out, err } = await dev(name, "--help");
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out).toContain(`./dev ${name}`);
    },
  );

  test("names the choices", async () => {
    expect((await dev("bench", "--help")).out).toContain("NAME is one of interactions, buy-now");
    expect((await dev("help", "setup")).out).toContain("--renew redis asks Upstash");
  });

  test("is the README's table", () => {
    const page = readFileSync(new URL("README.md", ROOT), "utf8");
    const unpadded = page.replaceAll(/ {2,}/g, " ").replaceAll(/-{4,}/g, "---");
    expect(unpadded).toContain(tableOfAll());
  });
});

describe("wrong input", () => {
  test.each([
    [["hlep"], "Did you mean ./dev help?"],
    [["doktor"], "Did you mean ./dev doctor?"],
    [["help", "doktor"], "Did you mean ./dev doctor?"],
    [["zzz"], "There is no ./dev zzz. ./dev help lists all commands."],
    [["up", "--prot", "7600"], "./dev up has no --prot. Did you mean --port?"],
    [["up", "--port"], "--port needs a value: N."],
    [["up", "--port", "abc"], '"abc" is not a port'],
    [["up", "now"], './dev up takes no "now".'],
    [["check", "--fast"], "./dev check has no --fast. Its flags: --help."],
    [["doctor", "--fix"], "./dev doctor has no --fix."],
    [["setup", "--renew"], "--renew needs a value: SERVICE."],
    [["bench", "aucton"], "Did you mean auction?"],
    [["build", "hamer-drop"], "Did you mean hammer-drop?"],
    [["build", "--no-cold-start"], "Did you mean --no-cold-starts?"],
    [["demo", "--picture", "/nowhere/at/all.png"], "There is no folder /nowhere/at"],
    [["setup", "--renew", "twitch"], '"twitch" can\'t be renewed: --renew is stripe or redis.'],
    [["ops", "--foo"], "There is no ./dev ops --foo."],
    [["ops", "auction", "lst"], "Did you mean auction list?"],
    [["ops", "auction", "list", "--jason"], "There is no --jason here. Did you mean --json?"],
  ])("%j is answered with valid input, and no stack", async (args, words) => {
    const { code, err, out } = await dev(...args);
    expect(err).toContain(words);
    expect(`${out}${err}`).not.toMatch(STACK);
    expect(code).toBeGreaterThan(0);
  });

  test("a flag's value is read however it is written", () => {
    const up = devCommand("up");
    expect(readTyped(up, ["--port", "7600"]).texts).toEqual({ port: "7600" });
    expect(readTyped(up, ["--port=7600"]).texts).toEqual({ port: "7600" });
    expect(() => readTyped(up, ["-p"])).toThrow(UsageError);
  });
});

describe("an error that a person can fix", () => {
  test.each([
    ["a missing file", { code: "ENOENT", path: "c500.env" }, "There is no file c500.env."],
    ["a taken port", { code: "EADDRINUSE", port: 7500 }, "Port 7500 is taken"],
    ["no network", { code: "ENOTFOUND" }, "Check the network"],
  ])("%s is one sentence", (_what, fields, words) => {
    expect(explainMistake(Object.assign(new Error("raw"), fields))).toContain(words);
    const cause = Object.assign(new Error("raw"), fields);
    expect(explainMistake(new Error("fetch failed", { cause }))).toContain(words);
  });

  test("does not include defects", () => {
    expect(explainMistake(new TypeError("x is not a function"))).toBeUndefined();
    expect(explainMistake(new Mistake("Do this."))).toBe("Do this.");
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
    expect(err).toContain(`another program has`);
    expect(err).toContain(String(taken));
    expect(err).toContain(`./dev up --port ${first + 100}`);
  });

  test("its ports are known beforehand, one after the other", () => {
    expect(Object.values(portsFrom(7500) ?? {})).toEqual(
      Array.from({ length: portNames.length }, (_, index) => 7500 + index),
    );
    for (const impossible of [0, 80, 65_530, 7500.5, Number.NaN]) {
      expect(portsFrom(impossible)).toBeUndefined();
    }
  });
});
