//! Strict JSON (RFC 8259) over bytes in place: no byte order mark, no comments, valid UTF-8, nothing behind the value.
//! Nothing is built: a value is where it begins and ends.
const std = @import("std");
const vectors = @import("vectors.zig");

/// RFC 8259 9 lets a parser limit the depth; objects and arrays may stand this deep in each other.
pub const deepest = 64;

pub const Kind = enum { object, array, string, number, true, false, null };

/// A string's text lies between its quotes.
pub const Value = struct { kind: Kind, text: []const u8, escaped: bool = false };

pub const Error = error{Malformed};

/// Results are small enough for a register, the rest stays in the scanner: values returned whole cost half of the time.
pub const Scanner = struct {
    /// `names.padding` readable bytes follow.
    input: []const u8,
    at: usize = 0,
    /// Of the string that was read last: where its closing quote is, and whether it has escapes.
    string_end: usize = 0,
    escaped: bool = false,

    pub fn peek(self: *const Scanner) u8 {
        return if (self.at < self.input.len) self.input[self.at] else 0;
    }

    pub fn take(self: *Scanner, byte: u8) bool {
        if (self.at >= self.input.len or self.input[self.at] != byte) return false;
        self.at += 1;
        return true;
    }

    pub fn skipWhitespace(self: *Scanner) void {
        while (self.at < self.input.len) : (self.at += 1) switch (self.input[self.at]) {
            ' ', '\t', '\n', '\r' => {},
            else => return,
        };
    }

    /// Passes a value that stands `depth` containers deep; whitespace has been skipped.
    pub fn value(self: *Scanner, depth: u8) Error!Kind {
        switch (self.peek()) {
            '"' => {
                try self.string();
                return .string;
            },
            '{' => {
                try self.object(depth + 1);
                return .object;
            },
            '[' => {
                try self.array(depth + 1);
                return .array;
            },
            't' => return self.word("true", .true),
            'f' => return self.word("false", .false),
            'n' => return self.word("null", .null),
            else => return self.number(),
        }
    }

    /// The value that has been passed last and began at `start`.
    pub fn passed(self: *const Scanner, kind: Kind, start: usize) Value {
        if (kind == .string) return .{ .kind = kind, .text = self.input[start + 1 .. self.string_end], .escaped = self.escaped };
        return .{ .kind = kind, .text = self.input[start..self.at] };
    }

    pub fn string(self: *Scanner) Error!void {
        if (!self.take('"')) return error.Malformed;
        self.escaped = false;
        while (true) {
            self.at = vectors.find(self.input.ptr, self.at, self.input.len, isSpecial);
            switch (self.peek()) {
                '"' => {
                    self.string_end = self.at;
                    self.at += 1;
                    return;
                },
                '\\' => try self.escape(),
                0x80...0xff => try self.character(),
                // A control character, or the end of the text.
                else => return error.Malformed,
            }
        }
    }

    fn escape(self: *Scanner) Error!void {
        self.escaped = true;
        if (self.at + 1 >= self.input.len) return error.Malformed;
        switch (self.input[self.at + 1]) {
            '"', '\\', '/', 'b', 'f', 'n', 'r', 't' => self.at += 2,
            'u' => {
                if (self.at + 6 > self.input.len) return error.Malformed;
                for (self.input[self.at + 2 ..][0..4]) |digit| if (!std.ascii.isHex(digit)) return error.Malformed;
                self.at += 6;
            },
            else => return error.Malformed,
        }
    }

    /// One character outside of ASCII: no overlong form, no surrogate, nothing above U+10FFFF (RFC 3629 4).
    fn character(self: *Scanner) Error!void {
        const rest = self.input[self.at..];
        const length = std.unicode.utf8ByteSequenceLength(rest[0]) catch return error.Malformed;
        if (rest.len < length or !std.unicode.utf8ValidateSlice(rest[0..length])) return error.Malformed;
        self.at += length;
    }

    fn word(self: *Scanner, comptime text: []const u8, kind: Kind) Error!Kind {
        if (!std.mem.startsWith(u8, self.input[self.at..], text)) return error.Malformed;
        self.at += text.len;
        return kind;
    }

    fn number(self: *Scanner) Error!Kind {
        _ = self.take('-');
        if (!self.take('0')) try self.digits();
        if (self.take('.')) try self.digits();
        if (self.take('e') or self.take('E')) {
            if (!self.take('+')) _ = self.take('-');
            try self.digits();
        }
        return .number;
    }

    fn digits(self: *Scanner) Error!void {
        const start = self.at;
        while (std.ascii.isDigit(self.peek())) self.at += 1;
        if (self.at == start) return error.Malformed;
    }

    fn object(self: *Scanner, depth: u8) Error!void {
        if (depth > deepest) return error.Malformed;
        self.at += 1;
        self.skipWhitespace();
        if (self.take('}')) return;
        while (true) {
            try self.name();
            _ = try self.value(depth);
            if (try self.ends('}')) return;
        }
    }

    fn array(self: *Scanner, depth: u8) Error!void {
        if (depth > deepest) return error.Malformed;
        self.at += 1;
        self.skipWhitespace();
        if (self.take(']')) return;
        while (true) {
            _ = try self.value(depth);
            if (try self.ends(']')) return;
        }
    }

    /// Passes a member's name with its colon, up to its value.
    pub fn name(self: *Scanner) Error!void {
        try self.string();
        self.skipWhitespace();
        if (!self.take(':')) return error.Malformed;
        self.skipWhitespace();
    }

    /// Behind a value: true where the container ends, false before the next element.
    pub fn ends(self: *Scanner, close: u8) Error!bool {
        self.skipWhitespace();
        if (self.take(close)) return true;
        if (!self.take(',')) return error.Malformed;
        self.skipWhitespace();
        return false;
    }
};

