import { inject } from "vitest";
import type { DeclarationFile } from "unglue";
import type { Installed } from "./index.mjs";
import type { Growth } from "./rounds.ts";

const server = inject("serverUrl");

/** The address of a module of another package. */
export function moduleUrl(name: string): string {
  return new URL(`/packages/${name}.wasm`, server).href;
}

/** A module's bytes. */
export async function moduleBytes(name: string): Promise<Uint8Array> {
  return new Uint8Array(await (await get(`/packages/${name}.wasm`)).arrayBuffer());
}

/** A real file. */
export async function inputBytes(name: string): Promise<Uint8Array> {
  return new Uint8Array(await (await get(`/packages/files/${name}`)).arrayBuffer());
}

/** The answers of a package's own JavaScript for these files. */
export async function answersOf<Answers>(name: string): Promise<Answers> {
  return (await (await get(`/packages/${name}/expected.json`)).json()) as Answers;
}

/** The counts of a package's own JavaScript after many calls. */
export async function growthOf(name: string): Promise<Growth> {
  return (await (await get(`/packages/${name}/growth.json`)).json()) as Growth;
}

/** The declaration file of a package's module, as `unglue declare` writes it. */
export async function declarationOf<Members>(name: string): Promise<DeclarationFile<Members>> {
  return (await (await get(`/packages/${name}/declaration.json`)).json()) as DeclarationFile<Members>;
}

/** The modules of the list of packages. */
export async function installedModules(): Promise<Installed[]> {
  return (await (await get("/packages/installed.json")).json()) as Installed[];
}

/** The paths of everything below node_modules that holds a module. */
export async function moduleNames(): Promise<string[]> {
  return (await (await get("/packages/index.json")).json()) as string[];
}

/** Decodes base64. */
export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

/** The first element in which two long lists differ, so that a failure is readable. */
export function firstDifference(actual: readonly unknown[], expected: readonly unknown[]): object | undefined {
  for (let at = 0; at < Math.max(actual.length, expected.length); at += 1) {
    const [ours, theirs] = [JSON.stringify(actual[at]), JSON.stringify(expected[at])];
    if (ours !== theirs) return { at, actual: ours, expected: theirs };
  }
  return undefined;
}

/** Whether two byte sequences are the same. */
export function sameBytes(actual: Uint8Array, expected: Uint8Array): boolean {
  return actual.length === expected.length && actual.every((byte, at) => byte === expected[at]);
}

async function get(path: string): Promise<Response> {
  const response = await fetch(new URL(path, server));
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response;
}
