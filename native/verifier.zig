//! What a token is held against, compiled once per backend into memory of the caller: keys as schedules, and the policy.
//! The layout is private to this file. The secrets themselves are not kept.
const std = @import("std");
const hmac = @import("hmac.zig");

const Span = extern struct { offset: u32 = 0, length: u32 = 0 };

const Header = extern struct {
    keys: u32,
    issuers: u32,
    audiences: u32,
    algorithms: u32,
    requires_exp: bool,
    has_typ: bool,
    extensions: bool,
    reserved: [5]u8 = @splat(0),
    scheme: Span,
    typ: Span,
};

const StoredKey = extern struct {
    schedule: hmac.Schedule,
    algorithms: u32,
    has_kid: bool,
    kid: Span,
};

pub const requires_exp = 1;
/// Leaves the instructions of sha_ni.zig unused even where the processor has them.
pub const portable = 2;

pub const Key = struct {
    stored: *const StoredKey,
    kid: ?[]const u8,

    pub fn allows(self: Key, algorithm: hmac.Algorithm) bool {
        return self.stored.algorithms & bit(algorithm) != 0;
    }

    pub fn signs(self: Key, algorithm: hmac.Algorithm, message: []const u8, signature: []const u8, extensions: bool) bool {
        var expected: [hmac.longest]u8 = undefined;
        self.stored.schedule.sign(algorithm, message, extensions, &expected);
        return hmac.equal(&expected, signature, algorithm.length());
    }
};

pub const Verifier = struct {
    memory: [*]align(8) const u8,
    header: *const Header,

    pub fn open(memory: [*]align(8) const u8) Verifier {
        return .{ .memory = memory, .header = @ptrCast(memory) };
    }

    pub fn scheme(self: Verifier) []const u8 {
        return self.text(self.header.scheme);
    }

    /// In lower case, without "application/"; null where any type will do.
    pub fn typ(self: Verifier) ?[]const u8 {
        return if (self.header.has_typ) self.text(self.header.typ) else null;
    }

    pub fn allows(self: Verifier, algorithm: hmac.Algorithm) bool {
        return self.header.algorithms & bit(algorithm) != 0;
    }

    pub fn keyCount(self: Verifier) usize {
        return self.header.keys;
    }

    pub fn key(self: Verifier, index: usize) Key {
        const stored = &self.keys()[index];
        return .{ .stored = stored, .kid = if (stored.has_kid) self.text(stored.kid) else null };
    }

    pub const Names = struct {
        verifier: Verifier,
        spans: []const Span,

        pub fn get(self: Names, index: usize) []const u8 {
            return self.verifier.text(self.spans[index]);
        }
    };

    pub fn issuers(self: Verifier) Names {
        return .{ .verifier = self, .spans = self.spans()[0..self.header.issuers] };
    }

    pub fn audiences(self: Verifier) Names {
        return .{ .verifier = self, .spans = self.spans()[self.header.issuers..][0..self.header.audiences] };
    }

    fn keys(self: Verifier) []const StoredKey {
        const first: [*]const StoredKey = @ptrCast(@alignCast(self.memory + @sizeOf(Header)));
        return first[0..self.header.keys];
    }

    fn spans(self: Verifier) [*]const Span {
        return @ptrCast(@alignCast(self.memory + @sizeOf(Header) + self.header.keys * @sizeOf(StoredKey)));
    }

    fn text(self: Verifier, span: Span) []const u8 {
        return self.memory[span.offset..][0..span.length];
    }
};

comptime {
    std.debug.assert(@sizeOf(Header) % 8 == 0 and @sizeOf(StoredKey) % 8 == 0);
}

fn bit(algorithm: hmac.Algorithm) u32 {
    return @as(u32, 1) << @intFromEnum(algorithm);
}

/// Numbers and texts of a description, in order.
const Reader = struct {
    numbers: []const u8,
    texts: []const u8,

    fn number(self: *Reader) ?u32 {
        if (self.numbers.len < 4) return null;
        defer self.numbers = self.numbers[4..];
        return std.mem.readInt(u32, self.numbers[0..4], .little);
    }

    fn text(self: *Reader, length: u32) ?[]const u8 {
        if (length > self.texts.len) return null;
        defer self.texts = self.texts[length..];
        return self.texts[0..length];
    }
};

/// Texts that stay, behind one another at the end of the table.
const Store = struct {
    table: []u8,
    used: usize,

    fn keep(self: *Store, text: []const u8) ?Span {
        if (text.len > self.table.len - self.used) return null;
        @memcpy(self.table[self.used..][0..text.len], text);
        defer self.used += text.len;
        return .{ .offset = @intCast(self.used), .length = @intCast(text.len) };
    }
};

