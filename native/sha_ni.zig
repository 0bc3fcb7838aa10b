//! SHA-256 by the SHA extensions of x86-64 (Intel SDM 2B, SHA256RNDS2): four rounds in two instructions.
const std = @import("std");
const builtin = @import("builtin");
const cpu = @import("cpu.zig");
const sha2 = @import("sha2.zig");

const Sha256 = sha2.Sha2(u32);
const Words = @Vector(4, u32);

/// Not inlined: the instructions have no VEX form, and a call makes the compiler clear the upper halves that AVX code left behind.
pub noinline fn compress(state: *Sha256.State, blocks: [*]const u8, count: usize) void {
    if (comptime builtin.cpu.arch != .x86_64) unreachable;
    const abcd: Words = state[0..4].*;
    const efgh: Words = state[4..8].*;
    var abef = @shuffle(u32, abcd, efgh, [4]i32{ ~@as(i32, 1), ~@as(i32, 0), 1, 0 });
    var cdgh = @shuffle(u32, abcd, efgh, [4]i32{ ~@as(i32, 3), ~@as(i32, 2), 3, 2 });
    for (0..count) |index| {
        const block = blocks[index * Sha256.block_length ..][0..Sha256.block_length];
        const abef_before, const cdgh_before = .{ abef, cdgh };
        var words: [4]Words = undefined;
        inline for (0..16) |group| {
            const slot = group % 4;
            if (group < 4) {
                words[slot] = @byteSwap(@as(Words, @bitCast(block[16 * group ..][0..16].*)));
            } else {
                const last = words[(group + 3) % 4];
                const seventh = @shuffle(u32, words[(group + 2) % 4], last, [4]i32{ 1, 2, 3, ~@as(i32, 0) });
                words[slot] = schedule2(schedule1(words[slot], words[(group + 1) % 4]) +% seventh, last);
            }
            const sums = words[slot] +% @as(Words, Sha256.constants[4 * group ..][0..4].*);
            cdgh = twoRounds(cdgh, abef, sums);
            abef = twoRounds(abef, cdgh, @shuffle(u32, sums, undefined, [4]i32{ 2, 3, 2, 3 }));
        }
        abef +%= abef_before;
        cdgh +%= cdgh_before;
    }
    state[0..4].* = @shuffle(u32, abef, cdgh, [4]i32{ 3, 2, ~@as(i32, 3), ~@as(i32, 2) });
    state[4..8].* = @shuffle(u32, abef, cdgh, [4]i32{ 1, 0, ~@as(i32, 1), ~@as(i32, 0) });
}

inline fn twoRounds(older: Words, newer: Words, sums: Words) Words {
    return asm ("sha256rnds2 %[newer], %[result]"
        : [result] "=x" (-> Words),
        : [older] "0" (older),
          [newer] "x" (newer),
          [sums] "{xmm0}" (sums),
    );
}

inline fn schedule1(first: Words, second: Words) Words {
    return asm ("sha256msg1 %[second], %[result]"
        : [result] "=x" (-> Words),
        : [first] "0" (first),
          [second] "x" (second),
    );
}

inline fn schedule2(partial: Words, last: Words) Words {
    return asm ("sha256msg2 %[last], %[result]"
        : [result] "=x" (-> Words),
        : [partial] "0" (partial),
          [last] "x" (last),
    );
}

test "the extensions compress like the portable rounds" {
    if (!cpu.hasSha()) return error.SkipZigTest;
    var prng: std.Random.DefaultPrng = .init(7);
    var blocks: [5 * Sha256.block_length]u8 = undefined;
    for (0..100) |_| {
        prng.random().bytes(&blocks);
        for (0..6) |count| {
            var fast = sha2.initial_256;
            var plain = sha2.initial_256;
            compress(&fast, &blocks, count);
            Sha256.compress(&plain, &blocks, count);
            try std.testing.expectEqual(plain, fast);
        }
    }
}
