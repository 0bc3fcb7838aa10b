const ELF = new Map([
  [62, "x64"],
  [183, "arm64"],
]);
const MACH_O = new Map([
  [0x0100_0007, "x64"],
  [0x0100_000c, "arm64"],
]);
const PE = new Map([
  [0x8664, "x64"],
  [0xaa64, "arm64"],
]);

/** For which system and processor a library was made, from its own header (ELF, Mach-O or PE). */
export function platformOf(bytes: Uint8Array<ArrayBuffer>): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (view.getUint32(0) === 0x7f45_4c46) return `linux-${ELF.get(view.getUint16(18, true))}`;
  if (view.getUint32(0, true) === 0xfeed_facf) return `darwin-${MACH_O.get(view.getUint32(4, true))}`;
  if (view.getUint16(0) === 0x4d5a) return `windows-${PE.get(view.getUint16(view.getUint32(0x3c, true) + 4, true))}`;
  return "unknown";
}

const DYNAMIC_SYMBOLS = 11;
const SECTION = 64;
const SYMBOL = 24;

/** The names that a 64-bit ELF library exports: the defined symbols of its `.dynsym` section. */
export function exportsOf(bytes: Uint8Array<ArrayBuffer>): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const at = (position: number): number => Number(view.getBigUint64(position, true));
  const sections = Array.from({ length: view.getUint16(60, true) }, (_, index) => at(40) + index * SECTION);
  const symbols = sections.find((section) => view.getUint32(section + 4, true) === DYNAMIC_SYMBOLS);
  if (symbols === undefined) return [];
  const strings = at(sections[view.getUint32(symbols + 40, true)]! + 24);
  return Array.from({ length: at(symbols + 32) / SYMBOL }, (_, index) => at(symbols + 24) + index * SYMBOL)
    .filter((symbol) => view.getUint16(symbol + 6, true) !== 0)
    .map((symbol) => {
      const start = strings + view.getUint32(symbol, true);
      return new TextDecoder().decode(bytes.subarray(start, bytes.indexOf(0, start)));
    })
    .sort();
}
