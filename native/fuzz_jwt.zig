//! Fuzzes the verification of tokens as a whole: tokens are made of the pieces that decide, mutated as JSON before they are signed and
//! as bytes after it, and each result is held against fuzz_jwt_plain.zig.
const std = @import("std");
const cpu = @import("cpu.zig");
const hmac = @import("hmac.zig");
const jose = @import("jose.zig");
const jwt = @import("jwt.zig");
const verifier_of = @import("verifier.zig");
const plain_reading = @import("fuzz_jwt_plain.zig");
const Outcome = plain_reading.Outcome;
const Plain = plain_reading.Plain;
const Verifier = verifier_of.Verifier;
const Description = verifier_of.Description;

const longest = 2048;
const now = plain_reading.now;

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
