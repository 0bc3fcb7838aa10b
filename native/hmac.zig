//! HMAC (RFC 2104) with the algorithms of RFC 7518 3.2. What the key alone decides, one block inside and one outside, is
//! hashed once per key: a signature of 200 bytes then costs four blocks instead of six.
const std = @import("std");
const builtin = @import("builtin");
const cpu = @import("cpu.zig");
const sha2 = @import("sha2.zig");
const sha_ni = @import("sha_ni.zig");

pub const Algorithm = enum(u2) {
    hs256,
    hs384,
    hs512,

    pub fn length(self: Algorithm) usize {
        return switch (self) {
            .hs256 => 32,
            .hs384 => 48,
            .hs512 => 64,
        };
    }
};

pub const longest = 64;

/// A key ready for use: the states after its inner and its outer block, for each algorithm.
pub const Schedule = extern struct {
    hs256: [2][8]u32,
    hs384: [2][8]u64,
    hs512: [2][8]u64,

    pub fn init(secret: []const u8) Schedule {
        return .{
            .hs256 = keyed(u32, sha2.initial_256, 32, secret),
            .hs384 = keyed(u64, sha2.initial_384, 48, secret),
            .hs512 = keyed(u64, sha2.initial_512, 64, secret),
        };
    }

    /// Writes `algorithm.length()` bytes. `extensions`: whether the processor has those of sha_ni.zig.
    pub fn sign(self: *const Schedule, algorithm: Algorithm, message: []const u8, extensions: bool, out: *[longest]u8) void {
        switch (algorithm) {
            .hs256 => if (comptime builtin.cpu.arch == .x86_64) {
                if (extensions) return authenticate(u32, sha_ni.compress, &self.hs256, 32, message, out);
                authenticate(u32, sha2.Sha2(u32).compress, &self.hs256, 32, message, out);
            } else authenticate(u32, sha2.Sha2(u32).compress, &self.hs256, 32, message, out),
            .hs384 => authenticate(u64, sha2.Sha2(u64).compress, &self.hs384, 48, message, out),
            .hs512 => authenticate(u64, sha2.Sha2(u64).compress, &self.hs512, 64, message, out),
        }
    }
};

fn Compress(comptime Word: type) type {
    return fn (*[8]Word, [*]const u8, usize) void;
}

fn keyed(comptime Word: type, initial: [8]Word, comptime digest_length: usize, secret: []const u8) [2][8]Word {
    const Hash = sha2.Sha2(Word);
    var block: [Hash.block_length]u8 = @splat(0);
    defer std.crypto.secureZero(u8, &block);
    if (secret.len <= block.len) @memcpy(block[0..secret.len], secret) else {
        var state = initial;
        finish(Word, Hash.compress, &state, 0, secret);
        write(Word, digest_length, state, &block);
    }
    var states: [2][8]Word = .{ initial, initial };
    for (&states, [2]u8{ 0x36, 0x5c }) |*state, pad| {
        var padded: [Hash.block_length]u8 = undefined;
        for (&padded, block) |*to, from| to.* = from ^ pad;
        Hash.compress(state, &padded, 1);
        std.crypto.secureZero(u8, &padded);
    }
    return states;
}

fn authenticate(
    comptime Word: type,
    comptime compress: Compress(Word),
    states: *const [2][8]Word,
    comptime digest_length: usize,
    message: []const u8,
    out: *[longest]u8,
) void {
    var inner = states[0];
    finish(Word, compress, &inner, 1, message);
    var digest: [digest_length]u8 = undefined;
    write(Word, digest_length, inner, &digest);
    var outer = states[1];
    finish(Word, compress, &outer, 1, &digest);
    write(Word, digest_length, outer, out);
}

/// Hashes the rest of a message of which `earlier` blocks are in the state already, with its padding (FIPS 180-4 5.1).
inline fn finish(comptime Word: type, comptime compress: Compress(Word), state: *[8]Word, comptime earlier: usize, message: []const u8) void {
    const Hash = sha2.Sha2(Word);
    const whole = message.len / Hash.block_length;
    if (whole > 0) compress(state, message.ptr, whole);
    const rest = message[whole * Hash.block_length ..];
    var last: [2 * Hash.block_length]u8 = @splat(0);
    @memcpy(last[0..rest.len], rest);
    last[rest.len] = 0x80;
    const count: usize = if (rest.len < Hash.block_length - Hash.length_length) 1 else 2;
    const bits: u64 = 8 * @as(u64, earlier * Hash.block_length + message.len);
    std.mem.writeInt(u64, last[count * Hash.block_length - 8 ..][0..8], bits, .big);
    compress(state, &last, count);
}

inline fn write(comptime Word: type, comptime length: usize, state: [8]Word, out: []u8) void {
    inline for (0..length / @sizeOf(Word)) |index| std.mem.writeInt(Word, out[index * @sizeOf(Word) ..][0..@sizeOf(Word)], state[index], .big);
}

/// Reads every byte whatever the first ones are: the time tells nothing of the expected signature (RFC 7515 10.4).
pub fn equal(expected: *const [longest]u8, presented: []const u8, length: usize) bool {
    if (presented.len != length) return false;
    var difference: u8 = 0;
    for (expected[0..length], presented) |left, right| {
        difference |= left ^ right;
        // Without this the compiler may leave the loop as soon as the answer is known.
        std.mem.doNotOptimizeAway(difference);
    }
    return difference == 0;
}

test "signatures are those of the standard library, for every length of key and message" {
    const hmac = std.crypto.auth.hmac.sha2;
    var bytes: [600]u8 = undefined;
    for (&bytes, 0..) |*byte, index| byte.* = @truncate(index *% 167 +% 13);
    for ([_]usize{ 0, 1, 31, 32, 63, 64, 65, 127, 128, 129, 300 }) |key_length| {
        const schedule: Schedule = .init(bytes[0..key_length]);
        for (0..300) |length| {
            inline for (.{ hmac.HmacSha256, hmac.HmacSha384, hmac.HmacSha512 }, 0..) |Reference, index| {
                var expected: [Reference.mac_length]u8 = undefined;
                Reference.create(&expected, bytes[300..][0..length], bytes[0..key_length]);
                for ([_]bool{ false, cpu.hasSha() }) |extensions| {
                    var actual: [longest]u8 = undefined;
                    schedule.sign(@enumFromInt(index), bytes[300..][0..length], extensions, &actual);
                    try std.testing.expectEqualSlices(u8, &expected, actual[0..expected.len]);
                }
            }
        }
    }
}

test "signatures are equal when all their bytes are" {
    var expected: [longest]u8 = @splat(7);
    var presented: [longest]u8 = @splat(7);
    try std.testing.expect(equal(&expected, &presented, longest));
    try std.testing.expect(equal(&expected, presented[0..32], 32));
    try std.testing.expect(!equal(&expected, presented[0..31], 32));
    try std.testing.expect(!equal(&expected, "", 32));
    for (0..32) |at| {
        presented[at] ^= 0x80;
        try std.testing.expect(!equal(&expected, presented[0..32], 32));
        presented[at] ^= 0x80;
    }
}
