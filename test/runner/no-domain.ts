/** A domain of Node's that catches nothing. */
export const create = () => ({ on: () => undefined, run: (work: () => void) => work() });
