import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { strFromU8, unzipSync } from "fflate";
import { manifest } from "../../../functions/manifest.ts";
import { buildEntry } from "../../../tools/build/build-function.ts";
import { type BuiltFile, bundle, entryOf } from "../../../tools/build/bundle.ts";
import {
  fillCompileCache,
  firstAnswer,
  spawnFunction,
} from "../../../tools/build/function-process.ts";
import { tableOf } from "../../../tools/build/table.ts";
import { throwawaySettings } from "../../../tools/build/throwaway-settings.ts";
import { zip } from "../../../tools/build/zip.ts";

/** What is no bundle's part. */
const WRITTEN_HERE = new Set(["index.js", "compile-cache.js"]);
const NAME = "test-clawback";
const ENTRY = entryOf("clawback").replace('serve("clawback"', `serve("${NAME}"`);
const settings = throwawaySettings(manifest.clawback.settings);

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A copy of the project's sources in another folder, nested by `down`. */
function otherFolder(down: string): string {
  const temporary = mkdtempSync(join(tmpdir(), "c500-build-"));
  folders.push(temporary);
  const folder = join(temporary, down);
  const sources = ["functions", "shared", "tsconfig.json", "package.json", "package-lock.json"];
  for (const path of sources) cpSync(path, join(folder, path), { recursive: true });
  symlinkSync(join(process.cwd(), "node_modules"), join(folder, "node_modules"));
  return folder;
}

function textOf(files: readonly BuiltFile[], path: string): string {
  const file = files.find((one) => one.path === path);
  return Buffer.from(file?.contents ?? []).toString("utf8");
}

describe("a bundle", () => {
  let here: readonly BuiltFile[];
  let there: readonly BuiltFile[];
  beforeAll(async () => {
    here = await bundle("hammer-drop", entryOf("hammer-drop"), otherFolder("."));
    there = await bundle("hammer-drop", entryOf("hammer-drop"), otherFolder("deep/down"));
  });

  test("is byte for byte the same, whatever folder the sources are in", () => {
    expect(there.map(({ path }) => path)).toEqual(here.map(({ path }) => path));
    expect(Buffer.compare(zip(there), zip(here))).toBe(0);
  });

  test("has a source map beside each script, which names the sources but does not contain them", () => {
    const scripts = here.filter(({ path }) => path.endsWith(".js") && !WRITTEN_HERE.has(path));
    for (const { path } of scripts) expect(textOf(here, path)).toContain(`=${path}.map`);
    const map = JSON.parse(textOf(here, "function.js.map")) as { sources: string[] };
    expect(map.sources).toContain("../../functions/auctions/handlers/hammer-drop.ts");
    expect(map).not.toHaveProperty("sourcesContent");
    for (const { path, contents } of here) {
      expect([path, Buffer.from(contents).includes(tmpdir())]).toEqual([path, false]);
    }
  });

  test("of a webhook that only publishes contains no store of any feature", async () => {
    const files = await bundle("stripe-webhook", entryOf("stripe-webhook"));
    const { sources } = JSON.parse(textOf(files, "function.js.map")) as { sources: string[] };
    expect(sources).toContain("../../functions/ingress/handlers/stripe-webhook.ts");
    expect(sources.filter((source) => source.includes("/store/"))).toEqual([]);
  });

  test("includes the Lua scripts for Redis", () => {
    const [firstLine] = readFileSync("functions/auctions/engine/lifecycle/close.lua", "utf8").split(
      "\n",
    );
    expect(textOf(here, "function.js")).toContain(firstLine);
    expect(here.filter(({ path }) => path.endsWith(".lua"))).toEqual([]);
  });

  test("is refused when it imports something that does not exist", async () => {
    const entry = 'import * as all from "./shared/runtime/lazy.ts"; export const it = all.nothing;';
    await expect(bundle("test-warned", entry)).rejects.toThrow(/test-warned.*\n.*"nothing"/);
  });

  test.each([
    ["stays outside of it", "@google-cloud/firestore"],
    ["is bundled", "stripe"],
  ])("is refused when a library that %s would be loaded at startup", async (_, library) => {
    const load = `const loaded = await import("${library}"); Reflect.set(globalThis, "it", loaded);`;
    await bundle("test-late", load);
    const entry = `import * as loaded from "${library}"; Reflect.set(globalThis, "it", loaded);`;
    await expect(bundle("test-early", entry)).rejects.toThrow(
      `test-early would load at its start what belongs to its first use, in an import():
  ${library}, for test-early.entry.ts`,
    );
  });
});

