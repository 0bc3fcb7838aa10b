//! The Cookie request header: RFC 6265 4.2.1 says what a user agent may send, 5.4 in which order it does.
const std = @import("std");
const ascii = @import("ascii.zig");
const fault = @import("fault.zig");
const vectors = @import("vectors.zig");
const Names = @import("names.zig").Names;
const padding = @import("names.zig").padding;

/// Set in an end offset when the value holds a percent sign, so that most values need no second look.
pub const encoded: i32 = 1 << 30;

/// One pass over the header for the names of one route, each compiled with its "=" behind it. Writes `start, end` per
/// name (start -1: absent) and returns how many were found. The first cookie of a name wins: user agents send the
/// longest path first (RFC 6265 5.4). Stops once every name is found.
pub fn find(input: []const u8, names: Names, out: [*]i32) i32 {
    for (0..names.entries.len) |index| out[2 * index] = -1;
    // A load of `probe` begins up to `length` bytes behind the last byte of the input.
    for (names.entries) |entry| if (entry.length > padding - vectors.lanes) return walk(input, names, out);
    // Up to three names, looking for their ends at every byte is cheaper than finding every pair, whose branches the
    // processor cannot predict (bench/native.ts).
    return switch (names.entries.len) {
        1 => probe(1, input, names, out),
        2 => probe(2, input, names, out),
        3 => probe(3, input, names, out),
        else => walk(input, names, out),
    };
}

/// Finds the places where some name's first byte and its "=" stand at their distance, and looks closer only there.
/// The count is known when compiling, so that everything about the names stays in registers.
fn probe(comptime count: usize, input: []const u8, names: Names, out: [*]i32) i32 {
    var firsts: [count]vectors.Block = undefined;
    var distances: [count]usize = undefined;
    inline for (0..count) |index| {
        firsts[index] = @splat(@truncate(names.entries[index].prefix));
        distances[index] = names.entries[index].length - 1;
    }
    const equals: vectors.Block = @splat('=');
    var found: u32 = 0;
    var base: usize = 0;
    while (base < input.len) : (base += vectors.lanes) {
        const block = vectors.load(input.ptr + base);
        var places: vectors.Mask = 0;
        inline for (firsts, distances) |first, distance| {
            const last = vectors.load(input.ptr + base + distance);
            places |= vectors.mask(block == first) & vectors.mask(last == equals);
        }
        if (places == 0) continue;
        places &= vectors.before(input.len - base);
        while (places != 0) : (places &= places - 1) {
            const at = base + @ctz(places);
            if (!beginsPair(input, at)) continue;
            const end = vectors.find(input.ptr, at, input.len, isSemicolon);
            found += pair(input[0..end], at, names, out);
            if (found == count) return @intCast(found);
        }
    }
    return @intCast(found);
}

fn beginsPair(input: []const u8, at: usize) bool {
    var before = at;
    while (before > 0 and ascii.isBlank(input[before - 1])) before -= 1;
    return before == 0 or input[before - 1] == ';';
}

inline fn isSemicolon(block: vectors.Block) vectors.Mask {
    return vectors.equal(block, ';');
}

/// Finds every pair and asks for each whether its name is wanted.
fn walk(input: []const u8, names: Names, out: [*]i32) i32 {
    var found: u32 = 0;
    var start: usize = 0;
    var base: usize = 0;
    while (base < input.len) : (base += vectors.lanes) {
        var ends = vectors.equal(vectors.load(input.ptr + base), ';') & vectors.before(input.len - base);
        while (ends != 0) : (ends &= ends - 1) {
            const end = base + @ctz(ends);
            found += pair(input[0..end], start, names, out);
            if (found == names.entries.len) return @intCast(found);
            start = end + 1;
        }
    }
    found += pair(input, start, names, out);
    return @intCast(found);
}

/// `input` ends where the pair ends. Returns 1 when it is the first of a wanted name.
inline fn pair(input: []const u8, start: usize, names: Names, out: [*]i32) u32 {
    var at = start;
    while (at < input.len and ascii.isBlank(input[at])) at += 1;
    if (at == input.len or !names.mayBegin(input[at])) return 0;
    for (names.entries, 0..) |entry, index| {
        if (!names.standsAt(index, input, at)) continue;
        if (out[2 * index] >= 0) return 0;
        value(input, at + entry.length, out + 2 * index);
        return 1;
    }
    return 0;
}

