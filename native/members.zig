//! The members of a JSON object that must not name anything twice: a JOSE header (RFC 7515 4), a claims set (RFC 7519 4).
//! Names are compared as they read with their escapes undone, so that "\u0061lg" is "alg".
const std = @import("std");
const json = @import("json.zig");

/// More members are refused (RFC 8259 9 allows limits): each is compared with all before it.
pub const most = 256;

/// A name's first eight bytes are a word of their own: most comparisons end there.
const Name = struct {
    word: u64,
    /// In bytes, with its escapes undone.
    length: usize,
    text: json.Value,

    /// In place, field by field: a name that is built elsewhere and copied stalls on its way through memory.
    fn set(self: *Name, text: json.Value) void {
        self.text = text;
        if (!text.escaped) {
            const length: u6 = @intCast(@min(text.text.len, 8));
            const bytes = std.mem.readInt(u64, text.text.ptr[0..8], .little);
            self.word = if (length == 8) bytes else bytes & ((@as(u64, 1) << (length * 8)) - 1);
            self.length = text.text.len;
            return;
        }
        var first: [8]u8 = @splat(0);
        self.length = 0;
        var characters: Unescaped = .{ .text = text.text };
        while (characters.next()) |byte| : (self.length += 1) {
            if (self.length < first.len) first[self.length] = byte;
        }
        self.word = std.mem.readInt(u64, &first, .little);
    }

    fn equals(self: *const Name, other: *const Name) bool {
        if (self.word != other.word or self.length != other.length) return false;
        return self.length <= 8 or sameText(self.text, other.text);
    }
};

pub const Members = struct {
    scanner: json.Scanner,
    count: usize,
    kind: json.Kind,
    value_start: usize,
    names: [most]Name,

    /// `names.padding` readable bytes follow the text.
    pub fn init(self: *Members, text: []const u8) json.Error!void {
        self.scanner = .{ .input = text };
        self.count = 0;
        self.scanner.skipWhitespace();
        if (!self.scanner.take('{')) return error.Malformed;
        self.scanner.skipWhitespace();
    }

    /// Goes to the next member; false when the object and the text have ended.
    pub fn next(self: *Members) json.Error!bool {
        const ends = if (self.count == 0) self.scanner.take('}') else try self.scanner.ends('}');
        if (ends) return self.finish();
        if (self.count == most) return error.Malformed;
        const start = self.scanner.at;
        try self.scanner.name();
        const name = &self.names[self.count];
        name.set(self.scanner.passed(.string, start));
        for (self.names[0..self.count]) |*earlier| if (earlier.equals(name)) return error.Malformed;
        self.count += 1;
        self.value_start = self.scanner.at;
        self.kind = try self.scanner.value(1);
        return true;
    }

    pub inline fn isNamed(self: *const Members, comptime literal: []const u8) bool {
        comptime std.debug.assert(literal.len <= 8);
        const word = comptime std.mem.readInt(u64, &(literal ++ [1]u8{0} ** (8 - literal.len)).*, .little);
        const name = &self.names[self.count - 1];
        return name.word == word and name.length == literal.len;
    }

    pub fn value(self: *const Members) json.Value {
        return self.scanner.passed(self.kind, self.value_start);
    }

    fn finish(self: *Members) json.Error!bool {
        self.scanner.skipWhitespace();
        return if (self.scanner.at == self.scanner.input.len) false else error.Malformed;
    }
};

/// Whether a string reads as `text`, which is UTF-8.
pub fn reads(value: json.Value, text: []const u8) bool {
    return sameText(value, .{ .kind = .string, .text = text });
}

fn sameText(left: json.Value, right: json.Value) bool {
    if (!left.escaped and !right.escaped) return std.mem.eql(u8, left.text, right.text);
    var one: Unescaped = .{ .text = left.text, .is_plain = !left.escaped };
    var other: Unescaped = .{ .text = right.text, .is_plain = !right.escaped };
    while (one.next()) |byte| if (other.next() != byte) return false;
    return other.next() == null;
}

