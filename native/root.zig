//! The C ABI of the library and nothing else. Every function takes numbers, pointers and lengths and returns a number;
//! nothing is kept, nothing is allocated, so threads share the library without a lock.
//! An input must be followed by `names.padding` readable bytes; tables are 8-byte aligned.
const builtin = @import("builtin");
const buckets = @import("buckets.zig");
const cpu = @import("cpu.zig");
const names = @import("names.zig");

/// Raised with every change of a signature or a result. `src/native/library.ts` refuses any other.
const abi = 1;

export fn abi_version() u32 {
    return abi;
}

/// 1 baseline, 2 x86-64-v3.
export fn cpu_level() u32 {
    return @intFromEnum(cpu.level());
}

/// Compiles line-feed separated names into `table`; returns their number, or -1 when there is an empty one or too little room.
export fn names_compile(list: [*]const u8, length: u32, table: [*]align(8) u8, capacity: u32) i32 {
    return @intCast(names.compile(list[0..length], table[0..capacity]) orelse return -1);
}

const Table = [*]align(8) const u8;

fn Scan(comptime name: []const u8) type {
    return Levels(name, fn ([*]const u8, u32, [*]i32) callconv(.c) i32);
}

fn Search(comptime name: []const u8) type {
    return Levels(name, fn ([*]const u8, u32, Table, [*]i32) callconv(.c) i32);
}

/// The same function of each object that the build linked.
fn Levels(comptime name: []const u8, comptime Function: type) type {
    return struct {
        const baseline = @extern(*const Function, .{ .name = name ++ "_baseline" });
        const v3 = @extern(*const Function, .{ .name = name ++ "_v3" });

        inline fn call(arguments: anytype) i32 {
            if (comptime builtin.cpu.arch == .x86_64) {
                if (cpu.level() == .v3) return @call(.auto, v3, arguments);
            }
            return @call(.auto, baseline, arguments);
        }
    };
}

/// See `cookies.find`: two numbers per name in `out`.
export fn cookie_find(input: [*]const u8, length: u32, table: Table, out: [*]i32) i32 {
    return Search("cookie_find").call(.{ input, length, table, out });
}

/// See `cookies.check`: one number in `out`.
export fn cookie_check(input: [*]const u8, length: u32, out: [*]i32) i32 {
    return Scan("cookie_check").call(.{ input, length, out });
}

/// See `authorization.split`: three numbers in `out`.
export fn authorization_split(input: [*]const u8, length: u32, out: [*]i32) i32 {
    return Scan("authorization_split").call(.{ input, length, out });
}

/// See `accept.selectType`: three numbers per name in `out`.
export fn accept_type(input: [*]const u8, length: u32, table: Table, out: [*]i32) i32 {
    return Search("accept_type").call(.{ input, length, table, out });
}

/// See `accept.selectEncoding`: one number per name in `out`.
export fn accept_encoding(input: [*]const u8, length: u32, table: Table, out: [*]i32) i32 {
    return Search("accept_encoding").call(.{ input, length, table, out });
}

const Compile = Levels("hmac_compile", fn ([*]const u8, u32, bool, [*]align(8) u8, u32) callconv(.c) i32);
const VerifyJwt = Levels("jwt_verify", fn ([*]const u8, u32, Table, [*]u8, f64, f64) callconv(.c) i32);
const VerifyJws = Levels("jws_verify", fn ([*]const u8, u32, Table, [*]u8) callconv(.c) i32);

/// See `verifier.compile`: returns the bytes of `table` that are in use, or -1.
export fn hmac_compile(description: [*]const u8, length: u32, table: [*]align(8) u8, capacity: u32) i32 {
    return Compile.call(.{ description, length, cpu.hasSha(), table, capacity });
}

/// See `jwt.verify`: `decoded` has `jose.room` bytes.
export fn jwt_verify(input: [*]const u8, length: u32, table: Table, decoded: [*]u8, expires_after: f64, begins_by: f64) i32 {
    return VerifyJwt.call(.{ input, length, table, decoded, expires_after, begins_by });
}

/// See `jwt.verifyJws`: `decoded` has `jose.room` bytes.
export fn jws_verify(input: [*]const u8, length: u32, table: Table, decoded: [*]u8) i32 {
    return VerifyJws.call(.{ input, length, table, decoded });
}

/// See `buckets.take`. Numbers of steps are whole; `table` is memory of the caller's that other processes may have as well.
export fn bucket_take(key: [*]const u8, length: u32, table: [*]u64, at: f64, interval: f64, burst: f64) f64 {
    const rate: buckets.Rate = .{ .interval = @intFromFloat(interval), .burst = @intFromFloat(burst) };
    return @floatFromInt(buckets.take(key[0..length], table, @intFromFloat(at), rate));
}
