import { describe, expect, it } from "vitest";
import { type Api, type Calling, load, t } from "unglue";
import { returningOfObject } from "../../src/bind/hosts/objects.ts";
import { rejectionOf, thrownBy } from "../wat.ts";
import { api as declared, loadMembers, membersUrl } from "./module.ts";

const { api } = await loadMembers();

describe("a class that extends another", () => {
  it("has its members and those of the other, each called on the object of its class", () => {
    const before = api.live();
    const dog = new api.Dog("Rex", "Labrador");
    expect([dog.name(), dog.breed(), dog.sound(), dog.legs]).toEqual(["Rex", "Labrador", "Woof", 4]);
    dog.rename("Max");
    dog.legs = 3;
    expect([dog.name(), dog.legs]).toEqual(["Max", 3]);
    expect(api.live()).toBe(before + 2);
    dog.free();
    expect(api.live()).toBe(before);
  });

  it("inherits over several classes, declared in any order", () => {
    const puppy = new api.Puppy("Bo", 5);
    expect([puppy.name(), puppy.breed(), puppy.sound(), puppy.months]).toEqual(["Bo", "beagle", "Woof", 5]);
    expect([api.Puppy, api.Dog, api.Animal].map((Class) => puppy instanceof Class)).toEqual([true, true, true]);
    const [dog, animal] = [new api.Dog("Rex", "Labrador"), new api.Animal("Tom", 4)];
    expect([dog instanceof api.Puppy, animal instanceof api.Dog]).toEqual([false, false]);
    for (const one of [puppy, dog, animal]) one.free();
    expect(api.live()).toBe(0);
  });

  it("passes its objects where the other's are lent", () => {
    using dog = new api.Dog("Rex", "Labrador");
    using puppy = new api.Puppy("Bo", 5);
    expect([dog, puppy].map((one) => api.legsOf(one))).toEqual([4, 4]);
    expect([dog, puppy].map((one) => api.breedOf(one))).toEqual(["Labrador", "beagle"]);
    using animal = new api.Animal("Tom", 4);
    expect(thrownBy(() => api.breedOf(animal as never))).toMatchObject({ code: "invalid-argument" });
  });

  it("keeps its objects from being given away as the other's, and calls nothing", () => {
    const dog = new api.Dog("Rex", "Labrador");
    expect(thrownBy(() => api.adopt(dog))).toMatchObject({
      code: "invalid-argument",
      details: {
        expected: "an object of the class Animal",
        received: "an object of the class Dog, which extends Animal: as such it can only be lent",
      },
    });
    expect(thrownBy(() => dog.intoName())).toMatchObject({
      code: "invalid-argument",
      message: expect.stringContaining("an object of the class Dog, which extends it") as string,
    });
    expect(dog.name()).toBe("Rex");
    expect(api.adoptAll([dog, api.Dog.stray()])).toBe(2);
    expect(api.live()).toBe(0);
    expect(thrownBy(() => dog.name())).toMatchObject({
      code: "object-unusable",
      details: { class: "Dog", reason: "moved" },
    });
  });

  it("is named in a list that has one which cannot be given away", () => {
    using puppy = new api.Puppy("Bo", 5);
    const list = [api.Dog.stray(), puppy];
    expect(thrownBy(() => api.adoptAll(list))).toMatchObject({
      code: "invalid-argument",
      details: {
        received: "an array whose [1] is an object of the class Puppy, which extends Dog: as such it can only be lent",
      },
    });
    expect(api.adoptAll(list.slice(0, 1))).toBe(1);
  });

  it("is given by a host function as exports take it: lent as the other's, and given away as its own", async () => {
    const unwrap = (of: "Animal" | "Dog") => t.host([t.js], t.owned(of), () => given as never, { api: declared });
    const open = (of: "Animal" | "Dog") =>
      load(membersUrl, { api: declared, imports: { "./members_bg.js": { __wbg_dog_unwrap: unwrap(of) } } });
    let given: object | undefined;
    const exact = await open("Dog");
    using dog = new exact.api.Dog("Rex", "Labrador");
    const puppy = new exact.api.Puppy("Bo", 5);
    given = puppy;
    expect(thrownBy(() => exact.api.adoptAll([dog]))).toMatchObject({
      code: "invalid-argument",
      details: { received: "an object of the class Puppy, which extends Dog: as such it can only be lent" },
    });
    expect(puppy.months).toBe(5);
    const animals = await open("Animal");
    const [stray, other] = [animals.api.Dog.stray(), animals.api.Dog.stray()];
    given = other;
    expect(thrownBy(() => animals.api.adoptAll([stray]))).toMatchObject({ code: "invalid-argument" });
    expect(other.name()).toBe("Stray");
    // By a convention that lends objects to its imports and from them.
    for (const [isOwned, accepted] of [
      [false, true],
      [true, false],
    ] as const) {
      const use = { class: "Animal", isOptional: false, isNullable: false, isOwned };
      const { accepts } = returningOfObject(use, { lift: () => ({}), lower: () => 8 }, { address: "i32" } as Calling);
      expect([puppy, dog, undefined, {}].map((one) => accepts(one))).toEqual([accepted, accepted, false, false]);
    }
  });

  it("refuses an object that is freed, as any of its classes", () => {
    const puppy = new api.Puppy("Bo", 5);
    puppy.free();
    puppy.free();
    for (const use of [() => puppy.months, () => puppy.breed(), () => puppy.name(), () => api.legsOf(puppy)])
      expect(thrownBy(use)).toMatchObject({ code: "object-unusable", details: { class: "Puppy", reason: "freed" } });
  });

  it("refuses an object of another instance, as any of its classes", async () => {
    const other = await loadMembers();
    using dog = new other.api.Dog("Rex", "Labrador");
    expect(thrownBy(() => api.legsOf(dog))).toMatchObject({ code: "object-unusable", details: { reason: "foreign" } });
    expect(dog instanceof api.Animal).toBe(false);
  });

  it("can be extended by a class of the program", () => {
    class Mine extends api.Dog {
      constructor() {
        super("Mine", "mongrel");
      }
      loud(): string {
        return `${this.name()}: ${this.sound()}!`;
      }
    }
    using mine = new Mine();
    expect(mine.loud()).toBe("Mine: Woof!");
    expect(mine instanceof api.Animal).toBe(true);
    expect(api.legsOf(mine)).toBe(4);
  });

  it("must extend a declared class, which the module knows of, and not itself", async () => {
    const { Animal } = declared.members;
    const bad = {
      Cat: t.class({}, { extends: "Animal", free: false }),
      Lost: t.class({}, { extends: "Nothing", free: false }),
      Ring: t.class({}, { extends: "Ring", free: false }),
    };
    const error = await rejectionOf(load(membersUrl, { api: { members: { Animal, ...bad } } }));
    expect(error).toMatchObject({ code: "interface-mismatch" });
    const { message } = error as Error;
    expect(message).toContain("__wbg_upcast_cat_to_animal");
    expect(message).toContain("the interface declares no class Nothing");
    expect(message).toContain("it extends itself");
  });
});