fn value(input: []const u8, from: usize, span: [*]i32) void {
    var start = from;
    var end = input.len;
    while (start < end and ascii.isBlank(input[start])) start += 1;
    while (end > start and ascii.isBlank(input[end - 1])) end -= 1;
    if (end - start >= 2 and input[start] == '"' and input[end - 1] == '"') {
        start += 1;
        end -= 1;
    }
    const percent = vectors.find(input.ptr, start, end, isPercent) < end;
    span[0] = @intCast(start);
    span[1] = @as(i32, @intCast(end)) | (if (percent) encoded else 0);
}

inline fn isPercent(block: vectors.Block) vectors.Mask {
    return vectors.equal(block, '%');
}

/// Everything but %x21 / %x23-2B / %x2D-3A / %x3C-5B / %x5D-7E.
inline fn isNotOctet(block: vectors.Block) vectors.Mask {
    return ~vectors.within(block, 0x21, 0x7e) | vectors.equal(block, '"') | vectors.equal(block, ',') |
        vectors.equal(block, ';') | vectors.equal(block, '\\');
}

/// Holds the header against RFC 6265 4.2.1. Returns 0, or the kind of the first fault, its position in `out[0]`.
pub fn check(input: []const u8, out: [*]i32) i32 {
    var at: usize = 0;
    while (true) {
        const equals = ascii.tokenEnd(input, at);
        if (equals == at) return fault.report(out, .expected_token, at);
        if (equals == input.len or input[equals] != '=') return fault.report(out, .expected_equals, equals);
        const quoted = equals + 1 < input.len and input[equals + 1] == '"';
        at = vectors.find(input.ptr, equals + 1 + @intFromBool(quoted), input.len, isNotOctet);
        if (quoted) {
            if (at == input.len or input[at] != '"') return fault.report(out, .unterminated_quote, at);
            at += 1;
        }
        if (at == input.len) return 0;
        if (input[at] != ';') return fault.report(out, .invalid_character, at);
        if (at + 1 == input.len or input[at + 1] != ' ') return fault.report(out, .expected_space, at + 1);
        at += 2;
    }
}

const Case = struct { header: []const u8, spans: [4]i32 };

test "each wanted name is found, the first one wins, and nothing else is looked at" {
    const names_of = @import("names.zig");
    var memory: [512]u8 align(8) = undefined;
    _ = names_of.compile("a=\nlong_session_name=", &memory);
    const names = Names.open(&memory);
    for ([_]Case{
        .{ .header = "a=1; long_session_name=xyz", .spans = .{ 2, 3, 23, 26 } },
        .{ .header = "b=2; a=1;a=3;  long_session_name=\"x y\" ", .spans = .{ 7, 8, 34, 37 } },
        .{ .header = "xa=1; a =2; b=a=3; long_session_nam=4", .spans = .{ -1, 0, -1, 0 } },
        .{ .header = "a=%20; long_session_name=", .spans = .{ 2, 5 | encoded, 25, 25 } },
        .{ .header = "", .spans = .{ -1, 0, -1, 0 } },
    }) |case| {
        var padded: [256]u8 = @splat(';');
        @memcpy(padded[0..case.header.len], case.header);
        var spans: [4]i32 = @splat(0);
        _ = find(padded[0..case.header.len], names, &spans);
        try std.testing.expectEqual(case.spans, spans);
    }
}

test "a header that no user agent may send is refused with kind and position" {
    for ([_]struct { []const u8, i32, i32 }{
        .{ "a=1", 0, 0 },
        .{ "a=1; b=\"2\"; c=", 0, 0 },
        .{ "", -1, 0 },
        .{ "a", -2, 1 },
        .{ "a=1;b=2", -5, 4 },
        .{ "a=1, b=2", -3, 3 },
        .{ "a=\"1", -4, 4 },
    }) |case| {
        var padded: [256]u8 = @splat(';');
        @memcpy(padded[0..case[0].len], case[0]);
        var out: [1]i32 = .{0};
        try std.testing.expectEqual(case[1], check(padded[0..case[0].len], &out));
        try std.testing.expectEqual(case[2], out[0]);
    }
}
