// WASI preview 1: a program and a library of C. Standard streams, exit codes and files.
import { ok, open, refused, same, sourceOf } from "./kit.mjs";

/** @type {[area: string, name: string, run: import("./kit.mjs").Check["run"]][]} */
export const wasi = [
  [
    "WASI",
    "a command reads its input and writes its output, run after run",
    async (env) => {
      const program = await command(env);
      for (const stdin of ["Zoë", "four"]) {
        const { exitCode, stdout, stderr } = await program.run({ args: ["cat"], stdin });
        same([exitCode, stdout, stderr], [0, stdin, "4 bytes\n"]);
      }
      const taken = [];
      const { stdout } = await program.run({ args: ["env", "NAME"], env: { NAME: "Zoë" }, stdout: take(taken) });
      same([stdout, taken], ["", [0x5a, 0x6f, 0xc3, 0xab, 0x0a]]);
    },
  ],
  [
    "WASI",
    "a command's exit code other than zero is its result",
    async (env) => {
      const program = await command(env);
      same([(await program.run({ args: ["exit", "3"] })).exitCode, (await program.run({})).exitCode], [3, 65]);
    },
  ],
  [
    "WASI",
    "a command that traps rejects with what it wrote, and runs again",
    async (env) => {
      const program = await command(env);
      const error = await refused("trap", program.run({ args: ["trap"] }));
      same([error.details.export, error.details.stderr], ["_start", "about to trap"]);
      same((await program.run({ args: ["exit", "0"] })).exitCode, 0);
    },
  ],
  [
    "WASI",
    "a command reads and writes files in memory, which the next run finds",
    async (env) => {
      const work = await env.wasi.memoryDirectory({ "in.txt": "hello" });
      const program = await command(env);
      const preopens = { "/work": work };
      const copied = await program.run({ args: ["copy", "/work/in.txt", "/work/out.txt"], preopens });
      same([copied.exitCode, work.text("out.txt")], [0, "hello[5 bytes, ends with l]\n"]);
      const again = await program.run({ args: ["copy", "/work/out.txt", "/work/third.txt"], preopens });
      same([again.exitCode, work.text("third.txt")?.length, work.paths], [0, 52, ["in.txt", "out.txt", "third.txt"]]);
    },
  ],
  [
    "WASI",
    "a reactor is initialized once, and keeps its state between calls",
    async (env) => {
      const taken = [];
      const wasm = await reactor(env, { env: { NAME: "Zoë" }, stdin: "one\ntwo\n", stdout: take(taken) });
      same([wasm.api.times_constructed(), wasm.api.variable("NAME")], [1, "Zoë"]);
      same([wasm.api.ask(), wasm.api.ask(), wasm.api.say("grüß"), wasm.api.say("dich")], ["one", "two", 1, 2]);
      same(String.fromCharCode(...taken.slice(-5)), "dich\n");
      same((await refused("exited", () => wasm.api.leave(4))).details.exitCode, 4);
    },
  ],
  [
    "WASI",
    "a reactor writes and reads a file in memory",
    async (env) => {
      const data = await env.wasi.memoryDirectory();
      const wasm = await reactor(env, { preopens: { "/data": data } });
      same([wasm.api.store("/data/a.txt", "Zoë"), data.text("a.txt")], ["Zoë", "Zoë"]);
    },
  ],
  [
    "WASI",
    "load serves a module that asks for no files, without any option",
    async (env) => {
      const lines = [];
      const console = { log: (line) => lines.push(line), error: (line) => lines.push(`error: ${line}`) };
      const wasm = await open(env, "wasiLibrary", { ...declared(env), imports: between, console });
      same([wasm.api.times_constructed(), wasm.api.say("one\ntwo")], [1, 1]);
      same(lines, ["one", "two"]);
    },
  ],
  [
    "WASI",
    "real directories are served, or refused before the program runs where the host has none",
    async (env) => {
      const program = await command(env);
      const run = program.run({ args: ["list", "/modules"], preopens: { "/modules": env.folder ?? "/tmp" } });
      if (!env.folder) {
        const error = await refused("invalid-option", run);
        return ok(error.message.includes("memoryDirectory"), "the way out in the message");
      }
      const { exitCode, stdout } = await run;
      ok(exitCode === 0 && stdout.split("\n").includes("wasiLibrary.wasm"), `the files, got ${exitCode} ${stdout}`);
    },
  ],
];

const between = { env: { between: (value) => value * 2 } };

function command(env) {
  return env.wasi.loadCommand(...sourceOf(env, "command"));
}

function reactor(env, options) {
  const imports = (instance) => ({ ...between, ...env.wasi.wasi(options)(instance) });
  return open(env, "wasiLibrary", { ...declared(env), imports });
}

function declared({ unglue: { t } }) {
  const api = t.api({
    times_constructed: t.fn([], t.i32),
    say: t.fn([t.string], t.i32),
    variable: t.fn([t.cstring], t.cstring),
    ask: t.fn([], t.cstring),
    store: t.fn([t.cstring, t.cstring], t.cstring),
    leave: t.fn([t.i32], t.void),
  });
  return { api, allocator: { alloc: "allocate", free: "release" } };
}

/** Keeps pieces of output, which are the program's only until the function returns. */
function take(pieces) {
  return (bytes) => void pieces.push(...bytes);
}
