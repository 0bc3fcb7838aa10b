//! Byte classes of RFC 9110 5.6 that are asked one byte at a time.
const std = @import("std");

const Class = packed struct(u8) { tchar: bool = false, token68: bool = false, digit: bool = false, unused: u5 = 0 };

const classes: [256]Class = table: {
    @setEvalBranchQuota(40_000);
    var table: [256]Class = @splat(.{});
    for (0..256) |byte| {
        const alphanumeric = std.ascii.isAlphanumeric(byte);
        table[byte] = .{
            .tchar = alphanumeric or std.mem.indexOfScalar(u8, "!#$%&'*+-.^_`|~", byte) != null,
            .token68 = alphanumeric or std.mem.indexOfScalar(u8, "-._~+/", byte) != null,
            .digit = std.ascii.isDigit(byte),
        };
    }
    break :table table;
};

pub inline fn isTchar(byte: u8) bool {
    return classes[byte].tchar;
}

pub inline fn isToken68(byte: u8) bool {
    return classes[byte].token68;
}

pub inline fn isDigit(byte: u8) bool {
    return classes[byte].digit;
}

pub inline fn isBlank(byte: u8) bool {
    return byte == ' ' or byte == '\t';
}

pub fn tokenEnd(input: []const u8, start: usize) usize {
    var at = start;
    while (at < input.len and isTchar(input[at])) at += 1;
    return at;
}

pub fn skipBlanks(input: []const u8, start: usize) usize {
    var at = start;
    while (at < input.len and isBlank(input[at])) at += 1;
    return at;
}

test "a token ends at the first separator of RFC 9110 5.6.2" {
    try std.testing.expectEqual(4, tokenEnd("gzip;q=1", 0));
    try std.testing.expectEqual(15, tokenEnd("!#$%&'*+-.^_`|~(", 0));
    try std.testing.expectEqual(0, tokenEnd("\"a\"", 0));
}
