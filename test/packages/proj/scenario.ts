import type { Rounds } from "../rounds.ts";
import { outcome, type Scenario } from "../scenario.ts";

/** A place, whose members are assigned by a transformation. */
export interface Point {
  x: number;
  y: number;
  z: number;
  free(): void;
}

/** A projection. */
export interface Projection {
  readonly axis: string;
  readonly isGeocentric: boolean;
  readonly isLatlon: boolean;
  readonly isNormalizedAxis: boolean;
  readonly projName: string;
  readonly to_meter: number;
  readonly units: string;
  free(): void;
}

/** The exports of proj4rs. */
export interface Proj {
  readonly Point: new (x: number, y: number, z: number) => Point;
  readonly Projection: new (definition: string) => Projection;
  transform(from: Projection, to: Projection, point: Point): void;
  add_nadgrid(key: string, view: DataView): void;
}

const definitions = [
  "+proj=longlat +ellps=WGS84 +datum=WGS84 +no_defs",
  "+proj=utm +zone=32 +datum=WGS84 +units=m +no_defs",
  "+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +no_defs",
  "+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 +ellps=GRS80 +units=m",
  "+proj=geocent +datum=WGS84 +units=m",
];
const places = [
  [6.96, 50.94, 53],
  [139.69, 35.68, 40],
  [-179.9, -89, 0],
  [0, 0, 0],
] as const;
const radians = Math.PI / 180;

/** Builds, calls and frees. */
function transformed({ Point, Projection, transform }: Proj, from: string, to: string, place: readonly number[]) {
  const [x = 0, y = 0, z = 0] = place;
  const [source, target, point] = [new Projection(from), new Projection(to), new Point(x, y, z)];
  const result = outcome(() => {
    transform(source, target, point);
    return [point.x, point.y, point.z];
  });
  for (const one of [source, target, point]) one.free();
  return result;
}

/** The scenario of proj4rs. */
export const projScenario: Scenario<Proj, undefined> = {
  "transforms places between projections, and back": (proj) =>
    definitions.flatMap((definition) =>
      places.map(([longitude, latitude, height]) => {
        const place = [longitude * radians, latitude * radians, height];
        const there = transformed(proj, definitions[0] ?? "", definition, place) as { returned?: number[] };
        return [there, there.returned && transformed(proj, definition, definitions[0] ?? "", there.returned)];
      }),
    ),

  "tells what a projection is": ({ Projection }) =>
    definitions.map((definition) => {
      const projection = new Projection(definition);
      const { axis, isGeocentric, isLatlon, isNormalizedAxis, projName, to_meter, units } = projection;
      projection.free();
      return { axis, isGeocentric, isLatlon, isNormalizedAxis, projName, to_meter, units };
    }),

  "throws for definitions that it does not know": ({ Projection }) =>
    ["", "+proj", "+proj=日本", "🚀", "+proj=utm +zone=99", "+proj=longlat +ellps=x", "x".repeat(100_000)].map(
      (definition) => outcome(() => new Projection(definition).units),
    ),

  "takes any number": (proj) =>
    [NaN, Infinity, -Infinity, -0, 1e308].map((number) =>
      transformed(proj, definitions[0] ?? "", definitions[1] ?? "", [number, number, number]),
    ),

  "has points with members": ({ Point }) => {
    const point = new Point(1.5, -2, 0);
    [point.x, point.z] = [4, NaN];
    const result = [point.x, point.y, point.z];
    point.free();
    return result;
  },

  "reads grids from views, and throws for bad ones": ({ add_nadgrid }) =>
    [0, 3, 200].map((size) => outcome(() => add_nadgrid(`grid${size}é`, new DataView(new ArrayBuffer(size))))),
};

/** Objects that are lent to a function, a view, and a constructor that throws. */
export const projRounds: Rounds<Proj, undefined> = {
  start: (proj) => () => {
    transformed(proj, definitions[0] ?? "", definitions[1] ?? "", [0.1, 0.9, 0]);
    outcome(() => new proj.Projection("+proj=日本"));
    outcome(() => proj.add_nadgrid("grid", new DataView(new ArrayBuffer(9))));
  },
};
