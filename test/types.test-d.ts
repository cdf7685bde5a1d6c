import { describe, expectTypeOf, it } from "vitest";
import {
  type Adapter,
  compile,
  type ErrorCode,
  type ErrorDetails,
  inspect,
  type Instance,
  load,
  type LoadOptions,
  loadSync,
  type Memory,
  type Module,
  type Lease,
  type Pool,
  type Shape,
  type Table,
  UnglueError,
} from "unglue";

/** Types that the walk leaves out: the platform's own, which have `any` in places. */
type Platform =
  ArrayBufferLike | ArrayBufferView | Promise<unknown> | WebAssembly.Instance | WebAssembly.Table | WebAssembly.Global;

/** The paths to every `any` in a type, four members deep. */
type Any<Type, Path extends string = "", Depth extends 0[] = []> = 0 extends 1 & Type
  ? Path
  : Depth["length"] extends 4
    ? never
    : Type extends Platform | string | number | bigint | boolean | symbol | null | undefined
      ? never
      : Type extends (...args: infer Args) => infer Result
        ? Any<Args[number], `${Path}()`, [...Depth, 0]> | Any<Result, `${Path}=>`, [...Depth, 0]>
        : Type extends readonly (infer Item)[]
          ? Any<Item, `${Path}[]`, [...Depth, 0]>
          : { [Key in keyof Type]-?: Any<Type[Key], `${Path}.${Key & string}`, [...Depth, 0]> }[keyof Type];

const bytes = new Uint8Array();

describe("the public types", () => {
  it("have no any", () => {
    expectTypeOf<Any<Instance>>().toBeNever();
    expectTypeOf<Any<Module>>().toBeNever();
    expectTypeOf<Any<Pool>>().toBeNever();
    expectTypeOf<Any<Memory>>().toBeNever();
    expectTypeOf<Any<Table>>().toBeNever();
    expectTypeOf<Any<Shape>>().toBeNever();
    expectTypeOf<Any<Adapter>>().toBeNever();
    expectTypeOf<Any<ErrorDetails>>().toBeNever();
    expectTypeOf<Any<Omit<LoadOptions, "fetch">>>().toBeNever();
  });

  it("of a module without stated exports are functions of unknown arguments and results", () => {
    const { exports, guarded } = loadSync(bytes);
    expectTypeOf(exports["run"]).toEqualTypeOf<((...args: unknown[]) => unknown) | undefined>();
    expectTypeOf(guarded["run"]).toEqualTypeOf<((...args: unknown[]) => unknown) | undefined>();
    // @ts-expect-error -- an unknown result is no number
    const sum: number = exports["run"]?.();
    expectTypeOf(sum).toBeNumber();
  });

  it("of stated exports reach what a pool hands out, resets and takes back", async () => {
    interface Exports {
      add(a: number, b: number): number;
      memory: WebAssembly.Memory;
    }
    const module = await compile(bytes);
    const pool = module.pool<Exports>({
      max: 2,
      reset: (wasm) => expectTypeOf(wasm).toEqualTypeOf<Instance<Exports>>(),
    });
    expectTypeOf(pool).toEqualTypeOf<Pool<Exports>>();
    expectTypeOf(pool.take()).resolves.toEqualTypeOf<Lease<Exports>>();
    expectTypeOf<Lease<Exports>>().toExtend<Instance<Exports> & Disposable>();
    using lease = await pool.take();
    expectTypeOf(lease.guarded.add(1, 2)).toBeNumber();
    pool.give(lease);
    expectTypeOf(pool.use((wasm) => wasm.guarded.add(1, 2))).resolves.toBeNumber();
    expectTypeOf(pool.use((wasm) => Promise.resolve(wasm.shape.exports.length))).resolves.toBeNumber();
    // @ts-expect-error -- a pool has a size
    module.pool({});
    // @ts-expect-error -- an instance of other exports
    pool.give(loadSync<{ sub(a: number): string }>(bytes));
  });

  it("of stated exports reach exports whole, and guarded where they are functions", async () => {
    interface Exports {
      add(a: number, b: number): number;
      readonly memory: WebAssembly.Memory;
    }
    const module = await compile(bytes);
    for (const wasm of [
      await load<Exports>(bytes),
      loadSync<Exports>(bytes),
      await module.instantiate<Exports>(),
      module.instantiateSync<Exports>(),
    ]) {
      expectTypeOf(wasm).toEqualTypeOf<Instance<Exports>>();
      expectTypeOf(wasm.exports.memory).toEqualTypeOf<WebAssembly.Memory>();
      expectTypeOf<keyof typeof wasm.guarded>().toEqualTypeOf<"add">();
      expectTypeOf(wasm.guarded.add).toEqualTypeOf<(a: number, b: number) => number>();
    }
  });

  it("of options refuse what the calls refuse", () => {
    const body = (): unknown[] => [
      // @ts-expect-error -- an unknown name
      load(bytes, { mising: "zero" }),
      // @ts-expect-error -- an unknown policy
      load(bytes, { missing: "ignore" }),
      // @ts-expect-error -- no such policy
      load(bytes, { onTrap: "retry" }),
      // @ts-expect-error -- nothing is downloaded synchronously
      loadSync(bytes, { integrity: "sha384-" }),
      // @ts-expect-error -- no source
      load(5),
      // @ts-expect-error -- inspect reads bytes
      inspect("./app.wasm"),
      load(bytes, { imports: { env: { log: (address: number, length: bigint) => address + Number(length) } } }),
      load(bytes, { imports: (instance) => ({ env: { log: () => instance.memory.readString(0) } }) }),
      load(bytes, {
        missing: {
          "*":
            ({ module, name }) =>
            () =>
              module + name,
        },
      }),
      load(Promise.resolve(bytes)),
      load(() => fetch("./app.wasm")),
    ];
    expectTypeOf(body).toBeFunction();
  });

  it("of an error follow from its code", () => {
    const error: unknown = undefined;
    if (UnglueError.is(error, "http-status")) expectTypeOf(error.details.status).toBeNumber();
    if (UnglueError.is(error)) {
      expectTypeOf(error.code).toEqualTypeOf<ErrorCode>();
      if (error.code === "out-of-bounds") expectTypeOf(error.details.size).toBeNumber();
      // @ts-expect-error -- not before the code is known
      expectTypeOf(error.details.status).toBeNumber();
    }
    // @ts-expect-error -- there is no such code
    UnglueError.is(error, "misaligned");
  });
});

