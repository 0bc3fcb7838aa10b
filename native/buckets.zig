//! Counts requests in a table of buckets that several processes may share, by the generic cell rate algorithm (ITU-T I.371,
//! annex A, virtual scheduling). src/native/buckets-script.ts is the same in TypeScript and says why it is exact; both work on one table.
const std = @import("std");

/// Words: what `header` of src/native/buckets-script.ts says. The seed of the hash is the second one.
const header = 8;
const seed = 1;
const capacity = 65_536;
/// A key lives in one of eight places beside each other: one cache line.
const group = 8;
const groups = capacity / group;

/// A bucket is one word: 20 bits of its key's hash above 44 of the moment, in steps of time, at which its burst is back.
const moment_bits = 44;
const moment_mask = (1 << moment_bits) - 1;

pub const Rate = struct {
    /// Steps that a request takes.
    interval: u64,
    /// Steps that may be taken ahead.
    burst: u64,
};

/// Counts a request of `key` at the step `at`: the steps that it is ahead if it passed, else, below zero, those that it was.
pub fn take(key: []const u8, table: [*]u64, at: u64, rate: Rate) i64 {
    const hash = std.hash.Wyhash.hash(table[seed], key);
    const first = header + (hash % groups) * group;
    const print = @max(1, hash >> moment_bits);
    while (true) {
        const place, const seen = find(table, first, print);
        const moment = if (seen >> moment_bits == print) seen & moment_mask else 0;
        const owed = moment -| at;
        const ahead = @min(owed, rate.burst);
        const passed = ahead + rate.interval <= rate.burst;
        // A moment beyond the burst was written before the clock was set back: it is brought in, so that nobody waits for longer.
        if (!passed and owed <= rate.burst) return -signed(ahead);
        const next = if (passed) ahead + rate.interval else ahead;
        const written = (print << moment_bits) | ((at + next) & moment_mask);
        if (@cmpxchgStrong(u64, &table[place], seen, written, .acq_rel, .monotonic) == null)
            return if (passed) signed(next) else -signed(next);
    }
}

fn signed(steps: u64) i64 {
    return @intCast(steps);
}

/// The place of a key and its word: where its print stands, else the bucket of its group that is fullest.
fn find(table: [*]const u64, first: u64, print: u64) struct { u64, u64 } {
    var place = first;
    var word: u64 = std.math.maxInt(u64);
    for (first..first + group) |at| {
        const seen = @atomicLoad(u64, &table[at], .monotonic);
        if (seen >> moment_bits == print) return .{ at, seen };
        if (at != first and (seen & moment_mask) >= (word & moment_mask)) continue;
        place = at;
        word = seen;
    }
    return .{ place, word };
}

const testing = std.testing;
const four: Rate = .{ .interval = 10, .burst = 40 };

test "a burst passes, then one for each interval" {
    var table: [header + capacity]u64 = @splat(0);
    for ([_]i64{ 10, 20, 30, 40, -40, -40 }) |ahead| try testing.expectEqual(ahead, take("a", &table, 1000, four));
    try testing.expectEqual(-31, take("a", &table, 1009, four));
    try testing.expectEqual(40, take("a", &table, 1010, four));
    try testing.expectEqual(10, take("b", &table, 1010, four));
    try testing.expectEqual(10, take("a", &table, 2000, four));
}

test "a clock that is set back makes nobody wait for longer than a burst" {
    var table: [header + capacity]u64 = @splat(0);
    for (0..4) |_| _ = take("a", &table, 100_000, four);
    try testing.expectEqual(-40, take("a", &table, 1000, four));
    try testing.expectEqual(40, take("a", &table, 1010, four));
}

test "a new key takes the place of the bucket that is fullest" {
    var table: [header + capacity]u64 = @splat(0);
    const first = header + (std.hash.Wyhash.hash(0, "a") % groups) * group;
    for (0..group) |at| table[first + at] = ((at + 2) << moment_bits) | (5000 - at);
    try testing.expectEqual(10, take("a", &table, 1000, four));
    try testing.expectEqual(1010, table[first + group - 1] & moment_mask);
    try testing.expectEqual(20, take("a", &table, 1000, four));
}

fn hammer(table: [*]u64, passed: *std.atomic.Value(u32)) void {
    for (0..10_000) |_| {
        if (take("a", table, 1000, .{ .interval = 1, .burst = 5000 }) > 0) _ = passed.fetchAdd(1, .monotonic);
    }
}

test "threads count exactly" {
    var table: [header + capacity]u64 = @splat(0);
    var passed: std.atomic.Value(u32) = .init(0);
    var threads: [4]std.Thread = undefined;
    for (&threads) |*thread| thread.* = try std.Thread.spawn(.{}, hammer, .{ &table, &passed });
    for (threads) |thread| thread.join();
    try testing.expectEqual(5000, passed.load(.monotonic));
}
