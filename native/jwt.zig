//! One call per token: the credentials as they came in, through scheme, segments, header, signature and claims.
const std = @import("std");
const claims = @import("claims.zig");
const jose = @import("jose.zig");
const Verifier = @import("verifier.zig").Verifier;

pub const beyond_ascii = 1 << 30;

/// Returns the length of the claims set, which stands at the beginning of `decoded`, with `beyond_ascii` where it is not
/// ASCII alone; or minus the number of a fault.
pub fn verify(input: []const u8, verifier: Verifier, decoded: [*]u8, clock: claims.Clock) i32 {
    return verifyToken(input, verifier, decoded, clock) catch |fault| -jose.number(fault);
}

fn verifyToken(input: []const u8, verifier: Verifier, decoded: [*]u8, clock: claims.Clock) jose.Fault!i32 {
    const token = try tokenOf(input, verifier.scheme());
    const payload = try jose.verify(token, verifier, decoded);
    const length: i32 = @intCast(payload.len);
    return if (try claims.check(payload, verifier, clock)) length | beyond_ascii else length;
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
