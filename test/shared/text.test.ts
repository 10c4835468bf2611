import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { oneLine, plain, plainLines } from "../../shared/discord/theme.ts";
import { severalLines, singleLine } from "../../shared/text/text.ts";

const SHAPELESS = [
  "\u200e",
  "\u200f",
  "\u061c",
  "\u202a",
  "\u202b",
  "\u202c",
  "\u202d",
  "\u202e",
  "\u2066",
  "\u2067",
  "\u2068",
  "\u2069",
  "\u200b",
  "\u200c",
  "\u200d",
  "\u2060",
  "\ufeff",
  "\u00ad",
  "\u034f",
  "\u115f",
  "\u3164",
  "\uffa0",
  "\u2800",
  "\u{e0041}",
  "\u180e",
  "\ufe0f",
];
const anyText = fc
  .array(fc.oneof(fc.constantFrom(...SHAPELESS), fc.string({ unit: "binary", maxLength: 3 })))
  .map((parts) => parts.join(""));
const INVISIBLE = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff\u00ad\u2800]/u;

describe("others' text in our posts", () => {
  test("has no direction marks and no invisible characters, whatever it was", () => {
    fc.assert(
      fc.property(anyText, fc.nat({ max: 80 }), (text, length) => {
        for (const shown of [singleLine(text), severalLines(text), oneLine(text, length + 1)]) {
          expect(shown).not.toMatch(INVISIBLE);
          expect(shown).not.toMatch(/(?!\n)\p{Cc}/u);
        }
        expect(singleLine(text)).not.toContain("\n");
        expect(singleLine(singleLine(text))).toBe(singleLine(text));
      }),
    );
  });

  test.each(SHAPELESS)(
    "loses %j between letters, and becomes empty if it is nothing else",
    (shapeless) => {
      expect(plain(`gro${shapeless}up buy`, 100)).toBe("group buy");
      expect(plainLines(`one${shapeless}\ntwo`, 100)).toBe("one\ntwo");
      expect(singleLine(` ${shapeless} ${shapeless}`)).toBe("");
    },
  );

  test("joins no picture to a letter", () => {
    expect(singleLine("a\u200d👧")).toBe("a👧");
    expect(singleLine("👧\u200da")).toBe("👧a");
  });

  test.each(["👩‍👩‍👧", "👩🏽‍💻", "❤️‍🔥", "🏳️‍🌈", "1️⃣", "Blåbær – 青い 鍵盤", "קלידים", "Ключ"])(
    "keeps %s whole",
    (text) => {
      expect(singleLine(text)).toBe(text);
      expect(severalLines(text)).toBe(text);
    },
  );
});
