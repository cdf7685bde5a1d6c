import fixture from "../fixtures/binaryen.json" with { type: "json" };

/** Modules of newer features by name, as binaryen assembled them. */
export function binaryenModules(): [name: string, bytes: Uint8Array<ArrayBuffer>][] {
  return Object.entries(fixture.modules).map(([name, text]) => [
    name,
    Uint8Array.from(atob(text), (char) => char.charCodeAt(0)),
  ]);
}
