//! Fuzzes the verification of tokens as a whole: tokens are made of the pieces that decide, mutated as JSON before they are signed and
//! as bytes after it, and each result is held against a plain reading of the same rules with the parsers, the base64 and the HMAC of
//! the standard library.
const std = @import("std");
const cpu = @import("cpu.zig");
const hmac = @import("hmac.zig");
const jose = @import("jose.zig");
const jwt = @import("jwt.zig");
const verifier_of = @import("verifier.zig");
const Verifier = verifier_of.Verifier;
const Description = verifier_of.Description;

const longest = 2048;
const now = 1_700_000_000;

const policies = [_]Description{
    .{ .scheme = "Bearer", .keys = &.{.{ .secret = "s" ** 32, .algorithms = 1 }} },
    .{
        .typ = "at+jwt",
        .flags = verifier_of.requires_exp,
        .keys = &.{
            .{ .secret = "s" ** 32, .kid = "a", .algorithms = 1 },
            .{ .secret = "t" ** 64, .kid = "b", .algorithms = 0b111 },
            .{ .secret = "u" ** 200, .algorithms = 0b110 },
        },
        .issuers = &.{ "https://a.example", "b" },
        .audiences = &.{ "me", "\xc3\xa9" },
    },
    .{ .scheme = "T", .typ = "text/x", .keys = &.{.{ .secret = "u" ** 200 }}, .audiences = &.{"me"} },
};

const secrets = [_][]const u8{ "s" ** 32, "t" ** 64, "u" ** 200 };

const header_members = [_][]const u8{
    "\"alg\":\"HS256\"",      "\"alg\":\"HS384\"",       "\"alg\":\"HS512\"",  "\"alg\":\"none\"",      "\"\\u0061lg\":\"HS256\"",
    "\"typ\":\"at+jwt\"",     "\"alg\":\"\\u0048S256\"", "\"typ\":\"at+jwt\"", "\"typ\":\"JWT\"",       "\"typ\":\"application\\/AT+jwt\"",
    "\"typ\":\"Text/X\"",     "\"kid\":\"a\"",           "\"kid\":\"b\"",      "\"kid\":\"\\u0061\"",   "\"kid\":1",
    "\"crit\":[\"b64\"]",     "\"b64\":false",           "\"b64\":true",       "\"jwk\":{\"k\":\"x\"}", "\"x5c\":[\"a\",\"a\"]",
    "\"a_long_parameter\":0",
};

const claim_members = [_][]const u8{
    "\"exp\":1700000001",     "\"exp\":1700000000",          "\"exp\":1.7e9",                     "\"exp\":1700000000.5",  "\"exp\":\"1700000001\"",   "\"exp\":1e400",
    "\"exp\":-1",             "\"exp\":1700000000.12345678", "\"nbf\":1700000000",                "\"nbf\":1700000000.01", "\"nbf\":0",                "\"iat\":1700000000",
    "\"iat\":null",           "\"iss\":\"b\"",               "\"iss\":\"https:\\/\\/a.example\"", "\"iss\":[]",            "\"aud\":\"me\"",           "\"aud\":[\"x\",\"m\\u0065\"]",
    "\"aud\":[]",             "\"aud\":[\"me\",1]",          "\"aud\":[ \"\xc3\xa9\" ]",          "\"aud\":{}",            "\"sub\":\"1234567890\"",   "\"\\ud83d\\ude00\":1",
    "\"\xf0\x9f\x98\x80\":1", "\"\\ud83d\":1",               "\"role\":[[],{}]",                  "\"a_long_claim\":true", "\"a_long_clai\\u006d\":0", "\"n\":-0.5E+3",
};

const pieces = [_][]const u8{
    "{",            "}",    "[",    "]",            ",",                ":",                "\"", "\\", "\\u", "\\ud800", "\\udc00", "\\u0000",  "0", "1", "-", ".", "e5", "true", "null", " ", "\n", "\x00", "\x1f",
    "\xef\xbb\xbf", "\xc3", "\xa9", "\xed\xa0\x80", "[[[[[[[[[[[[[[[[", "]]]]]]]]]]]]]]]]", "=",  "_",  "-",   "Bearer ", "\xff",    "\"exp\":",
};

