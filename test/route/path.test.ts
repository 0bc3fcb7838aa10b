import { describe, expect, test } from "bun:test";
import {
  canonicalPath,
  joinPath,
  nativePath,
  normalPath,
  parsePath,
  pathStart,
  PathTree,
  requestPath,
} from "../../src/route/index.ts";

describe("a pattern is spelled for Bun's table and for the tree", () => {
  test.each([
    ["/", "/", "/", []],
    ["/users", "/users", "/users", []],
    ["/users/:id", "/users/:id", "/users/:0", ["id"]],
    ["/users/:id/posts/:post", "/users/:id/posts/:post", "/users/:0/posts/:1", ["id", "post"]],
    ["/files/*path", "/files/*", "/files/*", ["path"]],
    ["/:a/*rest", "/:a/*", "/:0/*", ["a", "rest"]],
    ["/users/", "/users", "/users", []],
    ["/é/a b", "/%C3%A9/a%20b", "/%C3%A9/a%20b", []],
    ["/%c3%a9/%61", "/%C3%A9/a", "/%C3%A9/a", []],
    ["/[a]|^", "/%5Ba%5D%7C%5E", "/%5Ba%5D%7C%5E", []],
    ["/a%2fb", "/a%2Fb", "/a%2Fb", []],
    ["/a;b=c,d@e+f$&", "/a;b=c,d@e+f$&", "/a;b=c,d@e+f$&", []],
  ])("%s", (path, native, canonical, names) => {
    const pattern = parsePath(path);
    expect([nativePath(pattern), canonicalPath(pattern), [...pattern.names]]).toEqual([native, canonical, names]);
  });

  test("and knows whether it was written with a slash at its end", () => {
    expect([parsePath("/a/").trailing, parsePath("/a").trailing, parsePath("/").trailing]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test("and cannot be changed", () => {
    expect(Object.isFrozen(parsePath("/a/:b"))).toBe(true);
  });
});

test.each([
  ["", "", "/"],
  ["", "/", "/"],
  ["/", "/", "/"],
  ["/a", "/", "/a"],
  ["/a", "", "/a"],
  ["/a/", "/b", "/a/b"],
  ["/a", "b", "/a/b"],
  ["", "/b/", "/b/"],
])("%j joined with %j is %s", (prefix, path, joined) => expect(joinPath(prefix, path)).toBe(joined));

test.each([
  ["/a/b", "/a/b"],
  ["/%61%2D%7e", "/a-~"],
  ["/%c3%a9", "/%C3%A9"],
  ["/é", "/%C3%A9"],
  ["/%2f%3b%25", "/%2F%3B%25"],
  ["/%2525", "/%2525"],
  ["/a|b[c]", "/a%7Cb%5Bc%5D"],
  ["/%", undefined],
  ["/%zz", undefined],
  ["/%ff", undefined],
  ["/a%4", undefined],
])("the one spelling of %s is %s", (path, normal) => {
  expect(normalPath(path)).toBe(normal);
  if (normal !== undefined) expect(normalPath(normal)).toBe(normal);
});

describe("the path of a request's URL", () => {
  test.each([
    ["http://a/", "/"],
    ["http://a", "/"],
    ["http://a/b/c?d=/e", "/b/c"],
    ["http://a/b#c", "/b"],
    ["http://a/b?c#d", "/b"],
    ["http://a//b///c//", "/b/c/"],
    ["http://user@a:80/b", "/b"],
    ["https://[::1]:8000/b", "/b"],
    ["/b/c", "/b/c"],
    ["/b/x://y/z", "/b/x:/y/z"],
    ["//b", "/b"],
    ["/?a", "/"],
  ])("%s is %s", (url, path) => expect(requestPath(url)).toBe(path));

  test.each([
    ["http://a/b", 8],
    ["http://a", -1],
    ["/b", 0],
  ])("%s has it at %d", (url, start) => expect(pathStart(url)).toBe(start));
});

describe("the tree", () => {
  const tree = new PathTree<string>();
  tree.add("GET", "/a/:0", "parameter");
  tree.add("GET", "/a/b", "static");
  tree.add("GET", "/a/*", "wildcard");
  tree.add("GET", "/a/b/:0/d", "deep");

  test.each([
    ["/a/b", "static", {}],
    ["/a/c", "parameter", { 0: "c" }],
    ["/a/b/c", "wildcard", { "*": "b/c" }],
    ["/a/b/c/d", "deep", { 0: "c" }],
    ["/a/b%2Fc", "parameter", { 0: "b%2Fc" }],
  ])("finds for %s the %s", (path, store, params) => {
    const found = tree.find("GET", path);
    expect([found?.store, { ...found?.params }]).toEqual([store, params]);
  });

  test("finds nothing for another method, but knows the path", () => {
    expect(tree.find("POST", "/a/b")).toBeNull();
    expect(tree.has("/a/b")).toBe(true);
    expect(tree.has("/b")).toBe(false);
  });

  test("keeps what it has: a second entry at the same place is refused", () => {
    expect(tree.add("GET", "/a/b", "second")).toBe(false);
    expect(tree.find("GET", "/a/b")?.store).toBe("static");
  });
});
