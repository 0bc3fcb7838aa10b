//! Mutates inputs of every parser and holds the results against invariants and against a plain reading of the same
//! grammar, one byte at a time. Built in a safe mode, so that an index out of bounds or an overflow stops it.
//!   zig build fuzz -- --runs N [--seed S] [--only headers|tokens]
const std = @import("std");
const accept = @import("accept.zig");
const ascii = @import("ascii.zig");
const authorization = @import("authorization.zig");
const cookies = @import("cookies.zig");
const fuzz_jwt = @import("fuzz_jwt.zig");
const names_of = @import("names.zig");
const Names = names_of.Names;

const longest = 512;

const seeds = [_][]const u8{
    "a=1; b=2; session=7c9e6679f0b24d71",
    "a=\"x y\"; a=%20; =; ;; \t session=",
    "xa=a=1;session_identifier_that_is_longer_than_32=2; a=3",
    "Bearer eyJhbGciOiJIUzI1NiJ9.e30.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa==",
    "Digest realm=\"a\\\"b\", nc=1",
    "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8;v=b3",
    "text/html;level=\"1,2\";q=1.000, , application/json",
    "gzip;q=1.0, identity;q=0.5, *;q=0, br",
};

const pieces = [_][]const u8{ "a=", "session=", "; ", ";", "=", "\"", "\\", "%", ",", ";q=0.5", "*/*", "gzip", "Bearer ", "\x00", "\x7f", "\xff", " ", "\t" };

const cookie_lists = [_][]const u8{
    "a=",
    "session=\na=",
    "a=\nb=\nsession=",
    "a=\nb=\nsession=\nsession_identifier_that_is_longer_than_32=",
    "c=\nb=\na=\nsession=",
};

const accept_lists = [_][]const u8{
    "application/json\ntext/html",
    "text/html",
    "zstd\nbr\ngzip",
    "identity\ngzip",
};

const Input = struct {
    bytes: [longest + names_of.padding]u8 = @splat(0),
    length: usize = 0,

    fn slice(self: *const Input) []const u8 {
        return self.bytes[0..self.length];
    }

    fn insert(self: *Input, at: usize, text: []const u8) void {
        const room = @min(text.len, longest - self.length);
        std.mem.copyBackwards(u8, self.bytes[at + room .. self.length + room], self.bytes[at..self.length]);
        @memcpy(self.bytes[at..][0..room], text[0..room]);
        self.length += room;
    }

    fn remove(self: *Input, at: usize, count: usize) void {
        std.mem.copyForwards(u8, self.bytes[at .. self.length - count], self.bytes[at + count .. self.length]);
        self.length -= count;
    }

    fn mutate(self: *Input, random: std.Random) void {
        const at = random.uintAtMost(usize, self.length);
        switch (random.uintLessThan(u8, 6)) {
            0 => self.insert(at, pieces[random.uintLessThan(usize, pieces.len)]),
            1 => self.insert(at, seeds[random.uintLessThan(usize, seeds.len)]),
            2 => self.insert(at, &.{random.int(u8)}),
            3 => if (at < self.length) {
                self.bytes[at] = random.int(u8);
            },
            4 => self.remove(at, random.uintAtMost(usize, @min(self.length - at, 40))),
            else => self.length = at,
        }
    }

    /// What lies behind the end must not matter: it differs at each run.
    fn dirty(self: *Input, random: std.Random) void {
        const tail = self.bytes[self.length..];
        const piece = pieces[random.uintLessThan(usize, pieces.len)];
        for (tail, 0..) |*byte, index| byte.* = piece[index % piece.len];
    }
};

fn expect(holds: bool, what: []const u8, input: []const u8) void {
    if (!holds) std.debug.panic("{s}\n  input: \"{f}\"\n", .{ what, std.ascii.hexEscape(input, .lower) });
}

/// The cookies by splitting at semicolons, as RFC 6265 5.4 reads.
fn plainCookies(input: []const u8, names: Names, out: []i32) void {
    for (0..names.entries.len) |index| {
        out[2 * index] = -1;
        var at: usize = 0;
        var pairs = std.mem.splitScalar(u8, input, ';');
        while (pairs.next()) |whole| : (at += whole.len + 1) {
            const pair = std.mem.trimStart(u8, whole, " \t");
            if (!std.mem.startsWith(u8, pair, names.text(index))) continue;
            var value = std.mem.trim(u8, pair[names.text(index).len..], " \t");
            if (value.len >= 2 and value[0] == '"' and value[value.len - 1] == '"') value = value[1 .. value.len - 1];
            const start: i32 = @intCast(value.ptr - input.ptr);
            const percent = std.mem.indexOfScalar(u8, value, '%') != null;
            out[2 * index] = start;
            out[2 * index + 1] = (start + @as(i32, @intCast(value.len))) | (if (percent) cookies.encoded else 0);
            break;
        }
    }
}