/// A text that grows and changes within fixed memory.
const Text = struct {
    bytes: [longest + 64]u8 = undefined,
    length: usize = 0,

    fn slice(self: *const Text) []const u8 {
        return self.bytes[0..self.length];
    }

    fn insert(self: *Text, at: usize, text: []const u8) void {
        const room = @min(text.len, longest - self.length);
        std.mem.copyBackwards(u8, self.bytes[at + room .. self.length + room], self.bytes[at..self.length]);
        @memcpy(self.bytes[at..][0..room], text[0..room]);
        self.length += room;
    }

    fn append(self: *Text, text: []const u8) void {
        self.insert(self.length, text);
    }

    fn mutate(self: *Text, random: std.Random) void {
        const at = random.uintAtMost(usize, self.length);
        switch (random.uintLessThan(u8, 5)) {
            0 => self.insert(at, pieces[random.uintLessThan(usize, pieces.len)]),
            1 => self.insert(at, &.{random.int(u8)}),
            2 => if (at < self.length) {
                self.bytes[at] = random.int(u8);
            },
            3 => if (at < self.length) {
                self.bytes[at] ^= @as(u8, 1) << random.int(u3);
            },
            else => {
                const count = random.uintAtMost(usize, @min(self.length - at, 8));
                std.mem.copyForwards(u8, self.bytes[at .. self.length - count], self.bytes[at + count .. self.length]);
                self.length -= count;
            },
        }
    }

    /// Mostly an object with no name twice, now and then anything.
    fn object(self: *Text, members: []const []const u8, first: ?[]const u8, random: std.Random) void {
        self.length = 0;
        self.append("{");
        if (first) |member| self.append(member);
        for (0..random.uintAtMost(usize, 5)) |_| {
            const member = members[random.uintLessThan(usize, members.len)];
            const name = member[0 .. std.mem.indexOfScalar(u8, member, ':').? + 1];
            if (std.mem.indexOf(u8, self.slice(), name) != null and random.uintLessThan(u8, 32) > 0) continue;
            if (self.length > 1) self.append(",");
            self.append(member);
        }
        self.append("}");
        if (random.uintLessThan(u8, 6) == 0) for (0..random.uintAtMost(usize, 3)) |_| self.mutate(random);
    }
};

const Outcome = enum(i32) { taken, scheme, compact, base64, header, algorithm, crit, typ, kid, signature, claims, exp, nbf, iat, iss, aud };

