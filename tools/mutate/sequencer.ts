interface Test {
  readonly path: string;
}

/** Runs test files in the order in which they were named; Jest's own sequencer starts with the slowest. */
export default class NamedOrder {
  readonly #names: readonly string[];

  constructor({ globalConfig }: { globalConfig: { nonFlagArgs: readonly string[] } }) {
    this.#names = globalConfig.nonFlagArgs;
  }

  sort(tests: readonly Test[]): Test[] {
    const place = ({ path }: Test) => this.#names.findIndex((name) => path.endsWith(name));
    return tests.toSorted((one, other) => place(one) - place(other));
  }

  allFailedTests(tests: readonly Test[]): readonly Test[] {
    return tests;
  }

  shard(tests: readonly Test[]): readonly Test[] {
    return tests;
  }

  cacheResults(): void {}
}
