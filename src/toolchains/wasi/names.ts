import type { FunctionType, ImportShape } from "../../public/index.ts";

/** The module name by which the version before preview 1 is imported. */
export const oldModule = "wasi_unstable";
/** The module names that are served. */
export const moduleNames: readonly string[] = ["wasi_snapshot_preview1", oldModule];

/**
 * The functions of preview 1 with the letters of their parameters: `i` for i32 and `j` for i64. Each returns an i32, except
 * `proc_exit`, which returns nothing.
 */
const functions: ReadonlyMap<string, string> = /* @__PURE__ */ new Map(
  [
    "args_get ii, args_sizes_get ii, environ_get ii, environ_sizes_get ii, clock_res_get ii, clock_time_get iji",
    "random_get ii, sched_yield, fd_advise ijji, fd_allocate ijj, fd_close i, fd_datasync i, fd_fdstat_get ii",
    "fd_fdstat_set_flags ii, fd_fdstat_set_rights ijj, fd_filestat_get ii, fd_filestat_set_size ij",
    "fd_filestat_set_times ijji, fd_pread iiiji, fd_prestat_dir_name iii, fd_prestat_get ii, fd_pwrite iiiji, fd_read iiii",
    "fd_readdir iiiji, fd_renumber ii, fd_seek ijii, fd_sync i, fd_tell ii, fd_write iiii, path_create_directory iii",
    "path_filestat_get iiiii, path_filestat_set_times iiiijji, path_link iiiiiii, path_open iiiiijjii, path_readlink iiiiii",
    "path_remove_directory iii, path_rename iiiiii, path_symlink iiiii, path_unlink_file iii, poll_oneoff iiii, proc_exit i",
    "proc_raise i, sock_accept iii, sock_recv iiiiii, sock_send iiiii, sock_shutdown ii",
  ].flatMap((line) =>
    line.split(", ").map((one): [string, string] => {
      const [name = "", params = ""] = one.split(" ");
      return [name, params];
    }),
  ),
);

/**
 * Returns the type of a function of preview 1; `undefined` for a name that it lacks.
 *
 * @param name - The function.
 */
export function typeOf(name: string): FunctionType | undefined {
  const params = functions.get(name);
  return params === undefined
    ? undefined
    : {
        params: Array.from(params, (letter) => (letter === "i" ? "i32" : "i64")),
        results: name === "proc_exit" ? [] : ["i32"],
      };
}

/** The names of the functions of preview 1. */
export const functionNames: readonly string[] = /* @__PURE__ */ [...functions.keys()];

/**
 * Whether an import is a function of preview 1 or of the version before it, with its type. Where the type is not known, the
 * name decides.
 *
 * @param wanted - The import.
 */
export function isServed({ module, name, kind, type }: ImportShape): boolean {
  const params = moduleNames.includes(module) ? functions.get(name) : undefined;
  if (params === undefined || kind !== "function") return false;
  const letter = (one: string): string => (one === "i32" ? "i" : one === "i64" ? "j" : "?");
  const written = type && `${type.params.map(letter).join("")}>${type.results.map(letter).join("")}`;
  return written === undefined || written === `${params}>${name === "proc_exit" ? "" : "i"}`;
}