inline fn isSpecial(block: vectors.Block) vectors.Mask {
    return vectors.equal(block, '"') | vectors.equal(block, '\\') | ~vectors.within(block, 0x20, 0x7f);
}

/// The value of a number that the scanner has passed, as the nearest double. Null where that takes more than one exact
/// operation on doubles: the general way needs some 20 KB of code and tables, so the caller asks TypeScript.
pub fn decimal(text: []const u8) ?f64 {
    const is_negative = text[0] == '-';
    var digits: u64 = 0;
    var scale: i32 = 0;
    var at: usize = @intFromBool(is_negative);
    var is_fraction = false;
    while (at < text.len) : (at += 1) switch (text[at]) {
        '.' => is_fraction = true,
        '0'...'9' => |digit| {
            digits = digits * 10 + (digit - '0');
            if (digits > 1 << 53) return null;
            scale -= @intFromBool(is_fraction);
        },
        else => {
            scale += std.fmt.parseInt(i16, text[at + 1 ..], 10) catch return null;
            break;
        },
    };
    // Both operands are exact, so the one operation rounds as the standard asks (IEEE 754 4.3.1).
    const magnitude: f64 = @floatFromInt(digits);
    const value = if (scale < -22 or scale > 22) return null else if (scale < 0) magnitude / powers[@intCast(-scale)] else magnitude * powers[@intCast(scale)];
    return if (is_negative) -value else value;
}

/// 10 to the 22nd is the last that a double holds exactly.
const powers: [23]f64 = powers: {
    var all: [23]f64 = undefined;
    var power = 1;
    for (&all) |*each| {
        each.* = power;
        power *= 10;
    }
    break :powers all;
};

fn isValue(text: []const u8) bool {
    var padded: [1024]u8 = @splat('"');
    @memcpy(padded[0..text.len], text);
    var scanner: Scanner = .{ .input = padded[0..text.len] };
    scanner.skipWhitespace();
    _ = scanner.value(0) catch return false;
    scanner.skipWhitespace();
    return scanner.at == text.len;
}

test "what RFC 8259 allows and what it does not" {
    for ([_][]const u8{
        "{}",           "[]",                   " \t\r\n{ } ",       "0",        "-0",   "-0.5e+10", "1E400",  "[1,2 , 3]",
        "\"\"",         "\"\\u0000\\\"\"",      "\"\\ud800\"",       "\"\x7f\"", "true", "null",     "[[[]]]", "{\"a\":{\"b\":[]}}",
        "\"\xc3\xa9\"", "\"\xf4\x8f\xbf\xbf\"", "{\"a\":1,\"a\":2}",
    }) |text| if (!isValue(text)) {
        std.debug.print("refused: {s}\n", .{text});
        return error.TestUnexpectedResult;
    };
    for ([_][]const u8{
        "",       " ",         "{",              "}",           "{]",           "{\"a\"}",          "{\"a\":}",             "{\"a\":1,}",
        "{,}",    "[1,]",      "[,1]",           "[1 2]",       "01",           "1.",               ".5",                   "+1",
        "-",      "1e",        "1e+",            "0x1",         "NaN",          "Infinity",         "tru",                  "True",
        "\"",     "\"\\\"",    "\"\\x\"",        "\"\\u12g4\"", "\"\n\"",       "\"\x00\"",         "{} {}",                "{}x",
        "'a'",    "{a:1}",     "\xef\xbb\xbf{}", "\"\x80\"",    "\"\xc0\x80\"", "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"", "\"\xc3\"",
        "/**/{}", "{\"a\" 1}", "[\x0c]",         "\"\\u12\"",   "--1",          "1e1.5",            "truefalse",            "\xc2\xa0{}",
    }) |text| if (isValue(text)) {
        std.debug.print("taken: {s}\n", .{text});
        return error.TestUnexpectedResult;
    };
}

test "containers may stand 64 deep" {
    try std.testing.expect(isValue("[" ** 64 ++ "]" ** 64));
    try std.testing.expect(!isValue("[" ** 65 ++ "]" ** 65));
    try std.testing.expect(isValue("{\"a\":" ** 63 ++ "[]" ++ "}" ** 63));
    try std.testing.expect(!isValue("{\"a\":" ** 64 ++ "[]" ++ "}" ** 64));
}

test "numbers have the value of the nearest double, or are left to TypeScript" {
    for ([_]struct { []const u8, ?f64 }{
        .{ "0", 0 },
        .{ "-0", -0.0 },
        .{ "1700000000", 1700000000 },
        .{ "-1.5", -1.5 },
        .{ "17e8", 1700000000 },
        .{ "17E+8", 1700000000 },
        .{ "1700000000000e-3", 1700000000 },
        .{ "1700000000.123", 1700000000.123 },
        .{ "0.000000000000000000001", 1e-21 },
        .{ "9007199254740992", 9007199254740992 },
        .{ "9007199254740993", null },
        .{ "1700000000.1234567", null },
        .{ "1e22", 1e22 },
        .{ "1e23", null },
        .{ "1e400", null },
        .{ "1e99999999999999999999", null },
    }) |case| try std.testing.expectEqual(case[1], decimal(case[0]));
}