/// The rules read plainly, with everything that the standard library has.
const Plain = struct {
    arena: std.mem.Allocator,
    policy: Description,

    fn verify(self: Plain, value: []const u8, payload: *[]const u8) !Outcome {
        const scheme = self.policy.scheme;
        var token = value;
        if (scheme.len > 0) {
            if (!std.ascii.startsWithIgnoreCase(value, scheme)) return .scheme;
            token = value[scheme.len..];
            if (token.len > 0 and token[0] != ' ') return .scheme;
            token = std.mem.trimStart(u8, token, " ");
        }
        if (std.mem.countScalar(u8, token, '.') != 2) return .compact;
        var segments = std.mem.splitScalar(u8, token, '.');
        const header = try self.decode(segments.next().?) orelse return .base64;
        payload.* = try self.decode(segments.next().?) orelse return .base64;
        const signature = try self.decode(segments.next().?) orelse return .base64;
        const parameters = try self.object(header) orelse return .header;
        const outcome = try self.signed(parameters, token[0..std.mem.lastIndexOfScalar(u8, token, '.').?], signature);
        if (outcome != .taken) return outcome;
        return self.claims(try self.object(payload.*) orelse return .claims);
    }

    fn signed(self: Plain, parameters: Object, message: []const u8, signature: []const u8) !Outcome {
        if (parameters.get("crit") != null) return .crit;
        if (parameters.get("b64")) |b64| if (b64 != .bool or !b64.bool) return .crit;
        const alg = parameters.get("alg") orelse return .header;
        if (alg != .string) return .header;
        const names = [_][]const u8{ "HS256", "HS384", "HS512" };
        const algorithm = for (names, 0..) |name, index| {
            if (std.mem.eql(u8, name, alg.string)) break index;
        } else return .algorithm;
        const bit = @as(u32, 1) << @intCast(algorithm);
        for (self.policy.keys) |key| {
            if (key.algorithms & bit != 0) break;
        } else return .algorithm;
        if (self.policy.typ) |expected| {
            const typ = parameters.get("typ") orelse return .typ;
            if (typ != .string) return .typ;
            const full = if (std.mem.indexOfScalar(u8, typ.string, '/') == null) try std.mem.concat(self.arena, u8, &.{ "application/", typ.string }) else typ.string;
            const wanted = if (std.mem.indexOfScalar(u8, expected, '/') == null) try std.mem.concat(self.arena, u8, &.{ "application/", expected }) else expected;
            if (!std.ascii.eqlIgnoreCase(full, wanted)) return .typ;
        }
        const kid = parameters.get("kid");
        if (kid) |name| if (name != .string) return .kid;
        var outcome: Outcome = .kid;
        for (self.policy.keys) |key| {
            if (key.algorithms & bit == 0) continue;
            if (kid) |name| if (key.kid) |own| if (!std.mem.eql(u8, name.string, own)) continue;
            outcome = .signature;
            const reference = std.crypto.auth.hmac.sha2;
            switch (algorithm) {
                inline 0...2 => |index| {
                    const Hmac = .{ reference.HmacSha256, reference.HmacSha384, reference.HmacSha512 }[index];
                    var expected: [Hmac.mac_length]u8 = undefined;
                    Hmac.create(&expected, message, key.secret);
                    if (std.mem.eql(u8, &expected, signature)) return .taken;
                },
                else => unreachable,
            }
        }
        return outcome;
    }

    fn claims(self: Plain, set: Object) Outcome {
        var is_present = false;
        const exp = date(set.get("exp"), &is_present) orelse return .exp;
        if (is_present) {
            if (exp <= now) return .exp;
        } else if (self.policy.flags & verifier_of.requires_exp != 0) return .exp;
        const nbf = date(set.get("nbf"), &is_present) orelse return .nbf;
        if (is_present and nbf > now) return .nbf;
        _ = date(set.get("iat"), &is_present) orelse return .iat;
        if (self.policy.issuers.len > 0) {
            const iss = set.get("iss") orelse return .iss;
            if (iss != .string or !contains(self.policy.issuers, iss.string)) return .iss;
        }
        if (self.policy.audiences.len > 0) {
            const aud = set.get("aud") orelse return .aud;
            const found = switch (aud) {
                .string => |name| contains(self.policy.audiences, name),
                .array => |list| for (list.items) |each| {
                    if (each != .string) return .aud;
                } else for (list.items) |each| {
                    if (contains(self.policy.audiences, each.string)) break true;
                } else false,
                else => false,
            };
            if (!found) return .aud;
        }
        return .taken;
    }

    fn date(claim: ?std.json.Value, is_present: *bool) ?f64 {
        is_present.* = claim != null;
        const value = claim orelse return 0;
        if (value != .number_string) return null;
        const seconds = std.fmt.parseFloat(f64, value.number_string) catch return null;
        return if (seconds >= 0 and std.math.isFinite(seconds)) seconds else null;
    }

    fn contains(names: []const []const u8, name: []const u8) bool {
        for (names) |each| if (std.mem.eql(u8, each, name)) return true;
        return false;
    }

    fn decode(self: Plain, segment: []const u8) !?[]const u8 {
        const codec = std.base64.url_safe_no_pad;
        const length = codec.Decoder.calcSizeForSlice(segment) catch return null;
        const bytes = try self.arena.alloc(u8, length);
        codec.Decoder.decode(bytes, segment) catch return null;
        const again = try self.arena.alloc(u8, codec.Encoder.calcSize(length));
        return if (std.mem.eql(u8, codec.Encoder.encode(again, bytes), segment)) bytes else null;
    }

    const Object = std.json.ObjectMap;

    fn object(self: Plain, text: []const u8) !?Object {
        if (!std.unicode.utf8ValidateSlice(text)) return null;
        const copy = try self.arena.dupe(u8, text);
        replaceLoneSurrogates(copy);
        if (!try self.isUniqueAndShallow(copy)) return null;
        const value = std.json.parseFromSliceLeaky(std.json.Value, self.arena, copy, .{ .duplicate_field_behavior = .use_last, .parse_numbers = false }) catch |fault| switch (fault) {
            error.OutOfMemory => return error.OutOfMemory,
            else => return null,
        };
        return if (value == .object) value.object else null;
    }

    /// The standard parser refuses half a surrogate pair, which RFC 8259 8.2 allows: it becomes a private character.
    fn replaceLoneSurrogates(text: []u8) void {
        var at: usize = 0;
        while (at + 1 < text.len) {
            if (text[at] != '\\') {
                at += 1;
                continue;
            }
            const unit = escapeAt(text, at) orelse {
                at += 2;
                continue;
            };
            const follower = escapeAt(text, at + 6);
            const is_pair = std.unicode.utf16IsHighSurrogate(unit) and follower != null and std.unicode.utf16IsLowSurrogate(follower.?);
            if (!is_pair and unit >= 0xd800 and unit < 0xe000) text[at + 2] = 'e';
            at += if (is_pair) 12 else 6;
        }
    }

    fn escapeAt(text: []const u8, at: usize) ?u16 {
        if (at + 6 > text.len or text[at] != '\\' or text[at + 1] != 'u') return null;
        for (text[at + 2 ..][0..4]) |digit| if (!std.ascii.isHex(digit)) return null;
        return std.fmt.parseInt(u16, text[at + 2 ..][0..4], 16) catch null;
    }

    fn isUniqueAndShallow(self: Plain, text: []const u8) !bool {
        var scanner: std.json.Scanner = .initCompleteInput(self.arena, text);
        var names: std.StringHashMapUnmanaged(void) = .empty;
        var depth: usize = 0;
        var is_name = true;
        while (true) {
            const token = scanner.nextAlloc(self.arena, .alloc_always) catch |fault| return if (fault == error.OutOfMemory) error.OutOfMemory else false;
            switch (token) {
                .object_begin, .array_begin => {
                    depth += 1;
                    if (depth > 64) return false;
                    continue;
                },
                .object_end, .array_end => {
                    depth -= 1;
                    if (depth == 1) is_name = true;
                    continue;
                },
                .end_of_document => return true,
                else => {},
            }
            if (depth != 1) continue;
            if (is_name) {
                if (token != .allocated_string) return true;
                if ((try names.getOrPut(self.arena, token.allocated_string)).found_existing or names.count() > 256) return false;
            }
            is_name = !is_name;
        }
    }
};

