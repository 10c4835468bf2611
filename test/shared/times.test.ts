import { describe, expect, test } from "@jest/globals";
import { tooYoungUntil } from "../../functions/members/domain/account-age.ts";
import {
  MAX_CODE_ATTEMPTS,
  newCode,
  readCode,
  readState,
  SIGN_IN_MS,
} from "../../functions/members/domain/sign-in.ts";
import { isNearLimit, startOfTaxYear } from "../../functions/members/domain/tax.ts";
import { snowflakeTimeMs } from "../../shared/discord/snowflake.ts";
import {
  judgeCommand,
  type MoneyCommand,
  rememberCommand,
  undoCommand,
} from "../../shared/money/money-command.ts";
import { readSaleTime, saleTime, saleTitle } from "../../shared/money/sale-reading.ts";
import { isAhead, readRfc3339 } from "../../shared/runtime/sender-time.ts";

const NOW = new Date("2026-11-01T20:00:00Z");
const at = (ms: number) => new Date(NOW.getTime() + ms);
const DAY_MS = 24 * 3_600_000;
/** The id of a thing that Discord makes at a moment; the second of that millisecond is 1. */
const snowflakeAt = (date: Date, second = 0) =>
  String((BigInt(date.getTime() - Date.parse("2015-01-01T00:00:00Z")) << 22n) + BigInt(second));

describe("a time from outside", () => {
  test("may be at most five minutes ahead of our clock", () => {
    expect(isAhead(300_000, 0)).toBe(false);
    expect(isAhead(300_001, 0)).toBe(true);
    expect(isAhead(Number.NaN, 0)).toBe(true);
    expect(saleTime(at(300_001), NOW)).toBeUndefined();
  });

  test("counts for a sale up to five seconds ahead; beyond that the time of the report counts", () => {
    expect(saleTime(at(-DAY_MS), NOW)).toEqual({ soldAtMs: at(-DAY_MS).getTime() });
    expect(saleTime(at(5000), NOW)).toEqual({ soldAtMs: at(5000).getTime() });
    expect(saleTime(at(5001), NOW)).toEqual({
      soldAtMs: NOW.getTime(),
      notifiedAtMs: at(5001).getTime(),
    });
  });

  test("is read with its zone, or refused", () => {
    expect(readRfc3339("2026-11-01T15:00:00-05:00")).toBe(NOW.getTime());
    expect(readRfc3339("2026-11-01T20:00:00.123456789Z")).toBe(NOW.getTime() + 123);
    for (const text of ["2026-11-01T20:00:00", "2026-13-01T20:00:00Z", "now", ""]) {
      expect(readRfc3339(text)).toBeUndefined();
      expect(readSaleTime(text, NOW)).toBeUndefined();
    }
    expect(readSaleTime("2026-11-01T20:00:00Z", NOW)).toEqual({ soldAtMs: NOW.getTime() });
  });

  test("a sale's title is on one line, and shortened to a hundred characters", () => {
    expect(saleTitle(" A\nshirt ")).toBe("A shirt");
    expect(saleTitle("é".repeat(100))).toBe("é".repeat(100));
    expect(saleTitle("é".repeat(101))).toBe(`${"é".repeat(99)}…`);
  });
});

describe("an id of Discord's", () => {
  test("contains its time of creation", () => {
    expect(snowflakeTimeMs(snowflakeAt(NOW))).toBe(NOW.getTime());
    // Discord's own example.
    expect(snowflakeTimeMs("175928847299117063")).toBe(Date.parse("2016-04-30T11:18:25.796Z"));
  });

  test("of a user determines until when their account is too new to buy and bid", () => {
    const id = snowflakeAt(NOW);
    expect(tooYoungUntil(id, at(7 * DAY_MS - 1), 7)).toEqual(at(7 * DAY_MS));
    expect(tooYoungUntil(id, at(7 * DAY_MS), 7)).toBeUndefined();
    expect(tooYoungUntil(id, NOW, 1)).toEqual(at(DAY_MS));
    expect(tooYoungUntil(id, at(-DAY_MS), 0)).toBeUndefined();
  });
});

