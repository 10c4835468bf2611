import { describe, expect, test } from "@jest/globals";
import { listen } from "../../../local/kit/http/listen.ts";
import { Network } from "../../../local/kit/http/network.ts";
import { ReachableNetwork } from "../../../local/kit/http/reachable-network.ts";
import { rejectionOf } from "./served.ts";

describe("the network", () => {
  const says = (text: string) => (_request: unknown, answer: { end(text: string): void }) =>
    answer.end(text);

  test("finds a server by its name and port", async () => {
    const network = new Network();
    network.listen("one.test", says("one"));
    network.listen("one.test:8080", says("another"));
    network.listen("two.test", says("two"));
    const text = async (url: string) => (await network.fetch(url)).text();
    expect(await text("http://one.test/")).toBe("one");
    expect(await text("http://one.test:80/")).toBe("one");
    expect(await text("http://one.test:8080/")).toBe("another");
    expect(await text("http://TWO.test/")).toBe("two");
    expect(network.calls).toBe(4);
  });

  test("an unknown name is not found, as over sockets", async () => {
    const network = new Network();
    const expected = await rejectionOf(fetch("http://nowhere.invalid/"));
    const rejection = await rejectionOf(network.fetch("http://nowhere.invalid/"));
    expect(rejection).toMatchObject({ name: "TypeError", message: "fetch failed" });
    expect(rejection["code"]).toBe("ENOTFOUND");
    // A machine without a name server answers EAI_AGAIN.
    expect(["ENOTFOUND", "EAI_AGAIN"]).toContain(expected["code"]);
  });

  test("where no one listens any more the connection is refused, as over sockets", async () => {
    const network = new Network();
    const named = await network.listenAs("one.test")(says("one"));
    const real = await listen(says("one"));
    await Promise.all([named.stop(), real.stop()]);
    const expected = await rejectionOf(fetch(real.url));
    expect(expected["code"]).toBe("ECONNREFUSED");
    expect(await rejectionOf(network.fetch(named.url))).toEqual(expected);
    expect(await rejectionOf(network.fetch("http://one.test:81/"))).toEqual(expected);
  });

  test("two servers cannot have one name", () => {
    const network = new Network();
    network.listen("one.test", says("one"));
    expect(() => network.listen("one.test", says("two"))).toThrow("already listening at one.test");
  });

  test("a server of a reachable network is the same for this process and for others, until it stops", async () => {
    const network = new ReachableNetwork();
    const service = await network.listenAs()(says("one"));
    const from = async (call: typeof fetch) => (await call(service.url)).text();
    expect(await from(fetch)).toBe("one");
    expect(network.calls).toBe(0);
    expect(await from(network.fetch)).toBe("one");
    expect(network.calls).toBe(1);
    await service.stop();
    expect(await rejectionOf(network.fetch(service.url))).toEqual(
      await rejectionOf(fetch(service.url)),
    );
  });
});
