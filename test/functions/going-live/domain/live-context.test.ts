import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  formatLiveContext,
  MAX_ORDERS_PER_COMMAND,
  parseLiveContext,
  readLiveContext,
} from "../../../../functions/going-live/domain/live-context.ts";

const idCharacter = fc.constantFrom(..."abcXYZ0189_-");
const orderId = fc
  .tuple(fc.constantFrom(..."abcXYZ0189"), fc.string({ unit: idCharacter, maxLength: 70 }))
  .map((parts) => parts.join(""));
const blanks = fc.string({ unit: fc.constantFrom(" ", "\t"), maxLength: 3 });
const orderIds = fc.uniqueArray(orderId, { minLength: 1, maxLength: MAX_ORDERS_PER_COMMAND });

describe("the grammar of live contexts", () => {
  test.each(["chat", "drop"] as const)("%s stands for itself", (wire) => {
    expect(parseLiveContext(wire)).toEqual({ kind: wire });
    expect(formatLiveContext({ kind: wire })).toBe(wire);
  });

  test("one order and several orders have different keywords", () => {
    expect(formatLiveContext({ kind: "orders", orderIds: ["a"] })).toBe("order:a");
    expect(formatLiveContext({ kind: "orders", orderIds: ["a", "b"] })).toBe("orders:a,b");
  });

  test("a malformed context is refused with what is wrong", () => {
    const problems = ["party", "order:", "order:a,b", "orders:a,..,b"].map(readLiveContext);
    expect(problems).toEqual([
      { ok: false, problem: { kind: "unknown-form" } },
      { ok: false, problem: { kind: "no-id", form: "order" } },
      { ok: false, problem: { kind: "too-many", form: "order", given: 2 } },
      { ok: false, problem: { kind: "bad-ids", form: "orders", ids: [".."] } },
    ]);
  });

  test("a formatted context parses to the same context", () => {
    fc.assert(
      fc.property(orderIds, (ids) => {
        const context = { kind: "orders" as const, orderIds: ids };
        expect(parseLiveContext(formatLiveContext(context))).toEqual(context);
      }),
    );
  });

  test("blanks around ids, empty ids and repeated ids are ignored", () => {
    const messy = fc.array(fc.tuple(blanks, blanks), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(orderIds, messy, fc.boolean(), (ids, gaps, repeat) => {
        const spelled = (repeat ? [...ids, ...ids] : ids).map((id, index) => {
          const [before, after] = gaps[index % gaps.length] ?? ["", ""];
          return `${before}${id}${after}`;
        });
        const empties = gaps.map(([before]) => before);
        const wire = `orders:${[...empties, ...spelled, ""].join(",")}`;
        expect(parseLiveContext(wire)).toEqual({ kind: "orders", orderIds: ids });
      }),
    );
  });

  test("any text results in a context or a refusal, and no id can escape a document path", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `orders:${text}`),
        ),
        (wire) => {
          const context = parseLiveContext(wire);
          if (context?.kind !== "orders") return;
          expect(context.orderIds.length).toBeGreaterThan(0);
          for (const id of context.orderIds) expect(id).toMatch(/^(?!__.*__$)[A-Za-z0-9_-]+$/);
        },
      ),
    );
  });

  test.each([
    ["nothing", ""],
    ["another word", "party"],
    ["capitals", "Chat"],
    ["blanks around a word", " chat "],
    ["no id", "order:"],
    ["only empty ids", "orders: , ,"],
    ["two ids where one belongs", "order:A,B"],
    ["a path", "order:a/b"],
    ["a dot name", "order:.."],
    ["a control character", "order:a\u0000b"],
    ["a line break after the id", "order:abc\n"],
    ["a line break between ids", "orders:a,\nb"],
    ["a blank inside an id", "order:a b"],
    ["letters of other scripts", "order:ａｂｃ"],
    ["an endless id", `order:${"a".repeat(201)}`],
    ["one order too many", `orders:${Array.from({ length: 26 }, (_, index) => `id${index}`)}`],
  ])("%s is refused", (_what, wire) => {
    expect(parseLiveContext(wire)).toBeUndefined();
  });
});
