//! Opens a library as a program without libc does, and reads a Cookie header with it.
const std = @import("std");

pub fn main(init: std.process.Init) !void {
    const arguments = try init.minimal.args.toSlice(init.arena.allocator());
    var library = try std.DynLib.open(arguments[1]);
    const Compile = *const fn ([*]const u8, u32, [*]align(8) u8, u32) callconv(.c) i32;
    const Find = *const fn ([*]const u8, u32, [*]align(8) const u8, [*]i32) callconv(.c) i32;
    const version = library.lookup(*const fn () callconv(.c) u32, "abi_version") orelse return error.NoVersion;
    const compile = library.lookup(Compile, "names_compile") orelse return error.NoCompile;
    const find = library.lookup(Find, "cookie_find") orelse return error.NoFind;

    const names = "session=";
    var table: [256]u8 align(8) = undefined;
    if (compile(names, names.len, &table, table.len) != 1) return error.NotCompiled;
    const header = "theme=dark; session=abc; lang=en";
    var input: [header.len + 64]u8 = @splat(0);
    @memcpy(input[0..header.len], header);
    var spans: [2]i32 = undefined;
    const found = find(&input, header.len, &table, &spans);
    std.debug.print("abi {d}, found {d}: {s}\n", .{ version(), found, input[@intCast(spans[0])..@intCast(spans[1])] });
}
