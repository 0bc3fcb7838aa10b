// What every api imports with the room's door must cost its start nothing: all else is here, and loaded when it is asked for.
export { packViewers } from "./assets.ts";
export { breakingChanges } from "./diff/index.ts";
export { buildDocument } from "./document.ts";
export { Site } from "./site.ts";
