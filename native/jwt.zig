//! One call per token: the credentials as they came in, through scheme, segments, header, signature and claims.
const std = @import("std");
const claims = @import("claims.zig");
const hmac = @import("hmac.zig");
const jose = @import("jose.zig");
const verifier_of = @import("verifier.zig");
const Verifier = verifier_of.Verifier;
const base64 = std.base64.url_safe_no_pad.Encoder;

/// Returns the length of the claims set, which stands at the beginning of `decoded`, or minus the number of a fault.
pub fn verify(input: []const u8, verifier: Verifier, decoded: [*]u8, clock: claims.Clock) i32 {
    return verifyToken(input, verifier, decoded, clock) catch |fault| -jose.number(fault);
}

fn verifyToken(input: []const u8, verifier: Verifier, decoded: [*]u8, clock: claims.Clock) jose.Fault!i32 {
    const token = try tokenOf(input, verifier.scheme());
    const payload = try jose.verify(token, verifier, decoded);
    try claims.check(payload, verifier, clock);
    return @intCast(payload.len);
}

/// Returns the length of the payload, which stands at the beginning of `decoded`, or minus the number of a fault.
pub fn verifyJws(token: []const u8, verifier: Verifier, decoded: [*]u8) i32 {
    const payload = jose.verify(token, verifier, decoded) catch |fault| return -jose.number(fault);
    return @intCast(payload.len);
}

/// credentials = auth-scheme 1*SP token (RFC 9110 11.4, RFC 6750 2.1); without a scheme the input is the token.
fn tokenOf(input: []const u8, scheme: []const u8) jose.Fault![]const u8 {
    if (scheme.len == 0) return input;
    if (input.len < scheme.len or !std.ascii.eqlIgnoreCase(input[0..scheme.len], scheme)) return error.Scheme;
    var at = scheme.len;
    if (at < input.len and input[at] != ' ') return error.Scheme;
    while (at < input.len and input[at] == ' ') at += 1;
    return input[at..];
}

/// Writes a token that the key has signed, for tests and fuzzing.
pub fn sign(header: []const u8, payload: []const u8, secret: []const u8, algorithm: hmac.Algorithm, out: []u8) []const u8 {
    var end = base64.encode(out, header).len;
    out[end] = '.';
    end += 1 + base64.encode(out[end + 1 ..], payload).len;
    var signature: [hmac.longest]u8 = undefined;
    hmac.Schedule.init(secret).sign(algorithm, out[0..end], false, &signature);
    out[end] = '.';
    return out[0 .. end + 1 + base64.encode(out[end + 1 ..], signature[0..algorithm.length()]).len];
}

const taken = 0;

fn expectStatus(description: verifier_of.Description, header: []const u8, payload: []const u8, status: i32) !void {
    var text: [512]u8 = undefined;
    var writer: std.Io.Writer = .fixed(&text);
    try description.write(&writer);
    var table: [2048]u8 align(8) = undefined;
    _ = verifier_of.compile(writer.buffered(), false, &table).?;
    var input: [2048]u8 = @splat('"');
    const token = sign(header, payload, "secret", .hs256, &input);
    var decoded: [jose.room]u8 = undefined;
    errdefer std.debug.print("{s} {s}\n", .{ header, payload });
    const expected = if (status == taken) @as(i32, @intCast(payload.len)) else status;
    try std.testing.expectEqual(expected, verify(token, .open(&table), &decoded, .{ .expires_after = 1000, .begins_by = 1000 }));
}

test "a signed token is taken or refused by its header" {
    const description: verifier_of.Description = .{ .typ = "at+jwt", .keys = &.{
        .{ .secret = "secret", .kid = "a", .algorithms = 1 },
        .{ .secret = "other", .kid = "b", .algorithms = 2 },
    } };
    for ([_]struct { []const u8, i32 }{
        .{ "{\"alg\":\"HS256\",\"typ\":\"at+jwt\"}", taken },
        .{ "{\"typ\":\"Application\\/AT+JWT\",\"kid\":\"a\",\"\\u0061lg\":\"HS256\"}", taken },
        .{ "{\"alg\":\"HS256\",\"typ\":\"JWT\"}", -7 },
        .{ "{\"alg\":\"HS256\"}", -7 },
        .{ "{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"b\"}", -8 },
        .{ "{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":1}", -8 },
        .{ "{\"alg\":\"HS384\",\"typ\":\"at+jwt\"}", -9 },
        .{ "{\"alg\":\"HS512\",\"typ\":\"at+jwt\"}", -5 },
        .{ "{\"alg\":\"none\",\"typ\":\"at+jwt\"}", -5 },
        .{ "{\"alg\":\"hs256\",\"typ\":\"at+jwt\"}", -5 },
        .{ "{\"alg\":1,\"typ\":\"at+jwt\"}", -4 },
        .{ "{\"typ\":\"at+jwt\"}", -4 },
        .{ "{\"alg\":\"HS256\",\"alg\":\"HS256\",\"typ\":\"at+jwt\"}", -4 },
        .{ "{\"alg\":\"HS256\",\"typ\":\"at+jwt\",}", -4 },
        .{ "{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"crit\":[]}", -6 },
        .{ "{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"b64\":false}", -6 },
        .{ "{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"b64\":true}", taken },
    }) |case| try expectStatus(description, case[0], "{}", case[1]);
}

