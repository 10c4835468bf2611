/** An invariant that does not hold. */
export class RuleBroken extends Error {
  override name = "RuleBroken";
  /** The rule's name in docs/invariants.md, such as "I1". */
  readonly rule: string;

  constructor(rule: string, found: string) {
    super(`${rule}: ${found}`);
    this.rule = rule;
  }
}

/** Throws RuleBroken unless it holds. */
export function mustHold(rule: string, holds: boolean, found: () => string): asserts holds {
  if (!holds) throw new RuleBroken(rule, found());
}

/** Throws RuleBroken unless both are equal as JSON. */
export function mustEqual(rule: string, what: string, found: unknown, expected: unknown): void {
  const [one, other] = [JSON.stringify(found), JSON.stringify(expected)];
  mustHold(rule, one === other, () => `${what} is ${one}, not ${other}`);
}
