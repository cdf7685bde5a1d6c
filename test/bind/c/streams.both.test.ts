import { describe, expect, it } from "vitest";
import { load, t } from "unglue";
import { rejectionOf } from "../../wat.ts";
import { fixture } from "./shapes.ts";
import { describeStreams } from "./streams-cases.ts";

describeStreams("shapes", false);

describe("memory that nothing would free, or whose length is nowhere", () => {
  const left = t.field(t.u32, { offset: 4 });
  const input = t.field(t.bytes, { offset: 0, length: "left" });
  const size = { size: 32, free: "stream_end" };
  const cases: [string, Parameters<typeof t.api>[0], string][] = [
    ["a class that is never freed", { S: t.class({ input, left }, { free: false }) }, "states what frees its objects"],
    ["a class of no size", { S: t.class({ input, left }) }, "states what frees its objects"],
    ["no such field", { S: t.class({ input }, size) }, 'its length "left" is no field of an integer type'],
    [
      "a field of another type",
      { S: t.class({ input, left: t.field(t.f32, { offset: 4 }) }, size) },
      "is no field of an integer",
    ],
    [
      "a field without an offset",
      { S: t.class({ input: t.field(t.bytes, { length: "left" }), left }, size) },
      "state its offset",
    ],
    [
      "text",
      { S: t.class({ input: t.field(t.cstring, { offset: 0, length: "left" }), left }, size) },
      "and it is cstring",
    ],
    ["no room", { S: t.class({ input, left }, { ...size, size: 7 }) }, "it ends at byte 8, and an object has 7"],
    [
      "an object that is consumed",
      { S: t.class({ input, left, run: t.method([], t.i32, { export: "stream_end", consumes: true }) }, size) },
      "as owned or consumes it",
    ],
    [
      "an object that is given away",
      { S: t.class({ input, left }, size), stream_end: t.fn([t.optional(t.owned("S"))], t.i32) },
      "as owned or consumes it",
    ],
  ];
  it.each(cases)("is refused: %s", async (_, members, reason) => {
    const error = await rejectionOf(load(fixture("shapes"), { api: t.api(members as never) }));
    expect(error).toMatchObject({ code: "interface-mismatch" });
    expect(String(error)).toContain(reason);
  });
});
