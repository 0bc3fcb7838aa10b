export { type Send, testClient, type TestClient, type TestClientOptions, type TestRequest } from "./client.ts";
export type { CookieJar } from "./cookie-jar.ts";
export type { TestFile } from "./form.ts";
export { TestSocket, type TestSocketRequest, UpgradeRefused } from "./websocket.ts";
export * from "./transaction/index.ts";
export * from "./factory/index.ts";
