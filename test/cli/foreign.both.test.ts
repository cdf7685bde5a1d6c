import { describe, expect, inject, it } from "vitest";
import { answers, foreignAnswers, type ForeignFile } from "./foreign-answers.ts";

const url = (path: string) => new URL(`/foreign/${path}`, inject("serverUrl")).href;
const builds = (await (await fetch(url("builds.json"))).json()) as string[];

describe("imports of the package's own JavaScript, bundled", () => {
  it("has builds of several versions and targets", () => {
    expect(builds.length).toBeGreaterThan(9);
  });

  it.each(builds)("%s calls them with the right values", async (name) => {
    const text = await (await fetch(url(`${name}.js`))).text();
    const file = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(text)}`)) as ForeignFile;
    expect(await foreignAnswers(url(`${name}.wasm`), file)).toEqual(answers);
  });
});
