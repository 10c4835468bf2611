import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { functionNames, manifest } from "../../../functions/manifest.ts";
import {
  functionAt,
  headersAt,
  publicFolder,
  readConfiguration,
} from "../../../local/google/hosting/configuration.ts";
import { settings } from "../../../shared/runtime/config.ts";
import type { FunctionRow } from "../../../shared/runtime/function/function-row.ts";

const configuration = readConfiguration();
const { rewrites } = configuration;
const files = globSync("**/*.*", { cwd: publicFolder(configuration) });
/** What names scripts and style sheets: pages, and scripts that import others. */
const pages = globSync(["functions/*/web/*.ts", "shared/web/*.ts", "web/*/*.js"])
  .map((file) => readFileSync(file, "utf8"))
  .join("\n");
/** Whether what names the file names its version too. */
const isVersioned = (file: string) => pages.includes(`/${basename(file)}?v=`);

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 24 * HOUR_SECONDS;

function headerOf(path: string, key: string): string {
  return headersAt(configuration, path).findLast((header) => header.key === key)?.value ?? "";
}

describe("the site's rewrites", () => {
  test("reach every public function, and no other", () => {
    const isPublic = ({ trigger }: FunctionRow) => trigger.kind === "http" && trigger.isPublic;
    const reached = new Set(rewrites.map(({ run }) => run.serviceId));
    expect([...reached].sort()).toEqual(
      functionNames.filter((name) => isPublic(manifest[name])).sort(),
    );
  });

  test("leave no path unanswered, and hide none behind another", () => {
    expect(rewrites.at(-1)).toMatchObject({ source: "**", run: { serviceId: "web" } });
    for (const { source, run } of rewrites.slice(0, -1)) {
      expect(source).toMatch(/^\/[a-z/]+\*?$/);
      expect(functionAt(configuration, source.replace("*", "anything"))).toBe(run.serviceId);
    }
  });

  test("name the functions' region, and no revision, so that a deployed function is reached at once", () => {
    const region = settings.GOOGLE_CLOUD_REGION.default;
    for (const { run } of rewrites) {
      expect(run).toEqual({ serviceId: run.serviceId, region });
    }
  });
});

describe("the site's headers", () => {
  test.each(files)("let %s be kept only as long as it may be out of date", (file) => {
    const caching = headerOf(`/${file}`, "Cache-Control");
    if (/-\d+\.woff2$/.test(file)) {
      // A changed typeface gets another name.
      expect(caching).toBe("public, max-age=31536000, immutable");
    } else {
      const seconds = Number(/^public, max-age=(\d+)$/.exec(caching)?.[1]);
      expect(seconds).toBeLessThanOrEqual(isVersioned(file) ? DAY_SECONDS : HOUR_SECONDS);
    }
    expect(headerOf(`/${file}`, "X-Content-Type-Options")).toBe("nosniff");
  });

  test("let no script run in a picture that is opened by itself", () => {
    const pictures = files.filter((file) => file.endsWith(".svg"));
    expect(pictures).not.toEqual([]);
    for (const file of pictures) {
      expect(headerOf(`/${file}`, "Content-Security-Policy")).toMatch(/^default-src 'none'/);
    }
  });

  test("of each script and style sheet are those of one whose address changes with it", () => {
    const code = files.filter((file) => /\.(css|js)$/.test(file));
    expect(code).not.toEqual([]);
    for (const file of code) expect([file, isVersioned(file)]).toEqual([file, true]);
  });

  test.each([
    "/",
    "/drop/a/picture",
    "/auction/1/feed.json",
    "/overlay/1",
    "/pot/a-key.json",
    "/scripts/gone.js",
    "/webhooks/stripe",
    "/interactions",
  ])("leave %s to what the function says", (path) => {
    expect(headersAt(configuration, path)).toEqual([]);
  });
});

describe("the database's rules", () => {
  const firebase = JSON.parse(readFileSync("firebase.json", "utf8"));

  test("let no browser and no app read or write anything", () => {
    const rules = readFileSync(firebase.firestore.rules, "utf8").replace(/\/\/.*/g, "");
    expect(rules.replace(/\s+/g, " ").trim()).toBe(
      "rules_version = '2'; service cloud.firestore { match /databases/{database}/documents " +
        "{ match /{document=**} { allow read, write: if false; } } }",
    );
  });

  test("are deployed with the indexes that the queries need", () => {
    expect(firebase.firestore.indexes).toBe("firestore.indexes.json");
  });
});
