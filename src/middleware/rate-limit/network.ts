/** Groups of an IPv6 address that name a network: whoever has one has all 2^64 addresses in it (RFC 6177 2, RFC 4291 2.5.1). */
const NETWORK_GROUPS = 4;

/** The network that an address stands for: of IPv6 its /64, of IPv4 itself, and an IPv4-mapped address (RFC 4291 2.5.5.2) is the IPv4 one. */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped !== null) return mapped[1]!;
  const [head = "", tail] = address.replace(/%.*$/, "").split("::");
  const left = groupsOf(head);
  const right = groupsOf(tail ?? "");
  const groups = tail === undefined ? left : [...left, ...zeros(8 - left.length - right.length), ...right];
  if (groups.length === 8 && groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    const [high, low] = [groups[6]!, groups[7]!];
    return [high >> 8, high & 255, low >> 8, low & 255].join(".");
  }
  return `${groups
    .slice(0, NETWORK_GROUPS)
    .map((group) => group.toString(16))
    .join(":")}::/64`;
}

function groupsOf(text: string): number[] {
  return text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
}

function zeros(count: number): number[] {
  return new Array<number>(Math.max(0, count)).fill(0);
}
