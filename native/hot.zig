//! The object that is compiled once per processor level: the same functions, their symbols carrying the level's name.
const std = @import("std");
const accept = @import("accept.zig");
const authorization = @import("authorization.zig");
const cookies = @import("cookies.zig");
const jwt = @import("jwt.zig");
const vectors = @import("vectors.zig");
const verifier = @import("verifier.zig");
const Names = @import("names.zig").Names;

const suffix = if (vectors.lanes == 32) "_v3" else "_baseline";

fn cookieFind(input: [*]const u8, length: u32, table: [*]align(8) const u8, out: [*]i32) callconv(.c) i32 {
    return cookies.find(input[0..length], Names.open(table), out);
}

fn cookieCheck(input: [*]const u8, length: u32, out: [*]i32) callconv(.c) i32 {
    return cookies.check(input[0..length], out);
}

fn authorizationSplit(input: [*]const u8, length: u32, out: [*]i32) callconv(.c) i32 {
    return authorization.split(input[0..length], out);
}

fn acceptType(input: [*]const u8, length: u32, table: [*]align(8) const u8, out: [*]i32) callconv(.c) i32 {
    return accept.selectType(input[0..length], Names.open(table), out);
}

fn acceptEncoding(input: [*]const u8, length: u32, table: [*]align(8) const u8, out: [*]i32) callconv(.c) i32 {
    return accept.selectEncoding(input[0..length], Names.open(table), out);
}

fn hmacCompile(description: [*]const u8, length: u32, extensions: bool, table: [*]align(8) u8, capacity: u32) callconv(.c) i32 {
    return @intCast(verifier.compile(description[0..length], extensions, table[0..capacity]) orelse return -1);
}

fn jwtVerify(input: [*]const u8, length: u32, table: [*]align(8) const u8, decoded: [*]u8, expires_after: f64, begins_by: f64) callconv(.c) i32 {
    return jwt.verify(input[0..length], .open(table), decoded, .{ .expires_after = expires_after, .begins_by = begins_by });
}

fn jwsVerify(input: [*]const u8, length: u32, table: [*]align(8) const u8, decoded: [*]u8) callconv(.c) i32 {
    return jwt.verifyJws(input[0..length], .open(table), decoded);
}

comptime {
    @export(&cookieFind, .{ .name = "cookie_find" ++ suffix, .visibility = .hidden });
    @export(&cookieCheck, .{ .name = "cookie_check" ++ suffix, .visibility = .hidden });
    @export(&authorizationSplit, .{ .name = "authorization_split" ++ suffix, .visibility = .hidden });
    @export(&acceptType, .{ .name = "accept_type" ++ suffix, .visibility = .hidden });
    @export(&acceptEncoding, .{ .name = "accept_encoding" ++ suffix, .visibility = .hidden });
    @export(&hmacCompile, .{ .name = "hmac_compile" ++ suffix, .visibility = .hidden });
    @export(&jwtVerify, .{ .name = "jwt_verify" ++ suffix, .visibility = .hidden });
    @export(&jwsVerify, .{ .name = "jws_verify" ++ suffix, .visibility = .hidden });
}