describe("named values of an enumeration", () => {
  it("are members of the interface, frozen", () => {
    expect({ ...api.Mode }).toEqual({ Search: 0, Index: 4 });
    expect({ ...api.Level }).toEqual({ low: "low", high: "high" });
    expect([Object.isFrozen(api.Mode), Object.getPrototypeOf(api.Mode)]).toEqual([true, null]);
    expect([undefined, api.Mode.Search, api.Mode.Index].map((mode) => api.otherMode(mode))).toEqual([0, 4, undefined]);
    expect([undefined, api.Level.low, api.Level.high].map((one) => api.otherLevel(one))).toEqual([
      "low",
      "high",
      undefined,
    ]);
  });

  it("need a complete list where none is a number beside them, as a parameter and as a result", async () => {
    const incomplete = t.optional(t.enumeration({ Search: 0, Index: 4 }));
    for (const [params, result] of [
      [[incomplete], t.void],
      [[t.optional(declared.members.Mode)], incomplete],
    ] as const) {
      const error = await rejectionOf(load(membersUrl, { api: t.api({ otherMode: t.fn(params, result) }) }));
      expect(error).toMatchObject({
        code: "interface-mismatch",
        message: expect.stringContaining("complete: true") as string,
      });
    }
  });

  it("come from a TypeScript enum without its numbers' names", async () => {
    // As the compiler writes enum Kind { Low, High = 4 }.
    const Kind = { Low: 0, High: 4, 0: "Low", 4: "High" } as const;
    const wasm = await load(membersUrl, { api: t.api({ Kind: t.enumeration(Kind) }) });
    expect({ ...wasm.api.Kind }).toEqual({ Low: 0, High: 4 });
  });
});

