//! Credentials, RFC 9110 11.4: auth-scheme [ 1*SP ( token68 / #auth-param ) ].
const std = @import("std");
const ascii = @import("ascii.zig");
const fault = @import("fault.zig");
const vectors = @import("vectors.zig");

pub const bare = 0;
pub const token68 = 1;
/// Not a token68: the caller reads the rest as auth-params.
pub const parameters = 2;

inline fn isNotToken68(block: vectors.Block) vectors.Mask {
    const lower = block | @as(vectors.Block, @splat(0x20));
    return ~(vectors.within(lower, 'a', 'z') | vectors.within(block, '-', '9') | vectors.equal(block, '_') |
        vectors.equal(block, '~') | vectors.equal(block, '+'));
}

/// Writes `scheme end, rest start, rest end` and returns one of the numbers above or a fault.
pub fn split(input: []const u8, out: [*]i32) i32 {
    const scheme = ascii.tokenEnd(input, 0);
    if (scheme == 0) return fault.report(out, .expected_token, 0);
    if (scheme < input.len and input[scheme] != ' ') return fault.report(out, .invalid_character, scheme);
    var start = scheme;
    while (start < input.len and input[start] == ' ') start += 1;
    var end = input.len;
    while (end > start and ascii.isBlank(input[end - 1])) end -= 1;
    out[0] = @intCast(scheme);
    out[1] = @intCast(start);
    out[2] = @intCast(end);
    if (start == end) return bare;
    var at = vectors.find(input.ptr, start, end, isNotToken68);
    if (at == start) return parameters;
    while (at < end and input[at] == '=') at += 1;
    return if (at == end) token68 else parameters;
}

test "a scheme alone, a token68 and auth-params are told apart" {
    for ([_]struct { []const u8, i32, [3]i32 }{
        .{ "Negotiate", bare, .{ 9, 9, 9 } },
        .{ "Bearer   a.b-c_d~e+f/g==", token68, .{ 6, 9, 24 } },
        .{ "Digest realm=\"x\", a=b", parameters, .{ 6, 7, 21 } },
        .{ "Bearer =", parameters, .{ 6, 7, 8 } },
        .{ "Basic a: ", parameters, .{ 5, 6, 8 } },
        .{ "", -1, .{ 0, 0, 0 } },
        .{ "Bearer,x", -3, .{ 6, 0, 0 } },
    }) |case| {
        var padded: [128]u8 = @splat('=');
        @memcpy(padded[0..case[0].len], case[0]);
        var out: [3]i32 = @splat(0);
        try std.testing.expectEqual(case[1], split(padded[0..case[0].len], &out));
        try std.testing.expectEqual(case[2], out);
    }
}

test "token68 has the same bytes in a block as one at a time" {
    for (0..256) |byte| {
        const block: vectors.Block = @splat(@intCast(byte));
        try std.testing.expectEqual(!ascii.isToken68(@intCast(byte)), isNotToken68(block) != 0);
    }
}
