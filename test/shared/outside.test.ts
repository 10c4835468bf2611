import { describe, expect, test } from "@jest/globals";
import { countriesPaidFrom, readCountry } from "../../functions/members/domain/payout-country.ts";
import {
  isShopWord,
  newShopWord,
  readShopAddress,
  shopLinkOf,
  shortShopAddress,
} from "../../functions/races/domain/shop-link.ts";
import { isId, isSnowflake, readId, readSnowflake } from "../../shared/documents/outside-id.ts";
import { currentVersion, type Upgrade, upgrade } from "../../shared/documents/version.ts";
import {
  subscriptionStanding,
  subscriptionsWantedFor,
} from "../../shared/twitch/event-subscriptions.ts";

describe("an id from outside", () => {
  test("is read without surrounding blanks", () => {
    expect(readId(" cs_test-1 ")).toBe("cs_test-1");
    expect(readSnowflake(" 123 ")).toBe("123");
    expect([isId("cs_1"), isId(" cs_1"), isId("a/b")]).toEqual([true, false, false]);
    expect([isSnowflake("123"), isSnowflake(" 123"), isSnowflake("1a")]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test.each([[undefined], [12], [""], ["a/b"], [".."], ["__x__"], ["a".repeat(201)]])(
    "is refused if it is %j",
    (value) => {
      expect(readId(value)).toBeUndefined();
      expect(readSnowflake(value)).toBeUndefined();
    },
  );

  test("of Discord's has only digits, at most twenty", () => {
    expect(readSnowflake("9".repeat(20))).toBe("9".repeat(20));
    for (const text of ["9".repeat(21), "12a", "-1"]) expect(readSnowflake(text)).toBeUndefined();
  });
});

describe("a race's shop", () => {
  const linkOf = (shopUrl?: string, shopWord?: string) =>
    shopLinkOf({ id: "7", shopUrl, shopWord });

  test("has a word of four letters and digits that begins with a letter", () => {
    expect(newShopWord(() => 0)).toBe("aaaa");
    expect(newShopWord((below) => below - 1)).toBe("z999");
    expect(["abc2", "a234", "2abc", "abc", "abcde"].map(isShopWord)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  test("is an address that a browser opens, without a name or password, up to 400 characters", () => {
    const longest = `https://shop.test/${"a".repeat(400 - 18)}`;
    expect(longest).toHaveLength(400);
    expect(readShopAddress(longest)).toBe(longest);
    expect(readShopAddress("https://SHOP.test")).toBe("https://shop.test/");
    for (const text of [
      "no address",
      `${longest}a`,
      "http://shop.test",
      "https://localhost",
      "https://ann@shop.test",
      "https://:secret@shop.test",
    ]) {
      expect(readShopAddress(text)).toBeUndefined();
    }
  });

  test("names its race in the way that each provider supports", () => {
    expect(linkOf("https://ko-fi.com/ann", "abc2")).toEqual({
      url: "https://ko-fi.com/ann",
      message: "race abc2",
    });
    expect(linkOf("https://buy.stripe.com/x", "abc2")).toEqual({
      url: "https://buy.stripe.com/x?client_reference_id=lobby_7",
      message: undefined,
    });
    expect(linkOf("https://notstripe.com/x", "abc2")).toEqual({
      url: "https://notstripe.com/x?lobby=7",
      message: undefined,
    });
  });

  test("does not exist without an address or a word", () => {
    for (const [shopUrl, shopWord] of [[], ["https://shop.test"], [undefined, "abc2"]]) {
      expect(linkOf(shopUrl, shopWord)).toBeUndefined();
      expect(shortShopAddress({ shopUrl, shopWord }, "https://c500.test")).toBeUndefined();
    }
    const known = { shopUrl: "https://shop.test", shopWord: "abc2" };
    expect(shortShopAddress(known, "https://c500.test")).toBe("https://c500.test/buy/abc2");
  });
});

describe("a country", () => {
  test("is found by its code, its name or a word that people use", () => {
    for (const typed of ["GB", "gb", " united kingdom ", "England"]) {
      expect(readCountry(typed)).toEqual({ code: "GB", name: "United Kingdom" });
    }
    expect(readCountry("Atlantis")).toBeUndefined();
  });

  test("can be paid from its own region, or only from itself", () => {
    const codes = (platform: string) => countriesPaidFrom(platform).map(({ code }) => code);
    expect(codes("US")).toEqual(expect.arrayContaining(["US", "DE", "CH"]));
    expect(codes("US")).not.toContain("JP");
    expect(codes("JP")).toEqual(["JP"]);
  });
});

describe("a subscription to a channel's events", () => {
  test.each([
    ["enabled", "alive"],
    ["webhook_callback_verification_pending", "alive"],
    ["authorization_revoked", "final"],
    ["notification_failures_exceeded", "renewable"],
    ["something new", "renewable"],
  ])("that is %s is %s", (status, standing) => {
    expect(subscriptionStanding(status)).toBe(standing);
  });

  test("is wanted for its start and its end", () => {
    expect(subscriptionsWantedFor("9").map(({ type }) => type)).toEqual([
      "stream.online",
      "stream.offline",
    ]);
  });
});

describe("data of an earlier version", () => {
  const steps: readonly Upgrade[] = [
    ({ name }) => ({ names: [name] }),
    ({ names }) => ({ names, count: 1 }),
  ];

  test("is upgraded from its version, or from the first if it names none", () => {
    expect(currentVersion(steps)).toBe(3);
    const today = { ok: true, fields: { names: ["ann"], count: 1 } };
    expect(upgrade({ name: "ann" }, "v", steps)).toEqual(today);
    expect(upgrade({ v: 1, name: "ann" }, "v", steps)).toEqual(today);
    expect(upgrade({ v: 2, names: ["ann"] }, "v", steps)).toEqual(today);
    expect(upgrade({ v: 3, names: ["ann"], count: 1 }, "v", steps)).toEqual(today);
  });

  test("is refused if a later version wrote it, or no version can have", () => {
    expect(upgrade({ v: 4 }, "v", steps)).toEqual({ ok: false, why: "newer", version: 4 });
    const malformed = { ok: false, why: "malformed" };
    for (const written of [
      null,
      undefined,
      "text",
      1,
      { v: 0 },
      { v: -1 },
      { v: 1.5 },
      { v: "3" },
    ]) {
      expect(upgrade(written, "v", steps)).toEqual(malformed);
    }
    const failing: Upgrade = () => {
      throw new Error("not what it expected");
    };
    expect(upgrade({}, "v", [failing])).toEqual(malformed);
  });
});
