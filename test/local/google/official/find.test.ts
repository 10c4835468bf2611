import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import {
  findGoogleEmulators,
  MissingEmulatorsError,
} from "../../../../local/google/official/index.ts";

const FIRESTORE = "platform/cloud-firestore-emulator/cloud-firestore-emulator.jar";
const PUBSUB = "platform/pubsub-emulator/lib/cloud-pubsub-emulator-0.8.20-all.jar";

let root: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "c500-google-")));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Makes a file below the temporary folder, and gives its path. */
function make(path: string, content = ""): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  chmodSync(file, 0o755);
  return file;
}

/** A Java that says it is of a version. */
function makeJava(path: string, version: string): string {
  return make(path, `#!/bin/sh\necho 'openjdk version "${version}" 2025-04-15' >&2\n`);
}

/** Google's SDK with both emulators in a folder; gives their paths. */
function makeSdk(folder: string) {
  return { firestoreJar: make(join(folder, FIRESTORE)), pubsubJar: make(join(folder, PUBSUB)) };
}

const PATH = () => join(root, "bin");
const find = (environment: Record<string, string>, systemRoots: string[] = []) =>
  findGoogleEmulators({ PATH: PATH(), ...environment }, systemRoots);

/** What the error says. */
function complaint(environment: Record<string, string> = {}): string {
  try {
    return JSON.stringify(find(environment));
  } catch (error) {
    expect(error).toBeInstanceOf(MissingEmulatorsError);
    return String(error);
  }
}

describe("Google's emulators are found", () => {
  test("in the SDK that gcloud on the PATH is a link into", () => {
    const java = makeJava("bin/java", "17.0.15");
    const jars = makeSdk("sdk");
    symlinkSync(make("sdk/bin/gcloud"), join(root, "bin", "gcloud"));
    expect(find({})).toEqual({ java, ...jars });
  });

  test.each([
    ["CLOUDSDK_ROOT_DIR names", "named", () => ({ CLOUDSDK_ROOT_DIR: join(root, "named") }), []],
    ["is in the home folder", "home/google-cloud-sdk", () => ({ HOME: join(root, "home") }), []],
    ["a package has installed", "usr/lib", () => ({}), ["usr/share", "usr/lib"]],
  ])("in the SDK that %s", (_case, folder, environment, systemRoots) => {
    const java = makeJava("bin/java", "21");
    const jars = makeSdk(folder);
    const roots = systemRoots.map((systemRoot) => join(root, systemRoot));
    expect(find(environment(), roots)).toEqual({ java, ...jars });
  });

  test("in the cache of firebase-tools, the highest version of each", () => {
    const java = makeJava("bin/java", "11.0.2");
    const cache = "home/.cache/firebase/emulators";
    const pubsub = (version: string) =>
      `${cache}/pubsub-emulator-${version}/pubsub-emulator/lib/cloud-pubsub-emulator-${version}-all.jar`;
    make(`${cache}/cloud-firestore-emulator-v1.9.8.jar`);
    const firestoreJar = make(`${cache}/cloud-firestore-emulator-v1.19.8.jar`);
    make(pubsub("0.8.9"));
    const pubsubJar = make(pubsub("0.8.14"));
    expect(find({ HOME: join(root, "home") })).toEqual({ java, firestoreJar, pubsubJar });
  });

  test("one in the SDK and one in the cache", () => {
    makeJava("bin/java", "17");
    const firestoreJar = make(join("sdk", FIRESTORE));
    const pubsubJar = make("cache/pubsub-emulator-0.8.14/pubsub-emulator/lib/pubsub-emulator.jar");
    const environment = {
      CLOUDSDK_ROOT_DIR: join(root, "sdk"),
      FIREBASE_EMULATORS_PATH: join(root, "cache"),
    };
    expect(find(environment)).toMatchObject({ firestoreJar, pubsubJar });
  });

  test("with the Java of JAVA_HOME before the one on the PATH, unless it is too old", () => {
    const sdk = { CLOUDSDK_ROOT_DIR: join(root, "sdk") };
    makeSdk("sdk");
    const onPath = makeJava("bin/java", "17");
    const own = makeJava("own/bin/java", "21");
    makeJava("old/bin/java", "1.8.0_412");
    expect(find({ ...sdk, JAVA_HOME: join(root, "own") }).java).toBe(own);
    expect(find({ ...sdk, JAVA_HOME: join(root, "old") }).java).toBe(onPath);
  });
});

describe("what is missing is named, with how to get it", () => {
  test("on a machine that has nothing", () => {
    const message = complaint();
    expect(message).toContain("Java 11 or later");
    expect(message).toContain("gcloud components install cloud-firestore-emulator");
    expect(message).toContain("gcloud components install pubsub-emulator");
    expect(message).toContain("google-cloud-cli-firestore-emulator");
    expect(message).toContain("google-cloud-cli-pubsub-emulator");
  });

  test("and what is there is not named", () => {
    makeJava("bin/java", "17");
    make(join("sdk", FIRESTORE));
    const message = complaint({ CLOUDSDK_ROOT_DIR: join(root, "sdk") });
    expect(message).toContain("the Pub/Sub emulator");
    expect(message).not.toContain("the Firestore emulator");
    expect(message).not.toContain("Java");
  });

  test.each([
    ["is too old", "#!/bin/sh\necho 'java version \"1.8.0_412\"' >&2\n"],
    ["does not run", "#!/bin/sh\necho 'Unable to locate a Java Runtime.' >&2\nexit 1\n"],
  ])("when the only Java %s", (_case, script) => {
    make("bin/java", script);
    makeSdk("sdk");
    expect(complaint({ CLOUDSDK_ROOT_DIR: join(root, "sdk") })).toContain("Java 11 or later");
  });
});
