//! base64url as JOSE has it (RFC 7515 2, RFC 4648 5): no padding, no other characters, and the bits that the last
//! character has left over are zero (RFC 4648 3.5), so that bytes have one spelling only.
const std = @import("std");
const vectors = @import("vectors.zig");

const lanes = vectors.lanes;
const Block = vectors.Block;
const Quads = @Vector(lanes / 4, u32);

/// Writable bytes behind the decoded ones: the last block is stored whole.
pub const slack = lanes / 4 * 3;

pub fn decodedLength(length: usize) usize {
    return length / 4 * 3 + (length % 4 * 3) / 4;
}

/// Decodes into `out`, which has `slack` bytes more than the result; null where the text is not base64url.
/// A block is read past the end of the text: see `names.padding`.
pub fn decode(text: []const u8, out: [*]u8) ?usize {
    if (text.len % 4 == 1) return null;
    var at: usize = 0;
    var to = out;
    while (at < text.len) : (at += lanes) {
        const block = vectors.load(text.ptr + at);
        const ranges: Ranges = .of(block);
        const inside = vectors.before(text.len - at);
        if (ranges.any() & inside != inside) return null;
        const values = ranges.values(block) & spread(inside);
        to[0..slack].* = pack(values);
        to += slack;
    }
    const spare: u8 = switch (text.len % 4) {
        2 => 0b1111,
        3 => 0b11,
        else => 0,
    };
    if (spare != 0 and valueOf(text[text.len - 1]) & spare != 0) return null;
    return decodedLength(text.len);
}

const Ranges = struct {
    upper: @Vector(lanes, bool),
    lower: @Vector(lanes, bool),
    digit: @Vector(lanes, bool),
    minus: @Vector(lanes, bool),
    underscore: @Vector(lanes, bool),

    inline fn of(block: Block) Ranges {
        return .{
            .upper = between(block, 'A', 'Z'),
            .lower = between(block, 'a', 'z'),
            .digit = between(block, '0', '9'),
            .minus = block == splat('-'),
            .underscore = block == splat('_'),
        };
    }

    inline fn any(self: Ranges) vectors.Mask {
        return vectors.mask(self.upper) | vectors.mask(self.lower) | vectors.mask(self.digit) |
            vectors.mask(self.minus) | vectors.mask(self.underscore);
    }

    inline fn values(self: Ranges, block: Block) Block {
        const none = splat(0);
        return (@select(u8, self.upper, block -% splat('A'), none) | @select(u8, self.lower, block -% splat('a' - 26), none)) |
            (@select(u8, self.digit, block +% splat(52 - '0'), none) | @select(u8, self.minus, splat(62), none)) |
            @select(u8, self.underscore, splat(63), none);
    }
};

inline fn splat(byte: u8) Block {
    return @splat(byte);
}

inline fn between(block: Block, low: u8, high: u8) @Vector(lanes, bool) {
    return (block -% splat(low)) <= splat(high - low);
}

inline fn spread(mask: vectors.Mask) Block {
    const chosen: @Vector(lanes, bool) = @bitCast(mask);
    return @select(u8, chosen, splat(0xff), splat(0));
}

/// Four times six bits become three bytes.
inline fn pack(values: Block) [slack]u8 {
    const quads: Quads = @bitCast(values);
    const six: Quads = @splat(0x3f);
    const merged = (quads & six) << @splat(18) | (quads >> @splat(8) & six) << @splat(12) |
        (quads >> @splat(16) & six) << @splat(6) | quads >> @splat(24);
    const order = comptime order: {
        var order: [slack]i32 = undefined;
        for (&order, 0..) |*from, to| from.* = @intCast(to / 3 * 4 + 2 - to % 3);
        break :order order;
    };
    return @shuffle(u8, @as(Block, @bitCast(merged)), undefined, order);
}

fn valueOf(character: u8) u8 {
    return switch (character) {
        'A'...'Z' => character - 'A',
        'a'...'z' => character - 'a' + 26,
        '0'...'9' => character - '0' + 52,
        '-' => 62,
        else => 63,
    };
}

fn decodePadded(text: []const u8, out: *[256]u8) ?[]const u8 {
    var padded: [256]u8 = @splat('A');
    @memcpy(padded[0..text.len], text);
    return out[0 .. decode(padded[0..text.len], out) orelse return null];
}

test "every length comes back" {
    var bytes: [100]u8 = undefined;
    for (&bytes, 0..) |*byte, index| byte.* = @truncate(index *% 151 +% 3);
    const codec = std.base64.url_safe_no_pad;
    for (0..bytes.len) |length| {
        var text: [256]u8 = undefined;
        var out: [256]u8 = undefined;
        const encoded = codec.Encoder.encode(&text, bytes[0..length]);
        try std.testing.expectEqualSlices(u8, bytes[0..length], decodePadded(encoded, &out).?);
    }
}

test "every byte in every place is taken or refused as the alphabet says" {
    var text: [44]u8 = @splat('A');
    var out: [256]u8 = undefined;
    for (0..text.len) |at| {
        for (0..256) |value| {
            const byte: u8 = @intCast(value);
            text[at] = byte;
            const allowed = std.ascii.isAlphanumeric(byte) or byte == '-' or byte == '_';
            try std.testing.expectEqual(allowed, decodePadded(&text, &out) != null);
        }
        text[at] = 'A';
    }
}

test "one character too many, padding and spare bits that are set are refused" {
    var out: [256]u8 = undefined;
    for ([_]struct { []const u8, ?[]const u8 }{
        .{ "", "" },        .{ "Zg", "f" },     .{ "Zm8", "fo" },  .{ "Zm9v", "foo" },
        .{ "Z", null },     .{ "Zm9vY", null }, .{ "Zh", null },   .{ "Zv", null },
        .{ "Zm9", null },   .{ "Zg==", null },  .{ "Zm8=", null }, .{ "Zm9v\n", null },
        .{ "Zm 9v", null }, .{ "Zm+v", null },  .{ "Zm/v", null }, .{ "-_-_", "\xfb\xff\xbf" },
    }) |case| {
        const decoded = decodePadded(case[0], &out);
        if (case[1]) |expected| try std.testing.expectEqualStrings(expected, decoded.?) else try std.testing.expectEqual(null, decoded);
    }
}
