import { writeSync } from "node:fs";
import NativeEnvironment from "../../test/runner/environment.ts";

const { exit } = process;
/** Jest holds back what goes through the stream. */
const STANDARD_OUTPUT = 1;

/** What happens in a test file, as far as it matters here. */
interface Happening {
  readonly name: string;
  readonly test?: { readonly name: string; readonly errors: readonly unknown[] };
}

/**
 * Ends the process with the first test that fails, since a change is noticed then, and names its file. Each
 * test that passes is a sign of life.
 */
export default class EndingEnvironment extends NativeEnvironment {
  readonly #path: string;

  constructor(_config: unknown, { testPath }: { readonly testPath: string }) {
    super();
    this.#path = testPath;
  }

  handleTestEvent({ name, test }: Happening): void {
    if (name !== "test_done" || !test) return;
    const hasFailed = test.errors.length > 0;
    const line = hasFailed ? `\nFAIL ${this.#path} › ${test.name}` : `ok ${test.name}`;
    writeSync(STANDARD_OUTPUT, `${line}\n`);
    if (hasFailed) exit(1);
  }
}