/// A description is numbers (u32, little-endian) followed by texts: flags, how many keys, issuers and audiences, the length of the
/// scheme, of the type plus one; per key its algorithms as bits, the length of its kid plus one, of its secret; the length of each issuer
/// and audience. The texts follow in the same order. Returns the bytes used, or null when the description or the table is too small.
pub fn compile(description: []const u8, extensions: bool, table: []align(8) u8) ?usize {
    if (table.len > std.math.maxInt(i32)) return null;
    var reader: Reader = .{ .numbers = description, .texts = &.{} };
    const flags = reader.number() orelse return null;
    const key_count = reader.number() orelse return null;
    const issuer_count = reader.number() orelse return null;
    const audience_count = reader.number() orelse return null;
    const scheme_length = reader.number() orelse return null;
    const typ_length = reader.number() orelse return null;

    const number_bytes = 4 * (3 * @as(u64, key_count) + issuer_count + audience_count);
    if (number_bytes > reader.numbers.len) return null;
    reader.texts = reader.numbers[@intCast(number_bytes)..];
    reader.numbers.len = @intCast(number_bytes);

    const keys_end = @sizeOf(Header) + @as(u64, key_count) * @sizeOf(StoredKey);
    const spans_end = keys_end + (@as(u64, issuer_count) + audience_count) * @sizeOf(Span);
    if (spans_end > table.len) return null;
    const keys: [*]StoredKey = @ptrCast(@alignCast(table.ptr + @sizeOf(Header)));
    const spans: [*]Span = @ptrCast(@alignCast(table.ptr + @as(usize, @intCast(keys_end))));
    var store: Store = .{ .table = table, .used = @intCast(spans_end) };

    const header: *Header = @ptrCast(table.ptr);
    header.* = .{
        .keys = key_count,
        .issuers = issuer_count,
        .audiences = audience_count,
        .algorithms = 0,
        .requires_exp = flags & requires_exp != 0,
        .has_typ = typ_length > 0,
        .extensions = extensions and flags & portable == 0,
        .scheme = store.keep(reader.text(scheme_length) orelse return null) orelse return null,
        .typ = store.keep(reader.text(typ_length -| 1) orelse return null) orelse return null,
    };
    for (keys[0..key_count]) |*key| {
        const algorithms = reader.number() orelse return null;
        const kid_length = reader.number() orelse return null;
        const secret_length = reader.number() orelse return null;
        header.algorithms |= algorithms;
        const kid = store.keep(reader.text(kid_length -| 1) orelse return null) orelse return null;
        const secret = reader.text(secret_length) orelse return null;
        key.* = .{ .schedule = .init(secret), .algorithms = algorithms, .has_kid = kid_length > 0, .kid = kid };
    }
    for (spans[0 .. issuer_count + audience_count]) |*span| {
        const length = reader.number() orelse return null;
        span.* = store.keep(reader.text(length) orelse return null) orelse return null;
    }
    return store.used;
}

/// Writes a description, for tests and fuzzing.
pub const Description = struct {
    flags: u32 = 0,
    scheme: []const u8 = "",
    typ: ?[]const u8 = null,
    keys: []const DescribedKey,
    issuers: []const []const u8 = &.{},
    audiences: []const []const u8 = &.{},

    pub const DescribedKey = struct { secret: []const u8, kid: ?[]const u8 = null, algorithms: u32 = 0b111 };

    pub fn write(self: Description, writer: *std.Io.Writer) !void {
        const typ: u32 = if (self.typ) |text| @intCast(text.len + 1) else 0;
        for ([_]usize{ self.flags, self.keys.len, self.issuers.len, self.audiences.len, self.scheme.len, typ }) |number| try writer.writeInt(u32, @intCast(number), .little);
        for (self.keys) |key| {
            try writer.writeInt(u32, key.algorithms, .little);
            try writer.writeInt(u32, if (key.kid) |kid| @intCast(kid.len + 1) else 0, .little);
            try writer.writeInt(u32, @intCast(key.secret.len), .little);
        }
        for (self.issuers) |issuer| try writer.writeInt(u32, @intCast(issuer.len), .little);
        for (self.audiences) |audience| try writer.writeInt(u32, @intCast(audience.len), .little);
        try writer.writeAll(self.scheme);
        try writer.writeAll(self.typ orelse "");
        for (self.keys) |key| {
            try writer.writeAll(key.kid orelse "");
            try writer.writeAll(key.secret);
        }
        for (self.issuers) |issuer| try writer.writeAll(issuer);
        for (self.audiences) |audience| try writer.writeAll(audience);
    }
};

test "a compiled verifier answers what it was given" {
    var text: [512]u8 = undefined;
    var writer: std.Io.Writer = .fixed(&text);
    try (Description{
        .scheme = "Bearer",
        .typ = "at+jwt",
        .flags = requires_exp,
        .keys = &.{ .{ .secret = "a", .kid = "one", .algorithms = 1 }, .{ .secret = "b" ** 200, .kid = "", .algorithms = 4 }, .{ .secret = "c", .algorithms = 4 } },
        .issuers = &.{"me"},
        .audiences = &.{ "you", "" },
    }).write(&writer);
    var table: [2048]u8 align(8) = undefined;
    const used = compile(writer.buffered(), false, &table).?;
    const verifier: Verifier = .open(&table);
    try std.testing.expectEqualStrings("Bearer", verifier.scheme());
    try std.testing.expectEqualStrings("at+jwt", verifier.typ().?);
    try std.testing.expectEqualStrings("one", verifier.key(0).kid.?);
    try std.testing.expectEqualStrings("", verifier.key(1).kid.?);
    try std.testing.expectEqual(null, verifier.key(2).kid);
    try std.testing.expect(verifier.allows(.hs256) and !verifier.allows(.hs384) and verifier.allows(.hs512));
    try std.testing.expect(verifier.key(0).allows(.hs256) and !verifier.key(0).allows(.hs512));
    try std.testing.expectEqualStrings("me", verifier.issuers().get(0));
    try std.testing.expectEqualStrings("you", verifier.audiences().get(0));
    try std.testing.expectEqualStrings("", verifier.audiences().get(1));
    try std.testing.expectEqual(null, std.mem.indexOf(u8, table[0..used], "b" ** 20));
    for (0..used / 8) |words| try std.testing.expectEqual(null, compile(writer.buffered(), false, table[0 .. 8 * words]));
    for (0..writer.end) |length| try std.testing.expectEqual(null, compile(text[0..length], false, &table));
}
