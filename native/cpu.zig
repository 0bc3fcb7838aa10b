//! What the processor can do, asked once per process: the library is compiled for the oldest processor of its
//! architecture, and the hot object a second time for `v3`.
const std = @import("std");
const builtin = @import("builtin");

pub const Level = enum(u8) { unknown, baseline, v3 };

var known: std.atomic.Value(Level) = .init(.unknown);

/// Threads that ask at the same time find the same answer, so the race is harmless.
pub inline fn level() Level {
    const seen = known.load(.monotonic);
    return if (seen != .unknown) seen else detect();
}

noinline fn detect() Level {
    const found: Level = if (comptime builtin.cpu.arch == .x86_64) (if (hasV3()) .v3 else .baseline) else .baseline;
    known.store(found, .monotonic);
    return found;
}

const Registers = struct { eax: u32, ebx: u32, ecx: u32, edx: u32 };

fn cpuid(leaf: u32, subleaf: u32) Registers {
    var eax: u32 = undefined;
    var ebx: u32 = undefined;
    var ecx: u32 = undefined;
    var edx: u32 = undefined;
    asm volatile ("cpuid"
        : [eax] "={eax}" (eax),
          [ebx] "={ebx}" (ebx),
          [ecx] "={ecx}" (ecx),
          [edx] "={edx}" (edx),
        : [leaf] "{eax}" (leaf),
          [subleaf] "{ecx}" (subleaf),
    );
    return .{ .eax = eax, .ebx = ebx, .ecx = ecx, .edx = edx };
}

/// Which register states the operating system saves: AVX is usable only when it keeps XMM and YMM.
fn savedStates() u32 {
    return asm volatile ("xgetbv"
        : [eax] "={eax}" (-> u32),
        : [index] "{ecx}" (@as(u32, 0)),
        : .{ .edx = true });
}

const basic: u32 = 1 << 0 | 1 << 9 | 1 << 12 | 1 << 13 | 1 << 19 | 1 << 20 | 1 << 22 | 1 << 23 | 1 << 27 | 1 << 28 | 1 << 29;
const extended: u32 = 1 << 3 | 1 << 5 | 1 << 8;
const long_mode: u32 = 1 << 0 | 1 << 5;

/// Every feature of x86-64-v3 (System V psABI 3.1.1): in leaf 1 SSE3, SSSE3, FMA, CMPXCHG16B, SSE4.1, SSE4.2, MOVBE,
/// POPCNT, OSXSAVE, AVX, F16C; in leaf 7 BMI1, AVX2, BMI2; in leaf 0x80000001 LAHF and LZCNT.
fn hasV3() bool {
    if (cpuid(0, 0).eax < 7 or cpuid(0x8000_0000, 0).eax < 0x8000_0001) return false;
    if (cpuid(1, 0).ecx & basic != basic) return false;
    if (cpuid(7, 0).ebx & extended != extended) return false;
    if (cpuid(0x8000_0001, 0).ecx & long_mode != long_mode) return false;
    return savedStates() & 0b110 == 0b110;
}

/// SHA-256 instructions (leaf 7, EBX bit 29). They work on XMM registers, which every 64-bit system saves.
pub fn hasSha() bool {
    if (comptime builtin.cpu.arch != .x86_64) return false;
    return cpuid(0, 0).eax >= 7 and cpuid(7, 0).ebx & (1 << 29) != 0;
}

test "the level is settled by the first question" {
    const first = level();
    try std.testing.expect(first != .unknown);
    try std.testing.expectEqual(first, level());
}
