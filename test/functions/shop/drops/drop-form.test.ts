import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { dropForm } from "../../../../functions/shop/commands/drops/drop-form.ts";
import {
  type DropForm,
  MAX_DESCRIPTION_LENGTH,
  MAX_STOCK,
  MAX_TITLE_LENGTH,
  readDropForm,
  readPrice,
  readQuantity,
} from "../../../../functions/shop/domain/drop.ts";
import { readCustomId } from "../../../../shared/discord/definitions/custom-id.ts";
import { shown, type ValuesOf } from "../../../../shared/discord/definitions/define-command.ts";
import { modalOf } from "../../../../shared/discord/modal.ts";

type Terms = Pick<
  ValuesOf<typeof dropForm>,
  "plan" | "limitPerBuyer" | "opening" | "opensAtSeconds"
>;
const atOnce = { opening: "now", opensAtSeconds: 0 } as const;
const modal = (terms: Terms, before?: Partial<DropForm>) =>
  modalOf(shown(dropForm, terms), before) as { readonly custom_id: string };

const good: DropForm = { title: "Brass weight", price: "12.50", quantity: "3", description: "" };
const read = (changes: Partial<DropForm>) => readDropForm({ ...good, ...changes }, "usd");

interface Field {
  readonly label: string;
  readonly component: { custom_id: string; value?: string; max_length?: number };
}
const fieldsOf = (modal: object) => (modal as { components: Field[] }).components;
const valuesOf = (modal: object) =>
  Object.fromEntries(
    fieldsOf(modal).map(({ component }) => [component.custom_id, component.value]),
  );

const text = fc.oneof(fc.string(), fc.string({ unit: "grapheme", maxLength: 400 }));
const anyForm = fc.record({ title: text, price: text, quantity: text, description: text });

describe("reading the form", () => {
  test("a correctly filled-in form is accepted, with blanks normalized", () => {
    expect(
      read({ title: "  Brass \n weight ", quantity: " 3 ", description: " Heavy. \n" }),
    ).toEqual({ title: "Brass weight", price: 1250, quantity: 3, description: "Heavy." });
  });

  test("all problems are reported at once, each with the name of its field", () => {
    const title = "x".repeat(MAX_TITLE_LENGTH + 1);
    const description = "x".repeat(MAX_DESCRIPTION_LENGTH + 1);
    expect(read({ title, price: "cheap", quantity: "many", description })).toEqual([
      "Title: at most 100 characters.",
      'Price: I can\'t read "cheap". Write an amount such as 12.50 or 1,200.',
      "Quantity: write a whole number from 1 to 400.",
      "Description: at most 1500 characters.",
    ]);
    const labels = fieldsOf(modal({ plan: "split", limitPerBuyer: 1, ...atOnce })).map(
      ({ label }) => label,
    );
    expect(labels).toEqual(["Title", "Price", "Quantity", "Description", "Pictures"]);
  });

  test("a title of only blanks is refused", () => {
    expect(read({ title: " \t\n " })).toEqual(["Title: write what it is."]);
  });

  test("any text results in terms within bounds or problems; it never throws", () => {
    fc.assert(
      fc.property(anyForm, (form) => {
        const terms = readDropForm(form, "usd");
        if (!("title" in terms)) {
          expect(terms.length).toBeGreaterThan(0);
          for (const problem of terms) {
            expect(problem).toMatch(/^(Title|Price|Quantity|Description): /);
            expect(problem.length).toBeLessThan(120);
          }
          return;
        }
        expect(terms.title.length).toBeGreaterThan(0);
        expect([...terms.title].length).toBeLessThanOrEqual(MAX_TITLE_LENGTH);
        expect(Number.isSafeInteger(terms.price)).toBe(true);
        expect(terms.quantity).toBeLessThanOrEqual(MAX_STOCK);
      }),
    );
  });

  test("a title that Discord's form accepts, which counts whole characters, is accepted", () => {
    const title = "🎹".repeat(MAX_TITLE_LENGTH);
    expect(read({ title })).toMatchObject({ title });
  });

  test("a description of maximum length is accepted", () => {
    const description = "x".repeat(MAX_DESCRIPTION_LENGTH);
    expect(read({ description })).toMatchObject({ description });
  });
});

