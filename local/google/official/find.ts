import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

/** Paths for starting Google's emulators. */
export interface GoogleEmulators {
  /** The `java` executable. */
  readonly java: string;
  readonly firestoreJar: string;
  readonly pubsubJar: string;
}

/**
 * The emulators cannot run on this machine; the message says what is missing and how to install it.
 */
export class MissingEmulatorsError extends Error {
  override name = "MissingEmulatorsError";
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Where packages and installers put the Google Cloud SDK, even if `gcloud` is not on the PATH. */
const SYSTEM_SDK_ROOTS: readonly string[] = [
  "/usr/lib/google-cloud-sdk",
  "/usr/share/google-cloud-sdk",
  "/snap/google-cloud-cli/current",
  "/opt/homebrew/share/google-cloud-sdk",
  "/usr/local/share/google-cloud-sdk",
];

// https://cloud.google.com/sdk/gcloud/reference/beta/emulators/firestore/start
const MIN_JAVA_VERSION = 11;

const INSTALL_HINTS = {
  java: `Java ${MIN_JAVA_VERSION} or later: "apt-get install default-jre-headless" or "brew install openjdk"`,
  firestoreJar:
    'the Firestore emulator: "gcloud components install cloud-firestore-emulator", ' +
    '"apt-get install google-cloud-cli-firestore-emulator", ' +
    'or "npx firebase-tools setup:emulators:firestore"',
  pubsubJar:
    'the Pub/Sub emulator: "gcloud components install pubsub-emulator", ' +
    '"apt-get install google-cloud-cli-pubsub-emulator", ' +
    'or "npx firebase-tools setup:emulators:pubsub"',
} as const;

/**
 * Finds Java and Google's Firestore and Pub/Sub emulators. Searches the Google Cloud SDK of
 * `gcloud` on the PATH, CLOUDSDK_ROOT_DIR, the home folder and `systemSdkRoots`, then the cache of
 * firebase-tools. Throws a MissingEmulatorsError that names everything missing.
 */
export function findGoogleEmulators(
  environment: Environment,
  systemSdkRoots: readonly string[] = SYSTEM_SDK_ROOTS,
): GoogleEmulators {
  const platforms = sdkRoots(environment, systemSdkRoots).map((root) => join(root, "platform"));
  const caches = firebaseCaches(environment);
  const java = findJava(environment);
  const firestoreJar =
    newest(platforms, [/^cloud-firestore-emulator$/, /firestore-emulator.*\.jar$/]) ??
    newest(caches, [/firestore-emulator.*\.jar$/]);
  const pubsubLibrary = [/^lib$/, /pubsub-emulator.*\.jar$/];
  const pubsubJar =
    newest(platforms, [/^pubsub-emulator$/, ...pubsubLibrary]) ??
    newest(caches, [/^pubsub-emulator-/, /^pubsub-emulator$/, ...pubsubLibrary]);
  if (java && firestoreJar && pubsubJar) return { java, firestoreJar, pubsubJar };

  const missing = [
    ...(java ? [] : [INSTALL_HINTS.java]),
    ...(firestoreJar ? [] : [INSTALL_HINTS.firestoreJar]),
    ...(pubsubJar ? [] : [INSTALL_HINTS.pubsubJar]),
  ];
  throw new MissingEmulatorsError(
    `Google's emulators cannot run on this machine. Install what is missing:\n${missing
      .map((sentence) => `- ${sentence}`)
      .join("\n")}`,
  );
}

function sdkRoots(environment: Environment, systemSdkRoots: readonly string[]): string[] {
  const { CLOUDSDK_ROOT_DIR: named, HOME: home } = environment;
  const gcloud = onPath(environment, "gcloud");
  return [
    ...(named ? [named] : []),
    ...(gcloud ? [dirname(dirname(realpathSync(gcloud)))] : []),
    ...(home ? [join(home, "google-cloud-sdk")] : []),
    ...systemSdkRoots,
  ];
}

function firebaseCaches({ FIREBASE_EMULATORS_PATH: named, HOME: home }: Environment): string[] {
  return [
    ...(named ? [named] : []),
    ...(home ? [join(home, ".cache", "firebase", "emulators")] : []),
  ];
}

function onPath({ PATH = "" }: Environment, program: string): string | undefined {
  return PATH.split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, program))
    .find((file) => existsSync(file));
}

/**
 * The file below the first folder with matching names at each level; the highest version if there
 * are several.
 */
function newest(
  folders: readonly string[],
  [pattern, ...deeper]: readonly RegExp[],
): string | undefined {
  if (!pattern) return folders[0];
  for (const folder of folders) {
    const matching = entriesOf(folder)
      .filter((name) => pattern.test(name))
      .sort((one, other) => other.localeCompare(one, "en", { numeric: true }))
      .map((name) => join(folder, name));
    const found = newest(matching, deeper);
    if (found) return found;
  }
  return undefined;
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function findJava(environment: Environment): string | undefined {
  const { JAVA_HOME: home } = environment;
  const candidates = [home ? join(home, "bin", "java") : undefined, onPath(environment, "java")];
  return candidates.find((java) => java !== undefined && javaVersion(java) >= MIN_JAVA_VERSION);
}

/**
 * Java's major version: 8 for "1.8.0", 17 for "17.0.15"; 0 when it does not run, like the
 * placeholder of macOS.
 */
function javaVersion(java: string): number {
  const { stderr } = spawnSync(java, ["-version"], { encoding: "utf8" });
  const [, first = "0", second = "0"] = /version "(\d+)(?:\.(\d+))?/.exec(stderr ?? "") ?? [];
  return Number(first === "1" ? second : first);
}