describe("functions by meaning", () => {
  it("take any JavaScript values, and the console any of its functions", () => {
    class Log {
      log(text: string): number {
        return text.length;
      }
    }
    const options: LoadOptions = {
      importsByMeaning: {
        "Date.now": () => 0,
        "WebCrypto.prototype.getRandomValues": (bytes: Uint8Array) => bytes.fill(7),
        "Game.prototype.move": function (this: { at: number }, by: number) {
          this.at += by;
        },
      },
      console: new Log(),
    };
    expectTypeOf<LoadOptions["onHostThrow"]>().toEqualTypeOf<"throw" | "poison" | "restart" | undefined>();
    expectTypeOf(options.console?.log).toEqualTypeOf<((...values: unknown[]) => void) | undefined>();
    expectTypeOf<Console>().toExtend<NonNullable<LoadOptions["console"]>>();
    void load(bytes, { console: { log: (...values) => void expectTypeOf(values).toEqualTypeOf<unknown[]>() } });
    // @ts-expect-error -- a console has functions
    void load(bytes, { console: { log: 5 } });
    // @ts-expect-error -- a misspelt name
    void load(bytes, { console: { logg: () => undefined } });
    // @ts-expect-error -- a function is wanted
    void load(bytes, { importsByMeaning: { "Date.now": 5 } });
    // @ts-expect-error -- no such policy
    void load(bytes, { onHostThrow: "trap" });
    expectTypeOf<LoadOptions["onBusy"]>().toEqualTypeOf<"queue" | "throw" | undefined>();
    // @ts-expect-error -- no such policy
    void load(bytes, { onBusy: "wait" });
    expectTypeOf<Instance["imports"][number]["meaning"]>().toEqualTypeOf<string | undefined>();
  });
});
