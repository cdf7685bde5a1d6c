/** The key of the method that `using` calls. In engines without the symbol, it is a harmless second "dispose". */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- the type is younger than some engines
export const disposeKey: typeof Symbol.dispose = Symbol.dispose ?? "dispose";
