import { createPublicKey, type JsonWebKey } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { OAuth2Client } from "google-auth-library";
import { type ProjectEmulator, startProject } from "../../../local/google/project/index.ts";
import { LocalClock } from "../../../local/kit/clock.ts";
import { FaultPlan } from "../../../local/kit/faults.ts";
import { authorizationOf, identityIn } from "../../../local/kit/google/identity-token.ts";

const HALF_HOUR_MS = 1_800_000;
const EMAIL = "c500-push@p.iam.gserviceaccount.com";
const AUDIENCE = "https://run.test/shop";
const identity = { email: EMAIL, audience: AUDIENCE };
const partsOf = (authorization: string) =>
  authorization
    .replace("Bearer ", "")
    .split(".")
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, "base64url").toString()));

let project: ProjectEmulator;
beforeAll(async () => {
  const options = { clock: new LocalClock(), faults: new FaultPlan() };
  project = await startProject({ ...options, projectId: "p", region: "us-central1" });
});
afterAll(() => project.stop());

describe("an identity token", () => {
  test("is verified by Google's own library with the keys that are published", async () => {
    const answer = await fetch(`http://${project.host}/oauth2/v3/certs`);
    const { keys } = (await answer.json()) as { keys: (JsonWebKey & { kid: string })[] };
    expect(keys).toEqual([expect.objectContaining({ kty: "RSA", alg: "RS256", use: "sig" })]);
    const certificates = Object.fromEntries(
      keys.map((key) => [
        key.kid,
        createPublicKey({ key, format: "jwk" }).export({ type: "spki", format: "pem" }).toString(),
      ]),
    );
    const issuers = ["https://accounts.google.com"];
    const verified = (token: string, audience: string) =>
      new OAuth2Client().verifySignedJwtWithCertsAsync(token, certificates, audience, issuers);
    const token = authorizationOf(identity, new LocalClock()).replace("Bearer ", "");
    const ticket = await verified(token, AUDIENCE);
    expect(ticket.getPayload()).toMatchObject({ email: EMAIL, email_verified: true });
    await expect(verified(token, `${AUDIENCE}-other`)).rejects.toThrow("Wrong recipient");
    await expect(verified(`${token.slice(0, -8)}AAAAAAAA`, AUDIENCE)).rejects.toThrow("signature");
  });

  test("says what Google's do, by the local clock", () => {
    const clock = new LocalClock({ frozenAtMs: Date.UTC(2026, 5, 1, 12, 29, 59) });
    const [head, claims] = partsOf(authorizationOf(identity, clock));
    expect(head).toEqual({
      alg: "RS256",
      kid: expect.stringMatching(/^[0-9a-f]{40}$/),
      typ: "JWT",
    });
    const iat = Date.UTC(2026, 5, 1, 12) / 1000;
    expect(claims).toEqual({
      aud: AUDIENCE,
      azp: claims.sub,
      email: EMAIL,
      email_verified: true,
      exp: iat + 3600,
      iat,
      iss: "https://accounts.google.com",
      sub: expect.stringMatching(/^1\d{20}$/),
    });
  });

  test("is the same for half an hour, and good for half an hour after its last use", async () => {
    const clock = new LocalClock({ frozenAtMs: Date.UTC(2026, 5, 1, 12) });
    const first = authorizationOf(identity, clock);
    await clock.advance(HALF_HOUR_MS - 1);
    expect(authorizationOf(identity, clock)).toBe(first);
    expect(authorizationOf({ ...identity, audience: "other" }, clock)).not.toBe(first);
    await clock.advance(1);
    expect(authorizationOf(identity, clock)).not.toBe(first);
    await clock.advance(HALF_HOUR_MS - 1);
    expect(identityIn(first, clock)).toEqual(identity);
    await clock.advance(1);
    expect(identityIn(first, clock)).toBeUndefined();
  });

  test("does not expire on its way when a clock that runs is advanced", async () => {
    const clock = new LocalClock();
    const sent = authorizationOf(identity, clock);
    const old = authorizationOf(identity, new LocalClock({ frozenAtMs: Date.UTC(2026, 5, 1) }));
    await clock.advance(7 * 24 * 3_600_000);
    expect(identityIn(sent, clock)).toEqual(identity);
    expect(identityIn(old, clock)).toBeUndefined();
  });
});