fn fuzzCookieFind(input: []const u8, names: Names) void {
    var found: [16]i32 = @splat(0);
    var plain: [16]i32 = @splat(0);
    const count = cookies.find(input, names, &found);
    plainCookies(input, names, &plain);
    var present: i32 = 0;
    for (0..names.entries.len) |index| {
        expect(found[2 * index] == plain[2 * index], "another start of a cookie than by splitting", input);
        if (found[2 * index] < 0) continue;
        present += 1;
        expect(found[2 * index + 1] == plain[2 * index + 1], "another end of a cookie than by splitting", input);
        const end = found[2 * index + 1] & ~cookies.encoded;
        expect(found[2 * index] <= end and end <= input.len, "a cookie outside of the header", input);
    }
    expect(count == present, "another count than cookies", input);
}

fn isCookieOctet(byte: u8) bool {
    return switch (byte) {
        0x21, 0x23...0x2b, 0x2d...0x3a, 0x3c...0x5b, 0x5d...0x7e => true,
        else => false,
    };
}

fn isPlainCookieString(input: []const u8) bool {
    var pairs = std.mem.splitSequence(u8, input, "; ");
    while (pairs.next()) |pair| {
        const equals = std.mem.indexOfScalar(u8, pair, '=') orelse return false;
        if (equals == 0 or ascii.tokenEnd(pair[0..equals], 0) != equals) return false;
        var value = pair[equals + 1 ..];
        if (value.len >= 2 and value[0] == '"' and value[value.len - 1] == '"') value = value[1 .. value.len - 1];
        for (value) |byte| if (!isCookieOctet(byte)) return false;
    }
    return true;
}

fn fuzzCookieCheck(input: []const u8, scratch: *Input) void {
    var out: [1]i32 = .{-1};
    const status = cookies.check(input, &out);
    expect((status == 0) == isPlainCookieString(input), "another opinion of the grammar of cookies", input);
    if (status == 0) return;
    expect(out[0] >= 0 and out[0] <= input.len, "a fault outside of the header", input);
    // The bytes before a fault decide it: with other bytes behind it, it is the same.
    scratch.* = .{};
    scratch.insert(0, input[0..@min(input.len, @as(usize, @intCast(out[0])) + 1)]);
    var again: [1]i32 = .{-1};
    expect(cookies.check(scratch.slice(), &again) == status and again[0] == out[0], "a fault that depends on what follows", input);
}

fn fuzzAuthorization(input: []const u8) void {
    var out: [3]i32 = @splat(-1);
    const status = authorization.split(input, &out);
    if (status < 0) return expect(out[0] >= 0 and out[0] <= input.len, "a fault outside of the header", input);
    expect(0 < out[0] and out[0] <= out[1] and out[1] <= out[2] and out[2] <= input.len, "offsets out of order", input);
    const scheme, const rest = .{ input[0..@intCast(out[0])], input[@intCast(out[1])..@intCast(out[2])] };
    expect(ascii.tokenEnd(scheme, 0) == scheme.len, "a scheme that is no token", input);
    expect((status == authorization.bare) == (rest.len == 0), "credentials with nothing in them", input);
    const unpadded = std.mem.trimEnd(u8, rest, "=");
    const plain = unpadded.len > 0 and for (unpadded) |byte| {
        if (!ascii.isToken68(byte)) break false;
    } else true;
    if (rest.len > 0) expect((status == authorization.token68) == plain, "another opinion of token68", input);
}

