import { inspect, load, t } from "unglue";
import { describe, expect, it } from "vitest";
import { moduleBytes, moduleUrl } from "../served.ts";
import { thrownBy } from "../../wat.ts";

const name = "matrix";

const api = t.api({
  UserId: t.class({
    new: t.ctor([t.string], { throws: true }),
    localpart: t.getter(t.string),
    serverName: t.getter(t.owned("ServerName")),
    toString: t.method([], t.string),
  }),
  ServerName: t.class({
    new: t.ctor([t.string], { throws: true }),
    host: t.getter(t.string),
    port: t.getter(t.optional(t.u16)),
  }),
});

describe("matrix-sdk-crypto-wasm: wasm-bindgen 0.2.128, externref, multi-value constructors", () => {
  it("lists the constructors that return an object, an error, and which of them it is", async () => {
    const { classes = [] } = inspect(await moduleBytes(name));
    const userId = classes.find((one) => one.name === "userid");
    expect(userId?.constructors).toMatchObject([
      {
        export: "userid_new",
        pattern: "multi-value",
        type: { params: ["i32", "i32"], results: ["i32", "i32", "i32"] },
      },
    ]);
  });

  it("makes objects by them, and throws what they throw", async () => {
    const wasm = await load(moduleUrl(name), { api });
    const { UserId, ServerName } = wasm.api;
    const user = new UserId("@alice:example.org:8448");
    expect([user.localpart, user.toString()]).toEqual(["alice", "@alice:example.org:8448"]);
    const server = user.serverName;
    expect(server).toBeInstanceOf(ServerName);
    expect([server.host, server.port]).toEqual(["example.org", 8448]);
    expect(new ServerName("example.org").port).toBeUndefined();
    for (let round = 0; round < 100; round++) {
      const error = thrownBy(() => new UserId("nobody"));
      expect(error).toBeInstanceOf(Error);
      expect((error as Error).message).toContain("leading sigil");
    }
    server.free();
    user.free();
    expect(wasm.handles.size).toBe(0);
    expect(wasm.state).toBe("live");
  });
});
