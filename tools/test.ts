import { googleEnvironment } from "./google.ts";
import { runJest } from "./jest.ts";

const args = process.argv.slice(2);
const chosen = args.filter((arg) => arg !== "--google");

if (args.includes("--google")) {
  const google = await googleEnvironment();
  try {
    const count = await runJest(
      "google",
      chosen.length > 0 ? chosen : google.suites,
      google.environment,
    );
    finish(count);
  } finally {
    await google.stop();
  }
} else {
  finish(await runJest("all", chosen));
}

function finish({ passed, failed }: { passed: number; failed: number }): void {
  process.exitCode = failed > 0 ? 1 : 0;
  if (failed > 0)
    process.stderr.write(`${failed} failed, ${passed} passed. The failures are above.\n`);
}
