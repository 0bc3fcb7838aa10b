/**
 * Places as points on a unit sphere in space. There, nothing is special about the antimeridian or the poles: near is
 * near, a box around a point is a box, and the distance is a difference of three numbers.
 */

/** Kilometres: the mean radius of the Earth, R1 of the International Union of Geodesy and Geophysics. */
const EARTH_RADIUS = 6371.0088;

/** A point on the unit sphere. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** The point at a latitude and a longitude, in degrees. */
export function pointAt(latitude: number, longitude: number): Point {
  const phi = (latitude * Math.PI) / 180;
  const lambda = (longitude * Math.PI) / 180;
  return { x: Math.cos(phi) * Math.cos(lambda), y: Math.cos(phi) * Math.sin(lambda), z: Math.sin(phi) };
}

/** The straight line through the sphere between points that are so many kilometres apart on it. */
export function chordOf(kilometres: number): number {
  return 2 * Math.sin(kilometres / (2 * EARTH_RADIUS));
}

/** Kilometres along the great circle between points with that chord, squared; to the metre. */
export function kilometresOf(squaredChord: number): number {
  const kilometres = 2 * EARTH_RADIUS * Math.asin(Math.min(1, Math.sqrt(squaredChord) / 2));
  return Math.round(kilometres * 1000) / 1000;
}
