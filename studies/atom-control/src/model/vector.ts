/** A point or a displacement in the plane of the sheet, in angstrom unless a name says otherwise. */
export interface Vector {
  readonly x: number;
  readonly y: number;
}

export function plus(a: Vector, b: Vector): Vector {
  return { x: a.x + b.x, y: a.y + b.y };
}

export function minus(a: Vector, b: Vector): Vector {
  return { x: a.x - b.x, y: a.y - b.y };
}

/** `v` turned counter-clockwise by `angle` radians (x right, y up). */
export function turned(v: Vector, angle: number): Vector {
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  return { x: c * v.x - s * v.y, y: s * v.x + c * v.y };
}

export function distance(a: Vector, b: Vector): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** The unit vector at `angle` radians from +x. */
export function direction(angle: number): Vector {
  return { x: Math.cos(angle), y: Math.sin(angle) };
}