/// The bytes of a string with its escapes undone. A surrogate without its pair, which JSON allows, becomes three bytes
/// that no valid UTF-8 has, so it equals nothing but itself.
pub const Unescaped = struct {
    text: []const u8,
    is_plain: bool = false,
    at: usize = 0,
    pending: [4]u8 = undefined,
    first: u3 = 0,
    last: u3 = 0,

    pub fn next(self: *Unescaped) ?u8 {
        if (self.first < self.last) {
            defer self.first += 1;
            return self.pending[self.first];
        }
        if (self.at == self.text.len) return null;
        const byte = self.text[self.at];
        if (byte != '\\' or self.is_plain) {
            self.at += 1;
            return byte;
        }
        const named = self.text[self.at + 1];
        self.at += 2;
        return switch (named) {
            'b' => 0x08,
            'f' => 0x0c,
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => self.unicode(),
            else => named,
        };
    }

    fn unicode(self: *Unescaped) u8 {
        var character: u21 = self.digits(self.at);
        self.at += 4;
        if (std.unicode.utf16IsHighSurrogate(@intCast(character)) and std.mem.startsWith(u8, self.text[self.at..], "\\u")) {
            const second = self.digits(self.at + 2);
            if (std.unicode.utf16IsLowSurrogate(second)) {
                character = 0x10000 + ((character - 0xd800) << 10) + (second - 0xdc00);
                self.at += 6;
            }
        }
        self.last = std.unicode.wtf8Encode(character, &self.pending) catch unreachable;
        self.first = 1;
        return self.pending[0];
    }

    fn digits(self: *const Unescaped, from: usize) u16 {
        return std.fmt.parseInt(u16, self.text[from..][0..4], 16) catch unreachable;
    }
};

fn count(text: []const u8) json.Error!usize {
    var padded: [8192]u8 = @splat('"');
    @memcpy(padded[0..text.len], text);
    var members: Members = undefined;
    try members.init(padded[0..text.len]);
    while (try members.next()) {}
    return members.count;
}

test "an object has no name twice, whatever its spelling" {
    for ([_]struct { []const u8, ?usize }{
        .{ "{}", 0 },
        .{ " { } ", 0 },
        .{ "{\"alg\":1,\"typ\":2}", 2 },
        .{ "{\"alg\":1,\"alg\":1}", null },
        .{ "{\"alg\":1,\"\\u0061lg\":1}", null },
        .{ "{\"a\\/b\":1,\"a/b\":1}", null },
        .{ "{\"a_long_name_1\":1,\"a_long_name_2\":1}", 2 },
        .{ "{\"a_long_name_1\":1,\"a_long_nam\\u0065_1\":1}", null },
        .{ "{\"\\ud83d\\ude00\":1,\"\xf0\x9f\x98\x80\":1}", null },
        .{ "{\"\\ud83d\":1,\"\\ude00\":1,\"\\ud83d\\ude00\":1}", 3 },
        .{ "{\"\\ud83d\":1,\"\\uD83D\":1}", null },
        .{ "{\"a\":1,\"a\\u0000\":1,\"\":1}", 3 },
        .{ "{\"a\":{\"b\":1,\"b\":2}}", 1 },
        .{ "[]", null },
        .{ "{\"a\":1}x", null },
        .{ "{\"a\":1}{}", null },
        .{ "{\"a\":1 \"b\":1}", null },
    }) |case| {
        if (case[1]) |expected| try std.testing.expectEqual(expected, try count(case[0])) else try std.testing.expectError(error.Malformed, count(case[0]));
    }
}

test "an object has at most 256 members" {
    var text: [4096]u8 = undefined;
    for ([_]usize{ 256, 257 }) |members| {
        var writer: std.Io.Writer = .fixed(&text);
        for (0..members) |index| try writer.print("{s}\"{x}\":0", .{ if (index == 0) "{" else ",", index });
        try writer.writeByte('}');
        if (members == 256) try std.testing.expectEqual(256, try count(writer.buffered())) else try std.testing.expectError(error.Malformed, count(writer.buffered()));
    }
}
