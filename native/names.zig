//! A list of names compiled once, so that a header pass can ask "is it one of these?" with one load and one compare.
//!
//! The table lives in memory of the caller (one JavaScript buffer per route). Its layout is private to this file.
const std = @import("std");

/// Readable bytes that every input and every table must have behind its end: the widest load is 32 bytes.
pub const padding = 64;

const Header = extern struct {
    count: u32,
    reserved: u32,
    /// Bit `c & 63` is set when some name begins with byte `c`.
    first: u64,
};

pub const Entry = extern struct {
    prefix: u64,
    mask: u64,
    offset: u32,
    length: u32,
};

pub const Names = struct {
    entries: []const Entry,
    first: u64,
    bytes: [*]const u8,

    pub fn open(memory: [*]align(8) const u8) Names {
        const header: *const Header = @ptrCast(memory);
        const entries: [*]const Entry = @ptrCast(@alignCast(memory + @sizeOf(Header)));
        return .{
            .entries = entries[0..header.count],
            .first = header.first,
            .bytes = memory + @sizeOf(Header) + header.count * @sizeOf(Entry),
        };
    }

    pub fn text(self: Names, index: usize) []const u8 {
        const entry = self.entries[index];
        return self.bytes[entry.offset..][0..entry.length];
    }

    pub inline fn mayBegin(self: Names, byte: u8) bool {
        return (self.first >> @truncate(byte)) & 1 == 1;
    }

    /// Whether the name at `index` stands at `start`; the eight bytes from `start` on must be readable.
    pub inline fn standsAt(self: Names, index: usize, input: []const u8, start: usize) bool {
        const entry = self.entries[index];
        if (word(input.ptr + start) & entry.mask != entry.prefix) return false;
        if (start + entry.length > input.len) return false;
        return entry.length <= 8 or
            std.mem.eql(u8, input[start + 8 ..][0 .. entry.length - 8], self.text(index)[8..]);
    }
};

inline fn word(bytes: [*]const u8) u64 {
    return std.mem.readInt(u64, bytes[0..8], .little);
}

/// Bytes that `compile` needs for this list.
pub fn size(list: []const u8) usize {
    return @sizeOf(Header) + (std.mem.countScalar(u8, list, '\n') + 1) * @sizeOf(Entry) + list.len + padding;
}

/// Compiles names separated by line feeds; none may be empty. Returns the number of names, or null when `memory` is too small.
pub fn compile(list: []const u8, memory: []align(8) u8) ?u32 {
    if (list.len == 0 or memory.len < size(list)) return null;
    const count: u32 = @intCast(std.mem.countScalar(u8, list, '\n') + 1);
    const header: *Header = @ptrCast(memory.ptr);
    const entries: [*]Entry = @ptrCast(@alignCast(memory.ptr + @sizeOf(Header)));
    const bytes = memory[@sizeOf(Header) + count * @sizeOf(Entry) ..];
    header.* = .{ .count = count, .reserved = 0, .first = 0 };
    var offset: u32 = 0;
    var index: usize = 0;
    var parts = std.mem.splitScalar(u8, list, '\n');
    while (parts.next()) |name| : (index += 1) {
        if (name.len == 0) return null;
        @memcpy(bytes[offset..][0..name.len], name);
        header.first |= @as(u64, 1) << @truncate(name[0]);
        var prefix: [8]u8 = @splat(0);
        const short: usize = @min(name.len, 8);
        @memcpy(prefix[0..short], name[0..short]);
        const mask = if (short == 8) ~@as(u64, 0) else (@as(u64, 1) << @intCast(short * 8)) - 1;
        entries[index] = .{ .prefix = word(&prefix), .mask = mask, .offset = offset, .length = @intCast(name.len) };
        offset += @intCast(name.len);
    }
    return count;
}

test "a compiled list answers which name stands at a place" {
    var memory: [512]u8 align(8) = undefined;
    try std.testing.expectEqual(3, compile("a=\nsession=\nsession_identifier=", &memory));
    const names = Names.open(&memory);
    const input = "session_identifier=1" ++ [1]u8{0} ** padding;
    try std.testing.expect(names.standsAt(2, input[0..20], 0));
    try std.testing.expect(!names.standsAt(1, input[0..20], 0));
    try std.testing.expect(!names.standsAt(2, input[0..18], 0));
    try std.testing.expect(names.mayBegin('s') and !names.mayBegin('b'));
}

test "an empty name and too little memory are refused" {
    var memory: [512]u8 align(8) = undefined;
    try std.testing.expectEqual(null, compile("", &memory));
    try std.testing.expectEqual(null, compile("a\n\nb", &memory));
    try std.testing.expectEqual(null, compile("a", memory[0..32]));
}
