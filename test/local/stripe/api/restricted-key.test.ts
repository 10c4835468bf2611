import { afterAll, expect, test } from "@jest/globals";
import { openStripe } from "../support.ts";

const READ_KEY = "rk_test_of_these_tests";
const open = await openStripe({ readKey: READ_KEY });
afterAll(() => open.close());
const restricted = open.client(READ_KEY);
const REFUSED = { statusCode: 403, type: "StripePermissionError" };

test("a restricted key reads Checkout Sessions and charges", async () => {
  const {
    session: { id: session },
    charge,
  } = await open.paid();
  expect(await restricted.checkout.sessions.retrieve(session)).toMatchObject({ id: session });
  expect(await restricted.charges.retrieve(charge)).toMatchObject({ id: charge });
});

test("a restricted key reads nothing else, and writes nothing", async () => {
  const {
    session: { id: session },
    charge,
  } = await open.paid();
  await expect(restricted.balance.retrieve()).rejects.toMatchObject(REFUSED);
  await expect(restricted.customers.create({})).rejects.toMatchObject(REFUSED);
  await expect(restricted.refunds.create({ charge })).rejects.toMatchObject(REFUSED);
  await expect(restricted.checkout.sessions.expire(session)).rejects.toMatchObject(REFUSED);
});
