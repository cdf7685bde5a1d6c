/** The key of what `using` calls. Where an engine has none, it is a harmless second "dispose". */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- the type is younger than some engines
export const disposeKey: typeof Symbol.dispose = Symbol.dispose ?? "dispose";