fn fuzzAccept(input: []const u8, names: Names, scratch: *Input) void {
    const count: i32 = @intCast(names.entries.len);
    var out: [64]i32 = @splat(-1);
    const type_choice = accept.selectType(input, names, &out);
    expect(type_choice >= accept.malformed and type_choice < count, "a type that was not offered", input);
    const coding_choice = accept.selectEncoding(input, names, &out);
    expect(coding_choice >= accept.malformed and coding_choice <= count, "a coding that is not supported", input);
    if (input.len + 3 > longest) return;
    // Empty list elements mean nothing (RFC 9110 5.6.1.2), and neither does case.
    scratch.* = .{};
    scratch.insert(0, input);
    scratch.insert(0, ", ");
    if (type_choice != accept.malformed) scratch.insert(scratch.length, ",");
    expect(accept.selectType(scratch.slice(), names, &out) == type_choice, "empty elements change the type", input);
    for (scratch.bytes[0..scratch.length]) |*byte| byte.* = std.ascii.toUpper(byte.*);
    expect(accept.selectType(scratch.slice(), names, &out) == type_choice, "case changes the type", input);
    if (coding_choice == accept.malformed) return;
    scratch.insert(scratch.length, ",");
    expect(accept.selectEncoding(scratch.slice(), names, &out) == coding_choice, "empty elements or case change the coding", input);
}

/// The library reads through what the table says, so a table is all that must be right.
fn fuzzNames(list: []const u8, memory: []align(8) u8) void {
    const expected = std.mem.countScalar(u8, list, '\n') + 1;
    const count = names_of.compile(list, memory) orelse {
        const has_empty = list.len == 0 or list[0] == '\n' or list[list.len - 1] == '\n' or
            std.mem.indexOf(u8, list, "\n\n") != null;
        return expect(has_empty or memory.len < names_of.size(list), "a good list refused", list);
    };
    expect(count == expected, "another number of names", list);
    const names = Names.open(memory.ptr);
    var at: usize = 0;
    for (0..count) |index| {
        const name = names.text(index);
        expect(std.mem.eql(u8, list[at..][0..name.len], name), "another name than in the list", list);
        expect(names.mayBegin(name[0]), "a name that the filter drops", list);
        at += name.len + 1;
    }
}

fn compileAll(comptime lists: []const []const u8, memory: *align(8) [5][1024]u8) [lists.len]Names {
    var all: [lists.len]Names = undefined;
    inline for (lists, &all, 0..) |list, *names, index| {
        const room: []align(8) u8 = @alignCast(&memory[index]);
        _ = names_of.compile(list, room).?;
        names.* = .open(room.ptr);
    }
    return all;
}

pub fn main(init: std.process.Init) !void {
    var runs: u64 = 100_000;
    var seed: u64 = 1;
    var only: enum { all, headers, tokens } = .all;
    const arguments = try init.minimal.args.toSlice(init.arena.allocator());
    var at: usize = 1;
    while (at + 1 < arguments.len) : (at += 2) {
        const option, const text = .{ arguments[at], arguments[at + 1] };
        if (std.mem.eql(u8, option, "--only")) {
            only = std.meta.stringToEnum(@TypeOf(only), text) orelse return error.UnknownTarget;
            continue;
        }
        const value = try std.fmt.parseInt(u64, text, 10);
        if (std.mem.eql(u8, option, "--runs")) runs = value else if (std.mem.eql(u8, option, "--seed")) seed = value else return error.UnknownOption;
    }
    if (at != arguments.len) return error.OptionWithoutValue;

    std.debug.print("fuzz: seed {d}, {d} runs\n", .{ seed, runs });
    var prng: std.Random.DefaultPrng = .init(seed);
    if (only != .tokens) fuzzHeaders(prng.random(), runs);
    if (only != .headers) {
        try fuzz_jwt.run(prng.random(), runs);
        std.debug.print("fuzz: {d} tokens, every one as by plain reading\n", .{runs});
    }
}

fn fuzzHeaders(random: std.Random, runs: u64) void {
    var memory: [2][5][1024]u8 align(8) = undefined;
    const cookie_names = compileAll(&cookie_lists, &memory[0]);
    const accept_names = compileAll(&accept_lists, &memory[1]);
    var input: Input = .{};
    var scratch: Input = .{};
    var table: [8192]u8 align(8) = undefined;
    for (0..runs) |run| {
        if (run % 16 == 0) {
            input = .{};
            input.insert(0, seeds[random.uintLessThan(usize, seeds.len)]);
        }
        for (0..random.intRangeAtMost(usize, 1, 4)) |_| input.mutate(random);
        input.dirty(random);
        const text = input.slice();
        for (cookie_names) |names| fuzzCookieFind(text, names);
        for (accept_names) |names| fuzzAccept(text, names, &scratch);
        fuzzCookieCheck(text, &scratch);
        fuzzAuthorization(text);
        fuzzNames(text, table[0 .. 8 * random.uintAtMost(usize, table.len / 8)]);
    }
    std.debug.print("fuzz: {d} runs over 6 parsers, every invariant held\n", .{runs});
}
