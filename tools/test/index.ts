import { MissingEmulatorsError } from "../../local/google/official/index.ts";
import { hasGoogleEmulators, startGoogleRun } from "./google.ts";
import { END_TO_END_ONLY, runJest, type TestCount } from "./jest.ts";
import { watchTests } from "./watch/index.ts";

/** These suites mostly wait, and each worker loads the whole product first. */
const GOOGLE_FLAGS = [
  "--setupFilesAfterEnv=<rootDir>/test/support/google/setup.ts",
  "--maxWorkers=2",
];

const args = process.argv.slice(2);
const OWN_FLAGS = ["--e2e", "--google", "--google-if-installed", "--watch"];
const chosen = args.filter((arg) => !OWN_FLAGS.includes(arg));

if (args.includes("--watch")) await watchTests(chosen);
else if (args.includes("--google")) await testOnGoogle();
else if (args.includes("--google-if-installed") && !hasGoogleEmulators()) {
  process.stdout.write("Google's emulators are not installed; only our own were tested.\n");
} else if (args.includes("--google-if-installed")) await testOnGoogle();
else if (args.includes("--e2e")) finish(await runJest("e2e", [...chosen, ...END_TO_END_ONLY]));
else finish(await runJest("ours", chosen));

async function testOnGoogle(): Promise<void> {
  try {
    const google = await startGoogleRun();
    try {
      const suites = chosen.length > 0 ? chosen : google.suites;
      finish(await runJest("google", [...suites, ...GOOGLE_FLAGS], google));
    } finally {
      await google.stop();
    }
  } catch (error) {
    if (!(error instanceof MissingEmulatorsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

function finish({ passed, failed }: TestCount): void {
  process.exitCode = failed > 0 ? 1 : 0;
  if (failed > 0) {
    process.stderr.write(`${failed} failed, ${passed} passed. The failures are above.\n`);
  }
}