test "a signed token is taken or refused by its claims" {
    const description: verifier_of.Description = .{
        .flags = verifier_of.requires_exp,
        .keys = &.{.{ .secret = "secret" }},
        .issuers = &.{ "me", "us" },
        .audiences = &.{"you"},
    };
    for ([_]struct { []const u8, i32 }{
        .{ "{\"exp\":1001,\"iss\":\"us\",\"aud\":\"you\"}", taken },
        .{ "{\"exp\":1000.5,\"nbf\":1e3,\"iat\":0,\"iss\":\"us\",\"aud\":[\"x\",\"y\\u006fu\"]}", taken },
        .{ "{\"exp\":1001,\"iss\":\"us\",\"aud\":\"you\",\"\xc3\xa9\":1}", taken },
        .{ "{\"iss\":\"us\",\"aud\":\"you\"}", -11 },
        .{ "{\"exp\":1000,\"iss\":\"us\",\"aud\":\"you\"}", -11 },
        .{ "{\"exp\":\"1001\",\"iss\":\"us\",\"aud\":\"you\"}", -11 },
        .{ "{\"exp\":1e999,\"iss\":\"us\",\"aud\":\"you\"}", -17 },
        .{ "{\"exp\":null,\"iss\":\"us\",\"aud\":\"you\"}", -11 },
        .{ "{\"exp\":1001,\"nbf\":1000.01,\"iss\":\"us\",\"aud\":\"you\"}", -12 },
        .{ "{\"exp\":1001,\"nbf\":-1,\"iss\":\"us\",\"aud\":\"you\"}", -12 },
        .{ "{\"exp\":1001,\"iat\":\"now\",\"iss\":\"us\",\"aud\":\"you\"}", -13 },
        .{ "{\"exp\":1001,\"aud\":\"you\"}", -14 },
        .{ "{\"exp\":1001,\"iss\":[\"us\"],\"aud\":\"you\"}", -14 },
        .{ "{\"exp\":1001,\"iss\":\"US\",\"aud\":\"you\"}", -14 },
        .{ "{\"exp\":1001,\"iss\":\"us\"}", -15 },
        .{ "{\"exp\":1001,\"iss\":\"us\",\"aud\":[]}", -15 },
        .{ "{\"exp\":1001,\"iss\":\"us\",\"aud\":[\"you\",1]}", -15 },
        .{ "{\"exp\":1001,\"iss\":\"us\",\"aud\":[[\"you\"]]}", -15 },
        .{ "{\"exp\":1001,\"exp\":1001,\"iss\":\"us\",\"aud\":\"you\"}", -10 },
        .{ "[]", -10 },
        .{ "", -10 },
        .{ "{\"a\":\"\xff\"}", -10 },
    }) |case| try expectStatus(description, "{\"alg\":\"HS256\"}", case[0], case[1]);
}

test "credentials are the scheme, spaces and three segments" {
    var table: [2048]u8 align(8) = undefined;
    var text: [256]u8 = undefined;
    var writer: std.Io.Writer = .fixed(&text);
    try (verifier_of.Description{ .scheme = "Bearer", .keys = &.{.{ .secret = "secret" }} }).write(&writer);
    _ = verifier_of.compile(writer.buffered(), false, &table).?;
    var memory: [256]u8 = undefined;
    const token = sign("{\"alg\":\"HS256\"}", "{}", "secret", .hs256, &memory);
    var decoded: [jose.room]u8 = undefined;
    for ([_]struct { []const u8, []const u8, i32 }{
        .{ "Bearer ", "", 2 },   .{ "bEARER ", "", 2 },             .{ "Bearer   ", "", 2 },
        .{ "Bearer", "", -1 },   .{ "Bearer\t", "", -1 },           .{ "Basic ", "", -1 },
        .{ "", "", -1 },         .{ " Bearer ", "", -1 },           .{ "Bearer ", ".", -2 },
        .{ "Bearer ", "=", -3 }, .{ "Bearer ", " ", -3 },           .{ "Bearer ", "AAAA", -9 },
        .{ "Bearer .", "", -2 }, .{ "Bearer e30.e30.e30", "", -2 },
    }) |case| {
        var input: [512]u8 = @splat('.');
        const value = std.fmt.bufPrint(&input, "{s}{s}{s}", .{ case[0], token, case[1] }) catch unreachable;
        errdefer std.debug.print("{s}\n", .{value});
        try std.testing.expectEqual(case[2], verify(value, .open(&table), &decoded, .{ .expires_after = 0, .begins_by = 0 }));
    }
    var long: [jose.longest_token + 100]u8 = @splat('a');
    try std.testing.expectEqual(-16, verifyJws(long[0 .. jose.longest_token + 1], .open(&table), &decoded));
    try std.testing.expectEqual(-2, verifyJws(long[0..jose.longest_token], .open(&table), &decoded));
    for ([_][]const u8{ "Bearer", "Bearer " }) |value| {
        @memcpy(long[0..value.len], value);
        try std.testing.expectEqual(-2, verify(long[0..value.len], .open(&table), &decoded, .{ .expires_after = 0, .begins_by = 0 }));
    }
}