fn fail(comptime what: []const u8, value: []const u8, seed: anytype) noreturn {
    std.debug.panic("{s} ({any}): \"{f}\"", .{ what, seed, std.zig.fmtString(value) });
}

pub fn run(random: std.Random, runs: u64) !void {
    var tables: [policies.len][2][4096]u8 align(8) = undefined;
    var verifiers: [policies.len][2]Verifier = undefined;
    var described: [policies.len]Text = @splat(.{});
    for (policies, &tables, &verifiers, &described) |policy, *table, *both, *text| {
        var writer: std.Io.Writer = .fixed(text.bytes[0..longest]);
        try policy.write(&writer);
        text.length = writer.end;
        for (table, both, [_]bool{ false, cpu.hasSha() }) |*memory, *verifier, extensions| {
            const room: []align(8) u8 = @alignCast(memory);
            _ = verifier_of.compile(text.slice(), extensions, room).?;
            verifier.* = .open(room.ptr);
        }
    }
    var fuzzer: Fuzzer = .{ .random = random };
    var outcomes: [@typeInfo(Outcome).@"enum".fields.len]u64 = @splat(0);
    for (0..runs) |turn| {
        const index = random.uintLessThan(usize, policies.len);
        const value = fuzzer.make(policies[index]);
        const outcome = try fuzzer.check(policies[index], verifiers[index], value);
        outcomes[@intCast(@intFromEnum(outcome))] += 1;
        if (turn % 64 == 0) fuzzer.describe(&described[index]);
    }
    for (outcomes, 0..) |count, outcome| std.debug.print("  {s} {d}\n", .{ @tagName(@as(Outcome, @enumFromInt(outcome))), count });
}