describe("a built function's package", () => {
  test("lists only the libraries that the bundle loads at run time, in the project's versions", async () => {
    const entry = `
      import { http } from "@google-cloud/functions-framework";
      http("test-lean", async (_request, response) => {
        const { credentials } = await import("@grpc/grpc-js");
        response.send(String(credentials));
      });`;
    const files = await bundle("test-lean", entry);
    const { dependencies } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(JSON.parse(textOf(files, "package.json"))).toEqual({
      name: "test-lean",
      private: true,
      scripts: expect.objectContaining({ "gcp-build": expect.any(String) }),
      type: "module",
      main: "index.js",
      dependencies: {
        "@google-cloud/functions-framework": dependencies["@google-cloud/functions-framework"],
        "@grpc/grpc-js": dependencies["@grpc/grpc-js"],
      },
    });
    const { packages } = JSON.parse(textOf(files, "package-lock.json"));
    expect(packages).toHaveProperty(["node_modules/express"]);
    expect(packages).not.toHaveProperty(["node_modules/@google-cloud/firestore"]);
  });

  test("is installed without scripts, as the project is", async () => {
    const files = await bundle("test-bare", "globalThis.it = 1;");
    expect(textOf(files, ".npmrc")).toBe("ignore-scripts=true\n");
    expect(readFileSync(".npmrc", "utf8").split("\n")).toContain("ignore-scripts=true");
    // Before adding a package with an install script, check whether it works without running it.
    const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
      packages: Record<string, { hasInstallScript?: true }>;
    };
    const withScripts = Object.keys(packages).filter((name) => packages[name]?.hasInstallScript);
    expect(withScripts.sort()).toEqual([
      "node_modules/@parcel/watcher",
      "node_modules/esbuild",
      "node_modules/protobufjs",
    ]);
  });
});

describe("a packed function", () => {
  const file = (path: string, text: string) => ({ path, contents: Buffer.from(text) });

  test("contains every file unchanged", () => {
    const unpacked = unzipSync(zip([file("a.js", "one"), file("b.js", "two")]));
    expect(Object.entries(unpacked).map(([path, bytes]) => [path, strFromU8(bytes)])).toEqual([
      ["a.js", "one"],
      ["b.js", "two"],
    ]);
  });

  test("has the modification time 1980-01-01 12:00 in every time zone", () => {
    // https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.7
    const [time, date] = new Uint16Array(zip([file("a.js", "one")]).slice(10, 14).buffer);
    expect([time, date]).toEqual([12 << 11, (1 << 5) | 1]);
  });
});

describe("a function in dist/", () => {
  beforeAll(async () => {
    await buildEntry(NAME, ENTRY);
    folders.push(join("dist", NAME), join("dist", `${NAME}.zip`));
  });

  test("installs from its own lockfile", () => {
    const args = ["ls", "--all", "--package-lock-only"];
    const options = { cwd: join("dist", NAME), encoding: "utf8" } as const;
    expect(spawnSync("npm", args, options)).toMatchObject({ status: 0 });
  });

  test("answers through functions-framework", async () => {
    const server = await spawnFunction(NAME, settings);
    try {
      expect(await firstAnswer(server, { method: "POST" })).toBe(400);
    } finally {
      await server.stop();
    }
  });

  test("reads all compiled scripts from the compile cache when it starts", async () => {
    fillCompileCache(NAME);
    const server = await spawnFunction(NAME, { ...settings, NODE_DEBUG_NATIVE: "COMPILE_CACHE" });
    try {
      await firstAnswer(server, { method: "POST" });
      const lines = server.output(Number.POSITIVE_INFINITY).split("\n");
      const compiled = lines.filter((line) => line.includes("was not initialized"));
      expect(compiled).toEqual([expect.stringContaining("functions-framework/build/src/main.js ")]);
      const cached = lines.filter((line) => line.includes("was accepted"));
      expect(cached).toContainEqual(expect.stringContaining(`dist/${NAME}/function.js `));
    } finally {
      await server.stop();
    }
  });

  test("does not start without a required setting, and names the setting and the line that reads it", async () => {
    const { FUNCTION_URL_TEMPLATE: _left, ...others } = settings;
    const server = await spawnFunction(NAME, others);
    const lines = readFileSync("shared/runtime/settings.ts", "utf8").split("\n");
    const line = lines.findIndex((text) => text.includes("throw new ConfigError")) + 1;
    try {
      const reason = await firstAnswer(server, {}).catch((error: Error) => error.message);
      expect(reason).toContain(`${NAME} ended at its start`);
      expect(reason).toContain(
        "ConfigError: Bad configuration: FUNCTION_URL_TEMPLATE is missing.\n",
      );
      expect(reason).toContain(`shared/runtime/settings.ts:${line}:`);
    } finally {
      await server.stop();
    }
  });

  test("that does not answer in time is named", async () => {
    const server = await spawnFunction(NAME, settings);
    try {
      await expect(firstAnswer(server, {}, { deadlineMs: 1 })).rejects.toThrow(
        `${NAME} gave no answer in 0.001 s`,
      );
    } finally {
      await server.stop();
    }
  });
});

describe("./dev build", () => {
  test("refuses the name of a function that does not exist, and lists those that do", () => {
    const { status, stderr } = spawnSync("bash", ["dev", "build", "nope"], {
      encoding: "utf8",
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^There is no function nope\. There are: discord-interactions, /);
  });

  test("compares each function with its last build", () => {
    const web = {
      name: "web",
      codeBytes: 1_500_000,
      zipBytes: 600_000,
      sha256: "b",
      coldStartMs: 400,
    };
    const wallet = { name: "wallet", codeBytes: 1_000, zipBytes: 500, sha256: "a" };
    const before = { web: { ...web, codeBytes: 1_498_500, sha256: "a", coldStartMs: 420 } };
    expect(tableOf([web, wallet], before)).toEqual([
      "function     code           zip     cold start       content",
      "web       1500 kB  +1.5  600 kB  =      400 ms  -20  changed",
      "wallet       1 kB          1 kB                      new",
    ]);
  });
});
