import type { Advice, ImportShape, Shape } from "../../public/index.ts";
import { readAbi, readVersion } from "./abi.ts";
import { type CastCode, readAllCasts } from "./casts.ts";
import { readDescriptors } from "./descriptors.ts";
import { isOpenCast, isWrapper, mayCastClosure } from "./makers.ts";
import { signatureText } from "../../base/type-text.ts";
import { adviseTakers, brief, some, type Taker } from "./takers.ts";

/**
 * Returns advice about facts that only the generated JavaScript contains: the exports that run the closures made by imports,
 * and the conversions of casts.
 *
 * @param shape - The module's shape.
 * @param isStated - Whether a statement tells the task of an import, or that it is a hole, whose stub says what to state.
 * @param decided - The imports whose closures are known. Without it, those that the `name` section describes.
 * @param takers - The imports that take closures which it is not known how to run.
 */
export function closureAdvice(
  shape: Shape,
  isStated: (wanted: ImportShape) => boolean = () => false,
  decided?: () => ReadonlySet<string>,
  takers: () => readonly Taker[] = () => [],
): readonly Advice[] {
  const descriptors = readDescriptors(shape);
  const described = () => new Set(descriptors.keys());
  const unstated = shape.imports.filter((one) => !isStated(one));
  const read = readAllCasts(shape.imports, readVersion(shape), descriptors);
  const makers = unstated.filter((one) => isWrapper(one) || mayCastClosure(one, read));
  const values = unstated.filter(
    (one) => isOpenCast(one, read) && !mayCastClosure(one, read) && !descriptors.has(one.name),
  );
  return [
    ...adviseClosures(shape, makers, decided ?? described, read),
    ...adviseTakers(takers()),
    ...adviseCasts(values),
  ];
}

function adviseCasts(values: readonly ImportShape[]): readonly Advice[] {
  if (values.length === 0) return [];
  const names = some(values, ", ", ({ name }) => brief(name));
  const message = `${names} cast values that only the package's own JavaScript tells apart: text, bytes, lists or integers. State it in the adapter's option \`casts\`.`;
  return [{ code: "casts", message }];
}

function adviseClosures(
  shape: Shape,
  makers: readonly ImportShape[],
  decided: () => ReadonlySet<string>,
  read: ReadonlyMap<string, readonly CastCode[]>,
): readonly Advice[] {
  if (makers.length === 0) return [];
  const known = decided();
  const open = makers.filter(({ name }) => !known.has(name));
  if (open.length === 0) return [];
  const wrappers = open.filter(isWrapper);
  const casting = open.filter((one) => mayCastClosure(one, read));
  const candidates = some(readAbi(shape).shims, "; ", ({ name, type }) => brief(`${name} ${signatureText(type)}`));
  const todo = candidates
    ? `State it in the adapter's option \`closures\`. The candidates: ${candidates}.`
    : "No export has the name or type of one that does, so there is nothing to state: give these imports in `imports`, each a " +
      "function that returns what the package's own JavaScript returns for it, or build the package without stripping names.";
  const names = (list: readonly ImportShape[], verb: string) =>
    list.length > 0 ? `${some(list, ", ", ({ name }) => brief(name))} ${verb} closures` : "";
  return [
    {
      code: "closures",
      message:
        `${[names(wrappers, "make"), names(casting, "may make")].filter(Boolean).join(", and ")}, and the module does not tell ` +
        `which exports run them. ${todo}`,
    },
  ];
}
