import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  type AccountFacts,
  accountStateOf,
  accountStates,
  inPlainWords,
} from "../../../shared/money/seller-account.ts";

const ready: AccountFacts = {
  country: "US",
  detailsSubmitted: true,
  payoutsEnabled: true,
  takesTransfers: true,
  disabledReason: undefined,
  missing: [],
};
const facts = fc.record({
  country: fc.constantFrom("US", "DE"),
  detailsSubmitted: fc.boolean(),
  payoutsEnabled: fc.boolean(),
  takesTransfers: fc.boolean(),
  disabledReason: fc.option(
    fc.constantFrom("rejected.fraud", "rejected.other", "requirements.past_due", "under_review"),
    { nil: undefined },
  ),
  missing: fc.array(fc.constantFrom("external_account", "individual.dob.day", "new.thing")),
});

describe("the state of a connected account", () => {
  test.each([
    ["PENDING", "before the form is finished", { detailsSubmitted: false }],
    ["PENDING", "while Stripe looks at it", { takesTransfers: false }],
    ["ACTIVE", "once it takes transfers and pays out", {}],
    ["ACTIVE", "while something is asked for later", { missing: ["individual.id_number"] }],
    ["RESTRICTED", "when it pays out nothing", { payoutsEnabled: false, missing: ["x"] }],
    ["RESTRICTED", "when it takes no transfers", { takesTransfers: false, missing: ["x"] }],
    [
      "RESTRICTED",
      "when Stripe says it is disabled and not what is missing",
      { payoutsEnabled: false, disabledReason: "listed" },
    ],
    ["REJECTED", "for fraud", { disabledReason: "rejected.fraud" }],
    [
      "REJECTED",
      "also before the form was finished",
      { detailsSubmitted: false, disabledReason: "rejected.terms_of_service" },
    ],
  ])("is %s %s", (state, _when, changes) => {
    expect(accountStateOf({ ...ready, ...changes })).toBe(state);
  });

  test("is one of four, whatever Stripe says, and ACTIVE only where money can arrive and leave", () => {
    fc.assert(
      fc.property(facts, (account) => {
        const state = accountStateOf(account);
        expect(accountStates).toContain(state);
        const canBePaid =
          account.detailsSubmitted && account.takesTransfers && account.payoutsEnabled;
        const isRejected = account.disabledReason?.startsWith("rejected.") ?? false;
        expect(state === "ACTIVE").toBe(canBePaid && !isRejected);
        expect(state === "REJECTED").toBe(isRejected);
      }),
    );
  });
});

describe("what is missing", () => {
  test.each([
    ["external_account", "a bank account for your payouts"],
    ["tos_acceptance.date", "your agreement to Stripe's terms"],
    ["individual.verification.document", "a photo of your identity document"],
    ["individual.verification.additional_document", "a second document that shows your address"],
    ["individual.verification.proof_of_liveness", "a photo of your identity document"],
    ["person_1.dob.day", "your date of birth"],
    ["individual.address.line1", "your address"],
    ["individual.ssn_last_4", "your tax or identity number"],
    ["individual.id_number", "your tax or identity number"],
    ["individual.email", "your email address"],
    ["individual.phone", "your phone number"],
    ["individual.first_name", "your name"],
    ["business_profile.url", "what your business is"],
    ["company.tax_id", "what your business is"],
    ["company.address.line1", "your address"],
  ])("%s is %s", (name, words) => {
    expect(inPlainWords([name])).toEqual([words]);
  });

  test("is listed once, however many of Stripe's names mean the same", () => {
    const birth = ["day", "month", "year"].map((part) => `individual.dob.${part}`);
    expect(inPlainWords([...birth, "external_account", ...birth])).toEqual([
      "your date of birth",
      "a bank account for your payouts",
    ]);
  });

  test("is never omitted: an unknown name is shown as Stripe writes it", () => {
    expect(inPlainWords(["relationship.something_new"])).toEqual(["relationship.something_new"]);
    fc.assert(
      fc.property(fc.array(fc.string()), (names) => {
        expect(inPlainWords(names).length > 0).toBe(names.length > 0);
      }),
    );
  });
});
