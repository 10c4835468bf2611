import { writeSync } from "node:fs";
import NativeEnvironment from "../../test/runner/environment.ts";

const { exit } = process;
/** A file descriptor, because Jest holds back what is written to the stream. */
const STANDARD_OUTPUT = 1;

/** An event of the test run, reduced to what is used here. */
interface Happening {
  readonly name: string;
  readonly test?: { readonly name: string; readonly errors: readonly unknown[] };
}

/**
 * Ends the process at the first test that fails, which is enough to detect a mutation, and prints the test
 * file's name. Each test that passes is printed as a sign of life.
 */
export default class EndingEnvironment extends NativeEnvironment {
  readonly #path: string;

  constructor(config: unknown, context: { readonly testPath: string }) {
    super(config, context);
    this.#path = context.testPath;
  }

  handleTestEvent({ name, test }: Happening): void {
    if (name !== "test_done" || !test) return;
    const hasFailed = test.errors.length > 0;
    const line = hasFailed ? `\nFAIL ${this.#path} › ${test.name}` : `ok ${test.name}`;
    writeSync(STANDARD_OUTPUT, `${line}\n`);
    if (hasFailed) exit(1);
  }
}
