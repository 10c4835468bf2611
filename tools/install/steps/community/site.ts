import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { PROJECT } from "../../../build/bundle.ts";
import { connectHosting, type Hosting, type SiteContent } from "../../google/hosting.ts";
import type { Installation } from "../../installation.ts";
import { BlockedError, done, missing, RUN_AGAIN, type Step } from "../../step.ts";
import { firebaseOf } from "../google/firebase.ts";

const configuration = z.object({
  firestore: z.object({ rules: z.string() }),
  hosting: z.object({
    public: z.string(),
    headers: z.array(
      z.object({
        source: z.string(),
        headers: z.array(z.object({ key: z.string(), value: z.string() })),
      }),
    ),
    redirects: z.array(z.object({ source: z.string(), destination: z.string(), type: z.int() })),
    rewrites: z.array(
      z.object({
        source: z.string(),
        run: z.object({ serviceId: z.string(), region: z.string() }),
      }),
    ),
  }),
});

/** The site's files, redirects and rewrites. They come after the functions: Firebase refuses rewrites to none. */
export const deployedSite: Step = {
  name: "site",
  async check(installation) {
    const content = readContent();
    return (await (await hostingOf(installation)).serves(content))
      ? done(`${content.files.size} files are deployed`)
      : missing("deploying its files");
  },
  run: async (installation) => (await hostingOf(installation)).deploy(readContent()),
  async undo(installation) {
    if (!(await firebaseOf(installation).isAdded())) return undefined;
    const [first] = await firebaseOf(installation).sites();
    if (!first) return undefined;
    const { google, projectId } = installation;
    await connectHosting(google, projectId, first.id).disable();
    return `the site ${first.url} is off`;
  },
};

/** Firestore's rules, which let no browser in. */
export const databaseRules: Step = {
  name: "database rules",
  check: async (installation) =>
    (await firebaseOf(installation).rules()) === readRules()
      ? done("in force")
      : missing("publishing them"),
  run: (installation) => firebaseOf(installation).publishRules(readRules()),
};

async function hostingOf(installation: Installation): Promise<Hosting> {
  const [first] = await firebaseOf(installation).sites();
  if (!first) throw new BlockedError("there is no site", RUN_AGAIN);
  return connectHosting(installation.google, installation.projectId, first.id);
}

/** What firebase.json says, in the form of the API. */
function readContent(): SiteContent {
  const { public: folder, headers, redirects, rewrites } = readConfiguration().hosting;
  const root = join(PROJECT, folder);
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((path) => [path.slice(root.length).replaceAll("\\", "/"), readFileSync(path)] as const);
  const config = {
    headers: headers.map(({ source, headers: pairs }) => ({
      glob: source,
      headers: Object.fromEntries(pairs.map(({ key, value }) => [key, value])),
    })),
    redirects: redirects.map(({ source, destination, type }) => ({
      glob: source,
      statusCode: type,
      location: destination,
    })),
    rewrites: rewrites.map(({ source, run }) => ({ glob: source, run })),
  };
  return { files: new Map(files), config };
}

function readRules(): string {
  return readFileSync(join(PROJECT, readConfiguration().firestore.rules), "utf8");
}

function readConfiguration(): z.infer<typeof configuration> {
  return configuration.parse(JSON.parse(readFileSync(join(PROJECT, "firebase.json"), "utf8")));
}
