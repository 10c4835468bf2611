import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BuiltFile } from "./bundle.ts";

/** The folder of the compile cache, beside the function's scripts; `fill-compile-cache.ts` fills it. */
export const COMPILE_CACHE = "compile-cache";

/** What a lockfile says of one installed package, as far as it matters here. */
interface LockedPackage {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** By the folder it is installed in. https://docs.npmjs.com/cli/configuring-npm/package-lock-json */
type LockedPackages = Readonly<Record<string, LockedPackage>>;

/**
 * The package.json of a deployed function, with just the libraries named and the project's own
 * versions of them, and the part of the project's lockfile that concerns them: a deployment
 * installs what the tests ran with, without install scripts.
 */
export function packageFiles(
  name: string,
  libraries: readonly string[],
  root: string,
): readonly BuiltFile[] {
  const { packages } = readJson<{ packages: LockedPackages }>(join(root, "package-lock.json"));
  const dependencies = Object.fromEntries(
    libraries.map((library) => [library, versionOf(library, packages)]),
  );
  const locked = reachable(libraries, packages);
  const lockfile = {
    name,
    lockfileVersion: 3,
    requires: true,
    packages: { "": { name, dependencies }, ...locked },
  };
  return [
    jsonFile("package.json", {
      name,
      private: true,
      type: "module",
      main: "index.js",
      // Without the permission to write, Node creates no other cache at run time. A failure does not stop the build.
      scripts: { "gcp-build": `node compile-cache.js && chmod a-w ${COMPILE_CACHE} || true` },
      dependencies,
    }),
    jsonFile("package-lock.json", lockfile),
    // Cloud Build installs them too, and lets none of their scripts run.
    { path: ".npmrc", contents: Buffer.from("ignore-scripts=true\n") },
  ];
}

function versionOf(library: string, packages: LockedPackages): string {
  const version = packages[`node_modules/${library}`]?.version;
  if (!version) throw new Error(`package-lock.json has no ${library}. Run npm install.`);
  return version;
}

/** What the libraries need, and what that needs, each where the project has it installed. */
function reachable(libraries: readonly string[], packages: LockedPackages): LockedPackages {
  const found = new Set<string>();
  const visit = (folder: string, needed: readonly string[]) => {
    for (const name of needed) {
      const place = placeOf(name, folder, packages);
      if (place === undefined || found.has(place)) continue;
      found.add(place);
      visit(place, neededBy(packages[place] ?? {}));
    }
  };
  visit("", libraries);
  return Object.fromEntries([...found].sort().map((place) => [place, packages[place] ?? {}]));
}

function neededBy(locked: LockedPackage): string[] {
  const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = locked;
  const peers = Object.keys(peerDependencies ?? {});
  return [
    ...Object.keys({ ...dependencies, ...optionalDependencies }),
    ...peers.filter((name) => !peerDependenciesMeta?.[name]?.optional),
  ];
}

/** Where Node finds a package from a folder: in its own node_modules, else in that of a folder above. */
function placeOf(name: string, folder: string, packages: LockedPackages): string | undefined {
  const place = join(folder, "node_modules", name);
  if (packages[place]) return place;
  if (folder === "") return undefined;
  return placeOf(
    name,
    folder.slice(0, folder.lastIndexOf("node_modules")).replace(/\/$/, ""),
    packages,
  );
}

function jsonFile(path: string, value: unknown): BuiltFile {
  return { path, contents: Buffer.from(`${JSON.stringify(value, null, 2)}\n`) };
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, "utf8")) as T;
}
