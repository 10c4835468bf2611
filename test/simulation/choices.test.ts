import { describe, expect, test } from "@jest/globals";
import { Choices } from "../../simulation/random/choices.ts";

describe("random choices in a run", () => {
  test("follow from the seed, and differ with another seed", () => {
    const drawn = (seed: number) => {
      const choices = new Choices(seed);
      return Array.from({ length: 20 }, () => choices.unit("latency"));
    };
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(2)).not.toEqual(drawn(1));
  });

  test("of one label stay the same, whatever else is chosen in between", () => {
    const [plain, busy] = [new Choices(7), new Choices(7)];
    const values = Array.from({ length: 5 }, () => plain.unit("kill"));
    const same = Array.from({ length: 5 }, (_, index) => {
      busy.unit(`another ${index}`);
      return busy.unit("kill");
    });
    expect(same).toEqual(values);
  });

  test("are spread evenly over [0, 1)", () => {
    const choices = new Choices(3);
    const counts = Array<number>(10).fill(0);
    for (let time = 0; time < 10_000; time += 1) {
      const tenth = Math.floor(choices.unit("even") * 10);
      counts[tenth] = (counts[tenth] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(800);
    expect(Math.max(...counts)).toBeLessThan(1200);
  });

  test("pick one of the items, and nothing if there are none", () => {
    const choices = new Choices(5);
    const picked = new Set(
      Array.from({ length: 50 }, () => choices.oneOf("item", ["a", "b", "c"])),
    );
    expect(picked).toEqual(new Set(["a", "b", "c"]));
    expect(choices.oneOf("item", [])).toBeUndefined();
  });
});