const Fuzzer = struct {
    random: std.Random,
    header: Text = .{},
    payload: Text = .{},
    value: Text = .{},
    decoded: [jose.room + 64]u8 = undefined,
    memory: [1 << 20]u8 = undefined,

    fn make(self: *Fuzzer, policy: Description) []const u8 {
        const random = self.random;
        const algorithm = random.enumValue(hmac.Algorithm);
        const first = if (random.uintLessThan(u8, 16) > 0) header_members[@intFromEnum(algorithm)] else null;
        self.header.object(&header_members, first, random);
        self.payload.object(&claim_members, if (random.boolean()) claim_members[0] else null, random);
        if (self.header.length + self.payload.length > 1000) self.payload.length = 0;
        if (self.header.length > 1000) self.header.length = 0;
        const value = &self.value;
        value.length = 0;
        if (policy.scheme.len > 0) {
            value.append(policy.scheme);
            value.append("   "[0..random.intRangeAtMost(usize, 1, 3)]);
        }
        const secret = if (random.uintLessThan(u8, 8) > 0) policy.keys[random.uintLessThan(usize, policy.keys.len)].secret else secrets[random.uintLessThan(usize, secrets.len)];
        value.length += jwt.sign(self.header.slice(), self.payload.slice(), secret, algorithm, value.bytes[value.length..]).len;
        if (random.uintLessThan(u8, 4) == 0) for (0..random.intRangeAtMost(usize, 1, 2)) |_| value.mutate(random);
        // What lies behind the end must not matter.
        random.bytes(value.bytes[value.length..][0..64]);
        return value.slice();
    }

    fn check(self: *Fuzzer, policy: Description, verifiers: [2]Verifier, value: []const u8) !Outcome {
        const clock: @import("claims.zig").Clock = .{ .expires_after = now, .begins_by = now };
        const canary = self.random.int(u8);
        @memset(self.decoded[jose.room..], canary);
        const portable = jwt.verify(value, verifiers[0], &self.decoded, clock);
        const status = jwt.verify(value, verifiers[1], &self.decoded, clock);
        if (portable != status) fail("the processor's extensions change the answer", value, .{ portable, status });
        for (self.decoded[jose.room..]) |byte| if (byte != canary) fail("written behind the memory", value, status);

        var fixed: std.heap.FixedBufferAllocator = .init(&self.memory);
        const plain: Plain = .{ .arena = fixed.allocator(), .policy = policy };
        var payload: []const u8 = "";
        const expected = try plain.verify(value, &payload);
        if (status == -jose.number(error.Undecided)) {
            if (@intFromEnum(expected) >= @intFromEnum(Outcome.exp) or expected == .taken) return expected;
        } else if (status >= 0) {
            if (expected == .taken and std.mem.eql(u8, payload, self.decoded[0..@intCast(status)])) return expected;
        } else if (status == -@intFromEnum(expected)) return expected;
        fail("another answer than by plain reading", value, .{ status, expected });
    }

    /// A table holds offsets: whatever the description says, they must stay inside.
    fn describe(self: *Fuzzer, description: *const Text) void {
        var text: Text = .{};
        text.append(description.slice());
        for (0..self.random.uintAtMost(usize, 3)) |_| text.mutate(self.random);
        var table: [4096]u8 align(8) = undefined;
        const room = table[0 .. 8 * self.random.uintAtMost(usize, table.len / 8)];
        const used = verifier_of.compile(text.slice(), false, room) orelse return;
        if (used > room.len) fail("a table beyond its memory", text.slice(), used);
        const verifier: Verifier = .open(room.ptr);
        var sum = verifier.scheme().len;
        if (verifier.typ()) |typ| sum += typ.len;
        for (0..verifier.keyCount()) |index| {
            if (verifier.key(index).kid) |kid| sum += kid.len;
        }
        for (0..verifier.issuers().spans.len) |index| sum += verifier.issuers().get(index).len;
        for (0..verifier.audiences().spans.len) |index| sum += verifier.audiences().get(index).len;
        if (sum > used) fail("texts longer than their memory", text.slice(), sum);
        _ = jwt.verify(self.value.slice(), verifier, &self.decoded, .{ .expires_after = now, .begins_by = now });
    }
};