describe("a function of any number of arguments", () => {
  it("takes them as they are", () => {
    expect(api.join(", ")).toBe("");
    expect(api.join(", ", "a", "b", "c")).toBe("a, b, c");
    expect(api.sum()).toBe(0);
    expect(api.sum(1, -2, 2 ** 31 - 1)).toBe(2 ** 31 - 2);
  });

  it("refuses each that is wrong", () => {
    expect(thrownBy(() => api.sum(1, 2 ** 31))).toMatchObject({
      code: "invalid-argument",
      details: { argument: "values[1]" },
    });
    expect(thrownBy(() => api.join(", ", "a", 1 as never))).toMatchObject({ code: "invalid-argument" });
    expect(thrownBy(() => (api.join as unknown as () => void)())).toMatchObject({ details: { argument: "separator" } });
  });
});

describe("a property", () => {
  it("can be read as one type and written as another", () => {
    using config = api.Config.new();
    expect(config.label).toBe("none");
    config.label = "some";
    expect(config.label).toBe("some");
    const written: { label: string | undefined } = config;
    written.label = undefined;
    expect(config.label).toBe("none");
    expect(thrownBy(() => (written.label = 1 as never))).toMatchObject({ code: "invalid-argument" });
  });

  it("of a class is read and written on the class", () => {
    const before = api.Config.limit;
    api.Config.limit = before + 1;
    expect(api.Config.limit).toBe(before + 1);
    expect(thrownBy(() => (api.Config.limit = -1))).toMatchObject({ code: "invalid-argument" });
    using config = api.Config.new();
    expect("limit" in config).toBe(false);
  });

  it("may take its object", () => {
    const config = api.Config.new();
    config.label = "done";
    expect(config.finished).toBe("done");
    expect(thrownBy(() => config.finished)).toMatchObject({ code: "object-unusable", details: { reason: "moved" } });
  });
});

describe("a factory named new", () => {
  it("is a static method, and the class has no constructor", () => {
    const config = api.Config.new();
    expect(config).toBeInstanceOf(api.Config);
    config.free();
    expect(thrownBy(() => new (api.Config as unknown as new () => object)())).toMatchObject({
      message: expect.stringContaining("Call Config.new instead") as string,
    });
  });
});

describe("a member that the module may lack", () => {
  it("is undefined", () => {
    using config = api.Config.new();
    expect([api.absent, api.Absent, api.Config.none, config.absent, config.missing]).toEqual(Array(5).fill(undefined));
    expect([Object.keys(api).includes("absent"), "missing" in config]).toEqual([false, false]);
  });

  it("must fit if the module has it", async () => {
    const optional = { optional: true } as const;
    const cases: readonly Api<object>[] = [
      t.api({ live: t.fn([t.string], t.u32, optional) }),
      t.api({ Config: t.class({ limit: t.getter(t.u32, optional) }) }),
      // The module has a part of it.
      t.api({ Counter: t.class({ new: t.ctor([t.u32]), nothing: t.method([], t.void) }, optional) }),
    ];
    for (const api of cases)
      expect(await rejectionOf(load(membersUrl, { api: api }))).toMatchObject({ code: "interface-mismatch" });
  });
});

describe("a parameter with a name", () => {
  it("is called by it", () => {
    expect(thrownBy(() => new api.Animal("Tom", -1))).toMatchObject({
      message: expect.stringMatching(
        /^Animal\.new: the argument "legs" must be .*, got -1\. Nothing was called\./,
      ) as string,
      details: { call: "Animal.new", argument: "legs" },
    });
  });

  it("must be declared as such", async () => {
    const bad = (params: unknown) => load(membersUrl, { api: { members: { live: t.fn(params as never, t.u32) } } });
    for (const [params, reason] of [
      [[{ type: "param", name: 1, of: t.u32 }], "a name in t.param that is no string"],
      [[t.param("x", undefined as never)], "is undefined"],
      [[t.rest(t.u32 as never)], "only t.list, t.array and t.bytes can"],
      [[t.rest(t.bytes), t.u32], "is not the last one"],
      [[{ type: "rest", of: t.bytes, more: 1 }], "unknown option"],
    ] as const)
      expect(await rejectionOf(bad(params))).toMatchObject({ message: expect.stringContaining(reason) as string });
  });
});
