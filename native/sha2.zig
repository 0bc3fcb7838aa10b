//! SHA-256 and SHA-512 (FIPS 180-4): the compression of whole blocks, so that a keyed state can be kept and continued.
const std = @import("std");

/// `Word` is u32 for SHA-256, u64 for SHA-384 and SHA-512.
pub fn Sha2(comptime Word: type) type {
    return struct {
        pub const State = [8]Word;
        pub const block_length = 16 * @sizeOf(Word);
        /// The message length at the end of the padding takes two words.
        pub const length_length = 2 * @sizeOf(Word);

        const rounds = if (Word == u32) 64 else 80;
        const Amount = std.math.Log2Int(Word);
        const Rotations = struct { a: [3]Amount, e: [3]Amount, early: [3]Amount, late: [3]Amount };
        const rotations: Rotations = if (Word == u32) .{
            .a = .{ 2, 13, 22 },
            .e = .{ 6, 11, 25 },
            .early = .{ 7, 18, 3 },
            .late = .{ 17, 19, 10 },
        } else .{
            .a = .{ 28, 34, 39 },
            .e = .{ 14, 18, 41 },
            .early = .{ 1, 8, 7 },
            .late = .{ 19, 61, 6 },
        };

        pub const constants: [rounds]Word = leadingBits(Word, 3, 0, rounds);

        pub fn compress(state: *State, blocks: [*]const u8, count: usize) void {
            for (0..count) |index| compressBlock(state, blocks[index * block_length ..][0..block_length]);
        }

        fn compressBlock(state: *State, block: *const [block_length]u8) void {
            var schedule: [16]Word = undefined;
            for (&schedule, 0..) |*word, index| word.* = std.mem.readInt(Word, block[index * @sizeOf(Word) ..][0..@sizeOf(Word)], .big);
            var v = state.*;
            // Sixteen rounds at a time: all of them unrolled are 10 to 14 KB of code and no faster.
            for (0..rounds / 16) |group| {
                inline for (0..16) |slot| {
                    if (group > 0) {
                        schedule[slot] +%= mix(schedule[(slot + 1) % 16], rotations.early) +% schedule[(slot + 9) % 16] +%
                            mix(schedule[(slot + 14) % 16], rotations.late);
                    }
                    const first = v[7] +% spread(v[4], rotations.e) +% (v[6] ^ (v[4] & (v[5] ^ v[6]))) +%
                        constants[16 * group + slot] +% schedule[slot];
                    const second = spread(v[0], rotations.a) +% ((v[0] & v[1]) | (v[2] & (v[0] | v[1])));
                    const next: State = .{ first +% second, v[0], v[1], v[2], v[3] +% first, v[4], v[5], v[6] };
                    v = next;
                }
            }
            for (state, v) |*word, addend| word.* +%= addend;
        }

        inline fn spread(x: Word, comptime by: [3]Amount) Word {
            return std.math.rotr(Word, x, by[0]) ^ std.math.rotr(Word, x, by[1]) ^ std.math.rotr(Word, x, by[2]);
        }

        inline fn mix(x: Word, comptime by: [3]Amount) Word {
            return std.math.rotr(Word, x, by[0]) ^ std.math.rotr(Word, x, by[1]) ^ (x >> by[2]);
        }
    };
}

/// Where each hash begins: square roots of the primes, of the 9th to the 16th for SHA-384 (FIPS 180-4 5.3).
pub const initial_256: [8]u32 = leadingBits(u32, 2, 0, 8);
pub const initial_384: [8]u64 = leadingBits(u64, 2, 8, 8);
pub const initial_512: [8]u64 = leadingBits(u64, 2, 0, 8);

/// The first bits of the fractional parts of the roots of consecutive primes: every constant of FIPS 180-4 is one of these.
fn leadingBits(comptime Word: type, comptime degree: comptime_int, comptime skipped: usize, comptime count: usize) [count]Word {
    @setEvalBranchQuota(1_000_000);
    comptime {
        var bits: [count]Word = undefined;
        var prime = 1;
        for (0..skipped + count) |index| {
            prime = nextPrime(prime);
            if (index < skipped) continue;
            bits[index - skipped] = @truncate(@as(u72, root(prime << (64 * degree), degree)) >> (64 - @bitSizeOf(Word)));
        }
        return bits;
    }
}

fn nextPrime(comptime after: comptime_int) comptime_int {
    var candidate = after + 1;
    search: while (true) : (candidate += 1) {
        var divisor = 2;
        while (divisor * divisor <= candidate) : (divisor += 1) if (candidate % divisor == 0) continue :search;
        return candidate;
    }
}

fn root(comptime of: comptime_int, comptime degree: comptime_int) comptime_int {
    var low = 0;
    var high = 1 << 70;
    while (high - low > 1) {
        const middle = (low + high) / 2;
        const power = if (degree == 2) middle * middle else middle * middle * middle;
        if (power <= of) low = middle else high = middle;
    }
    return low;
}

test "the constants are those that FIPS 180-4 lists first and last" {
    try std.testing.expectEqual(0x428a2f98, Sha2(u32).constants[0]);
    try std.testing.expectEqual(0xc67178f2, Sha2(u32).constants[63]);
    try std.testing.expectEqual(0x428a2f98d728ae22, Sha2(u64).constants[0]);
    try std.testing.expectEqual(0x6c44198c4a475817, Sha2(u64).constants[79]);
    try std.testing.expectEqual(0x5be0cd19, initial_256[7]);
    try std.testing.expectEqual(0xcbbb9d5dc1059ed8, initial_384[0]);
    try std.testing.expectEqual(0x5be0cd19137e2179, initial_512[7]);
}
