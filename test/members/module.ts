import { load, t } from "unglue";

// A name of its own: Vite rewrites an address that is made from import.meta.url in place.
const here = import.meta.url;

/** The module of test/fixtures/members. */
export const membersUrl = new URL("../fixtures/members/members.wasm", here);

/** Its numbers and texts with names. */
export const Mode = t.enumeration({ Search: 0, Index: 4 }, { complete: true });
export const Level = t.enumeration(["low", "high"], { complete: true });

/** All that the module has. */
export const api = t.api({
  live: t.fn([], t.u32),
  Animal: t.class({
    new: t.ctor([t.param("name", t.string), t.param("legs", t.u32)]),
    name: t.method([], t.string),
    rename: t.method([t.param("name", t.string)], t.void),
    sound: t.method([], t.string),
    legs: t.field(t.u32),
    intoName: t.method([], t.string, { consumes: true }),
  }),
  // Declared before the class that it extends.
  Puppy: t.class({ new: t.ctor([t.string, t.u32]), months: t.getter(t.u32) }, { extends: "Dog" }),
  Dog: t.class(
    {
      new: t.ctor([t.string, t.string]),
      breed: t.method([], t.string),
      sound: t.method([], t.string),
      stray: t.static([], t.owned("Dog")),
    },
    { extends: "Animal" },
  ),
  legsOf: t.fn([t.object("Animal")], t.u32),
  breedOf: t.fn([t.object("Dog")], t.string),
  adopt: t.fn([t.owned("Animal")], t.u32),
  adoptAll: t.fn([t.list(t.owned("Dog"))], t.u32),
  Mode,
  Level,
  otherMode: t.fn([t.optional(Mode)], t.optional(Mode)),
  otherLevel: t.fn([t.optional(Level)], t.optional(Level)),
  join: t.fn([t.param("separator", t.string), t.rest(t.list(t.string))], t.string),
  sum: t.fn([t.param("values", t.rest(t.array(t.i32)))], t.i32),
  Config: t.class({
    new: t.ctor([], { static: true }),
    label: t.property(t.getter(t.string), t.setter(t.optional(t.string))),
    limit: t.field(t.u32, { static: true }),
    finished: t.getter(t.string, { consumes: true }),
    missing: t.field(t.u32, { optional: true }),
    absent: t.method([], t.void, { optional: true }),
    none: t.static([], t.void, { optional: true }),
  }),
  absent: t.fn([t.u32], t.u32, { optional: true }),
  Absent: t.class({ new: t.ctor([]), value: t.getter(t.u32) }, { optional: true }),
  Counter: t.class({
    new: t.ctor([t.u32]),
    add: t.method([t.u32], t.promise(t.u32)),
    addWhen: t.method([t.promise(t.js), t.bytes], t.promise(t.u32)),
    readWhen: t.method([t.promise(t.js)], t.promise(t.u32)),
    panicWhen: t.method([t.promise(t.js)], t.promise(t.u32)),
    finish: t.method([], t.promise(t.u32), { consumes: true }),
    value: t.field(t.u32),
    peek: t.method([], t.u32),
  }),
  valueWhen: t.fn([t.object("Counter"), t.promise(t.js)], t.promise(t.u32)),
  takeCounter: t.fn([t.owned("Counter")], t.u32),
});

/** Loads the module. */
export async function loadMembers() {
  return load(membersUrl, { api });
}
