const DECIMAL = /^(?<sign>[+-]?)(?<whole>\d+)(?:\.(?<fraction>\d+))?$/;

/**
 * A decimal with as many digits behind the point as its column has, rounded half away from zero: as PostgreSQL and MySQL keep it,
 * so that SQLite, which keeps a text, finds equal ones equal. Any other text stays what it is.
 */
export function toScale(text: string, scale: number): string {
  const parts = DECIMAL.exec(text)?.groups;
  if (parts === undefined) return text;
  const { sign, whole = "", fraction = "" } = parts;
  const kept = BigInt(whole + fraction.slice(0, scale).padEnd(scale, "0"));
  const digits = kept + (fraction.charAt(scale) >= "5" ? 1n : 0n);
  const all = String(digits).padStart(scale + 1, "0");
  const point = all.length - scale;
  const rounded = scale === 0 ? all : `${all.slice(0, point)}.${all.slice(point)}`;
  return sign === "-" && digits !== 0n ? `-${rounded}` : rounded;
}
