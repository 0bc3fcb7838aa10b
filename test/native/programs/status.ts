import { cookieReader, nativeStatus } from "../../../src/native/index.ts";

/** Prints what became of the library, and a header read either way: what the tests of the ways to load it start. */
const header = `${"filler=1; ".repeat(40)}a=%20x; b=2`;
console.log(JSON.stringify({ status: nativeStatus(), cookies: cookieReader(["a", "b"])(header) }));
