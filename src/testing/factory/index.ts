export { type Factory, factory, type FactoryOptions, type Given } from "./factory.ts";