describe("the price", () => {
  test.each([
    ["Stripe's smallest charge", "0.50", 50],
    ["the largest", "100,000", 10_000_000],
  ])("%s is taken", (_what, typed, price) => {
    expect(readPrice(typed, "usd")).toBe(price);
  });

  test.each(["0", "0.49", "100000.01", "999999999999"])("%s is out of bounds", (typed) => {
    expect(readPrice(typed, "usd")).toBe("Price: write an amount between $0.50 and $100,000.00.");
  });

  test("an unreadable input is quoted, a long one only in part", () => {
    expect(readPrice("1e3", "usd")).toContain('"1e3"');
    expect(readPrice("x".repeat(20), "usd")).toContain(`"${"x".repeat(20)}"`);
    expect(readPrice("x".repeat(20), "usd")).toContain(`"${"x".repeat(20)}"`);
    expect(readPrice("x".repeat(21), "usd")).toContain(`"${"x".repeat(19)}…"`);
  });
});

describe("the quantity", () => {
  test("each whole number up to the limit is accepted", () => {
    for (let count = 1; count <= MAX_STOCK; count += 1) {
      expect(readQuantity(String(count))).toBe(count);
    }
  });

  test.each(["0", "-1", "401", "2.5", "1e2", "3 units", "", "٣", "0x2", "99999", "+3", "NaN"])(
    "%j is refused",
    (typed) => {
      expect(readQuantity(typed)).toBe("Quantity: write a whole number from 1 to 400.");
    },
  );
});

describe("the form as Discord shows it", () => {
  const terms = fc.record({
    plan: fc.constantFrom("split" as const, "held" as const),
    limitPerBuyer: fc.integer({ min: 1, max: 20 }),
    opening: fc.constantFrom("now" as const, "draft" as const, "later" as const),
    opensAtSeconds: fc.integer({ min: 0, max: 4_000_000_000 }),
  });

  test("returns the terms it was opened with", () => {
    fc.assert(
      fc.property(terms, (given) => {
        expect(readCustomId(dropForm, modal(given).custom_id)).toEqual(given);
      }),
    );
  });

  test("one that an earlier version showed is still read, without the terms that are new since", () => {
    expect(readCustomId(dropForm, "drop-form:split:1")).toEqual({
      plan: "split",
      limitPerBuyer: 1,
    });
    expect(readCustomId(dropForm, "drop-form:held:2:draft")).toEqual({
      plan: "held",
      limitPerBuyer: 2,
      opening: "draft",
    });
  });

  test("a term that was not given reads as not given", () => {
    const given = {
      plan: "split",
      limitPerBuyer: 1,
      opening: undefined,
      opensAtSeconds: 5,
    } as const;
    expect(readCustomId(dropForm, modal(given).custom_id)).toEqual(given);
  });

  test.each([
    "",
    "drop-form",
    "drop-form:",
    "drop-form:free:1:now:0",
    "drop-form:split::now:0",
    "drop-form:split:-1:now:0",
    "drop-form:split:1.5:now:0",
    "drop-form:split:100:now:0",
    "drop-form:split:1:now:0:2",
    "drop-form:split:1:soon:0",
    "drop-form:split:1:later:tomorrow",
    "drop-form:split:1:now:0\n",
    "Drop-form:split:1:now:0",
    "other-form:split:1:now:0",
    `drop-form:split:${"1".repeat(80)}`,
  ])("terms that are not ours are ignored: %j", (customId) => {
    expect(readCustomId(dropForm, customId)).toBeUndefined();
  });

  test("shown again, it contains what was typed, within the fields' limits", () => {
    fc.assert(
      fc.property(terms, anyForm, (given, before) => {
        const again = modal(given, before);
        for (const { component } of fieldsOf(again)) {
          const most = component.max_length ?? Number.POSITIVE_INFINITY;
          expect([...(component.value ?? "")].length).toBeLessThanOrEqual(most);
        }
        const values = valuesOf(again);
        for (const name of ["title", "price", "quantity", "description"] as const) {
          expect(before[name].startsWith(values[name] ?? "")).toBe(true);
        }
      }),
    );
  });

  test("shown again, it never contains half a character", () => {
    const title = `a${"🎹".repeat(MAX_TITLE_LENGTH)}`;
    const values = valuesOf(
      modal({ plan: "split", limitPerBuyer: 1, ...atOnce }, { ...good, title }),
    );
    expect(values["title"]?.isWellFormed()).toBe(true);
  });

  test("an empty form suggests a value for each field, and accepts its own suggestions", () => {
    const placeholders = fieldsOf(modal({ plan: "held", limitPerBuyer: 2, ...atOnce })).map(
      ({ component }) => [
        component.custom_id,
        (component as { placeholder?: string }).placeholder ?? "",
      ],
    );
    const { image: _, ...form } = Object.fromEntries(placeholders) as Record<string, string>;
    expect(readDropForm(form as unknown as DropForm, "usd")).toMatchObject({ price: 1250 });
  });
});