describe("of identical commands that move money", () => {
  const command = (ms: number, fields: Partial<MoneyCommand> = {}): MoneyCommand => ({
    id: snowflakeAt(at(ms)),
    what: "100",
    isDone: true,
    ...fields,
  });

  test("within two minutes the newest counts, whatever its outcome", () => {
    const first = command(0);
    expect(judgeCommand(first, [command(119_999, { isDone: false })])).toMatchObject({
      verdict: "superseded",
      otherId: command(119_999).id,
    });
    expect(judgeCommand(first, [command(120_000)])).toEqual({ verdict: "valid" });
    expect(judgeCommand(first, [command(1000), command(2000)])).toMatchObject({
      verdict: "superseded",
      otherId: command(1000).id,
    });
    expect(judgeCommand(first, [command(0, { id: snowflakeAt(NOW, 1) })])).toMatchObject({
      verdict: "superseded",
    });
  });

  test("one is not executed if an older one was", () => {
    const later = command(119_999);
    expect(judgeCommand(later, [command(0)])).toEqual({
      verdict: "repeated",
      otherId: command(0).id,
    });
    expect(judgeCommand(later, [command(0, { isDone: false })])).toEqual({ verdict: "valid" });
    expect(judgeCommand(command(120_000), [command(0)])).toEqual({ verdict: "valid" });
    expect(judgeCommand(later, [command(0), command(1000)])).toMatchObject({
      otherId: command(1000).id,
    });
  });

  test("a different command, or the same one, does not count as identical", () => {
    expect(judgeCommand(command(1), [command(0, { what: "200" })])).toEqual({ verdict: "valid" });
    expect(judgeCommand(command(0), [command(0)])).toEqual({ verdict: "valid" });
  });

  test("only relevant ones are stored, the newest last, at most twenty", () => {
    const [old, one, two] = [command(0), command(60_000), command(120_000)];
    expect(rememberCommand(one, [two, old])).toEqual([one, two]);
    expect(rememberCommand({ ...one, isDone: false }, [one])).toEqual([{ ...one, isDone: false }]);
    const many = Array.from({ length: 20 }, (_, index) => command(index));
    expect(rememberCommand(command(20), many)).toEqual([...many.slice(1), command(20)]);
    expect(rememberCommand(command(19), many)).toEqual(many);
    expect(undoCommand(one.id, [one, two])).toEqual([{ ...one, isDone: false }, two]);
  });
});

describe("a sign-in", () => {
  test("has fifteen minutes, and five wrong codes", () => {
    expect([SIGN_IN_MS, MAX_CODE_ATTEMPTS]).toEqual([900_000, 5]);
  });

  test("has a code of eight letters and digits, each drawn by itself", () => {
    let drawn = 0;
    const code = newCode((below) => {
      drawn += 3;
      return drawn % below;
    });
    expect(code).toBe("FJMQ-TX36");
    expect(readCode(` ${code.toLowerCase().replace("-", " ")} `)).toBe(code);
  });

  test.each(["FJMQ-TX3", "FJMQ-TX366", "AEIO-U01Y", "FJMQ-TX3A", ""])(
    "does not accept %j as a code",
    (typed) => {
      expect(readCode(typed)).toBeUndefined();
    },
  );

  test("has a state with its user and its secret, or is refused", () => {
    const nonce = "n".repeat(22);
    expect(readState(`12.${nonce}`)).toEqual({ userId: "12", nonce });
    for (const text of [
      undefined,
      "",
      `x.${nonce}`,
      `12.${nonce.slice(1)}`,
      "12",
      `${"1".repeat(21)}.${nonce}`,
    ]) {
      expect(readState(text)).toBeUndefined();
    }
  });
});

describe("the yearly limit", () => {
  test("is near from four fifths of it on, if there is one", () => {
    expect(isNearLimit(48_000, 60_000)).toBe(true);
    expect(isNearLimit(47_999, 60_000)).toBe(false);
    expect(isNearLimit(1, 0)).toBe(false);
    expect(isNearLimit(0, 0)).toBe(false);
    expect(isNearLimit(1, 1)).toBe(true);
  });

  test("counts from the beginning of the calendar year", () => {
    expect(startOfTaxYear(NOW)).toEqual(new Date("2026-01-01T00:00:00Z"));
    expect(startOfTaxYear(new Date("2026-01-01T00:00:00Z"))).toEqual(startOfTaxYear(NOW));
  });
});
