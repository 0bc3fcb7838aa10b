//! Blocks of bytes compared at once. A comparison becomes a bit mask with bit `i` for byte `i`.
const std = @import("std");
const builtin = @import("builtin");

/// 32 with AVX2, else 16 (SSE2 and NEON).
pub const lanes = if (builtin.cpu.arch == .x86_64 and std.Target.x86.featureSetHas(builtin.cpu.features, .avx2)) 32 else 16;

pub const Block = @Vector(lanes, u8);
pub const Mask = std.meta.Int(.unsigned, lanes);

/// Reads a whole block, also past the end of the input: see `names.padding`.
pub inline fn load(bytes: [*]const u8) Block {
    return bytes[0..lanes].*;
}

pub inline fn mask(comparison: @Vector(lanes, bool)) Mask {
    return @bitCast(comparison);
}

pub inline fn equal(block: Block, byte: u8) Mask {
    return mask(block == @as(Block, @splat(byte)));
}

/// The bytes from `low` up to and including `high`.
pub inline fn within(block: Block, low: u8, high: u8) Mask {
    return mask((block -% @as(Block, @splat(low))) <= @as(Block, @splat(high - low)));
}

/// Bits of the bytes before `remaining`, the rest of the block lying behind the end of the input.
pub inline fn before(remaining: usize) Mask {
    if (remaining >= lanes) return ~@as(Mask, 0);
    return (@as(Mask, 1) << @intCast(remaining)) - 1;
}

/// The first position from `start` on whose byte `class` marks, or `end`.
pub inline fn find(input: [*]const u8, start: usize, end: usize, comptime class: fn (Block) callconv(.@"inline") Mask) usize {
    var at = start;
    while (at < end) : (at += lanes) {
        const marked = class(load(input + at)) & before(end - at);
        if (marked != 0) return at + @ctz(marked);
    }
    return end;
}

inline fn isPercent(block: Block) Mask {
    return equal(block, '%');
}

test "the first marked byte is found in every lane and never behind the end" {
    var input: [160]u8 = @splat('a');
    for (0..96) |at| {
        input[at] = '%';
        for (0..97) |end| {
            const expected = if (at < end) at else end;
            try std.testing.expectEqual(expected, find(&input, 0, end, isPercent));
        }
        input[at] = 'a';
    }
}

test "a range of bytes is marked with both its ends" {
    const block: Block = std.simd.iota(u8, lanes) +% @as(Block, @splat('0'));
    try std.testing.expectEqual(0b0011_1111_1110, within(block, '1', '9') & 0xfff);
}
