import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { functionNames } from "../../../../functions/manifest.ts";
import { PROJECT } from "../../../build/bundle.ts";
import { terraformOf } from "../../programs/terraform.ts";
import { BlockedError, done, missing, type Step } from "../../step.ts";

const COMPARING = "Terraform compares what there is with what there has to be, for up to a minute";

/** What has to exist before the code: accounts, secrets without values, database, topics, queues. */
export const foundation: Step = {
  name: "cloud without code",
  slowCheck: COMPARING,
  async check(installation) {
    const terraform = terraformOf(installation);
    if (await terraform.isDeployed()) return done("made, with functions on it");
    return (await terraform.isCurrent("foundation"))
      ? done("made as terraform/ says")
      : missing("Terraform makes all but the functions, in about five minutes");
  },
  run: (installation) => terraformOf(installation).apply("foundation"),
};

/** The functions' code, packed. Built again when a source is newer. */
export const build: Step = {
  name: "build",
  async check({ context }) {
    const builtAtMs = oldestBuild(join(context.folder, "dist"));
    const isCurrent = builtAtMs !== undefined && builtAtMs >= newestSource();
    return isCurrent
      ? done(`${functionNames.length} functions are packed`)
      : missing("packing the functions, which takes a minute or two");
  },
  async run({ context }) {
    const { code, output } = await context.programs.run("./dev", ["build", "--no-cold-starts"]);
    if (code === 0) return;
    throw new BlockedError(`the build failed: ${output.trim()}`, "Run: ./dev build");
  },
};

/** The functions, and what calls them. */
export const functions: Step = {
  name: "functions",
  slowCheck: COMPARING,
  check: async (installation) =>
    (await terraformOf(installation).isCurrent("everything"))
      ? done(`${functionNames.length} are deployed`)
      : missing("Terraform deploys them, in ten to fifteen minutes"),
  run: (installation) => terraformOf(installation).apply("everything"),
  async undo(installation) {
    const terraform = terraformOf(installation);
    if (!terraform.isInitialised()) return undefined;
    await terraform.destroy();
    return "everything that Terraform made is destroyed, except the database";
  },
};

function oldestBuild(folder: string): number | undefined {
  const times = functionNames.map((name) => {
    const path = join(folder, `${name}.zip`);
    return existsSync(path) ? statSync(path).mtimeMs : undefined;
  });
  return times.some((time) => time === undefined)
    ? undefined
    : Math.min(...times.filter((time) => time !== undefined));
}

const SOURCES = ["functions", "shared", "tools/build"];

function newestSource(): number {
  const files = SOURCES.flatMap((folder) =>
    readdirSync(join(PROJECT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name)),
  );
  const all = [...files, join(PROJECT, "package-lock.json")];
  return all.reduce((newest, path) => Math.max(newest, statSync(path).mtimeMs), 0);
}
