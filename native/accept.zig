//! Proactive negotiation by q-value lists: Accept (RFC 9110 12.5.1) and Accept-Encoding (12.5.3).
const std = @import("std");
const ascii = @import("ascii.zig");
const Names = @import("names.zig").Names;

pub const none_acceptable = -1;
pub const malformed = -2;

const Malformed = error{Malformed};

/// The offset behind a parameter value that begins at `start`: a token or a quoted-string (RFC 9110 5.6.4).
fn valueEnd(input: []const u8, start: usize) Malformed!usize {
    if (start == input.len or input[start] != '"') {
        const end = ascii.tokenEnd(input, start);
        return if (end == start) error.Malformed else end;
    }
    var at = start + 1;
    while (at < input.len) : (at += 1) switch (input[at]) {
        '"' => return at + 1,
        '\\' => {
            at += 1;
            if (at == input.len or isControl(input[at])) return error.Malformed;
        },
        else => |byte| if (isControl(byte)) return error.Malformed,
    };
    return error.Malformed;
}

fn isControl(byte: u8) bool {
    return (byte < ' ' and byte != '\t') or byte == 0x7f;
}

/// A qvalue (RFC 9110 12.4.2) in thousandths.
fn quality(text: []const u8) Malformed!i32 {
    if (text.len == 0 or text.len > 5 or (text[0] != '0' and text[0] != '1')) return error.Malformed;
    var thousandths: i32 = @as(i32, text[0] - '0') * 1000;
    if (text.len == 1) return thousandths;
    if (text[1] != '.') return error.Malformed;
    var weight: i32 = 100;
    for (text[2..]) |byte| {
        if (!ascii.isDigit(byte)) return error.Malformed;
        thousandths += weight * (byte - '0');
        weight = @divTrunc(weight, 10);
    }
    return if (thousandths > 1000) error.Malformed else thousandths;
}

const Tail = struct { end: usize, quality: i32, has_parameters: bool };

/// Reads parameters and weight up to the comma or the end of the input. What follows the weight (accept-ext of
/// RFC 7231) is checked and ignored.
fn tail(input: []const u8, start: usize) Malformed!Tail {
    var result: Tail = .{ .end = start, .quality = 1000, .has_parameters = false };
    var weighed = false;
    var at = start;
    while (true) {
        at = ascii.skipBlanks(input, at);
        if (at == input.len or input[at] == ',') {
            result.end = at;
            return result;
        }
        if (input[at] != ';') return error.Malformed;
        at = ascii.skipBlanks(input, at + 1);
        const name = at;
        at = ascii.tokenEnd(input, at);
        if (at == name) continue;
        if (at == input.len or input[at] != '=') return error.Malformed;
        const from = at + 1;
        const is_weight = at - name == 1 and (input[name] | 0x20) == 'q';
        at = try valueEnd(input, from);
        if (weighed) continue;
        if (is_weight) {
            result.quality = try quality(input[from..at]);
            weighed = true;
        } else result.has_parameters = true;
    }
}

/// The index of the best of the offered media types (lower case, without parameters), by quality, then by how
/// specifically the client named it, then by the client's order, then by the server's.
/// `scratch` holds three numbers per name: specificity, quality, position.
pub fn selectType(input: []const u8, names: Names, scratch: [*]i32) i32 {
    return selectTypeOrFail(input, names, scratch) catch malformed;
}

fn selectTypeOrFail(input: []const u8, names: Names, scratch: [*]i32) Malformed!i32 {
    const count = names.entries.len;
    for (0..count) |index| scratch[3 * index] = -1;
    var is_empty = true;
    var at: usize = 0;
    while (true) {
        at = ascii.skipBlanks(input, at);
        if (at == input.len) break;
        if (input[at] == ',') {
            at += 1;
            continue;
        }
        const start = at;
        const slash = ascii.tokenEnd(input, at);
        if (slash == start or slash == input.len or input[slash] != '/') return error.Malformed;
        const end = ascii.tokenEnd(input, slash + 1);
        if (end == slash + 1) return error.Malformed;
        const rest = try tail(input, end);
        at = rest.end;
        is_empty = false;
        if (rest.has_parameters) continue;
        const any_subtype = end == slash + 2 and input[slash + 1] == '*';
        const any = any_subtype and slash == start + 1 and input[start] == '*';
        for (0..count) |index| {
            const specificity: i32 = if (any) 0 else if (any_subtype)
                (if (beginsWith(names.text(index), input[start .. slash + 1])) 1 else continue)
            else
                (if (std.ascii.eqlIgnoreCase(names.text(index), input[start..end])) 2 else continue);
            const slot = scratch[3 * index ..][0..3];
            if (specificity > slot[0]) slot.* = .{ specificity, rest.quality, @intCast(start) };
        }
    }
    if (is_empty) return 0;
    return best(count, scratch);
}

fn beginsWith(text: []const u8, start: []const u8) bool {
    return text.len > start.len and std.ascii.eqlIgnoreCase(text[0..start.len], start);
}

fn best(count: usize, scratch: [*]const i32) i32 {
    var winner: i32 = none_acceptable;
    var leader: [3]i32 = .{ -1, 0, 0 };
    for (0..count) |index| {
        const slot = scratch[3 * index ..][0..3].*;
        if (slot[0] < 0 or slot[1] == 0) continue;
        const is_better = if (slot[1] != leader[1]) slot[1] > leader[1] else if (slot[0] != leader[0]) slot[0] > leader[0] else slot[2] < leader[2];
        if (!is_better) continue;
        winner = @intCast(index);
        leader = slot;
    }
    return winner;
}

/// The index of the best of the supported codings (lower case), by quality, then by the server's order; the number of
/// codings when the answer should go out as it is (identity). `scratch` holds one number per name.
pub fn selectEncoding(input: []const u8, names: Names, scratch: [*]i32) i32 {
    return selectEncodingOrFail(input, names, scratch) catch malformed;
}

fn selectEncodingOrFail(input: []const u8, names: Names, scratch: [*]i32) Malformed!i32 {
    const count = names.entries.len;
    for (0..count) |index| scratch[index] = -1;
    var star: i32 = -1;
    var identity: i32 = -1;
    var at: usize = 0;
    while (true) {
        at = ascii.skipBlanks(input, at);
        if (at == input.len) break;
        if (input[at] == ',') {
            at += 1;
            continue;
        }
        const start = at;
        const end = ascii.tokenEnd(input, at);
        if (end == start) return error.Malformed;
        const rest = try tail(input, end);
        if (rest.has_parameters) return error.Malformed;
        at = rest.end;
        const coding = input[start..end];
        if (coding.len == 1 and coding[0] == '*') {
            if (star < 0) star = rest.quality;
            continue;
        }
        for (0..count) |index| {
            if (!std.ascii.eqlIgnoreCase(names.text(index), coding)) continue;
            if (scratch[index] < 0) scratch[index] = rest.quality;
            break;
        } else if (identity < 0 and std.ascii.eqlIgnoreCase("identity", coding)) identity = rest.quality;
    }
    if (identity < 0) identity = star;
    var winner: i32 = if (identity == 0) none_acceptable else @intCast(count);
    var leader: i32 = @max(identity, 1) - 1;
    for (0..count) |index| {
        const weight = if (scratch[index] < 0) star else scratch[index];
        if (weight <= leader) continue;
        winner = @intCast(index);
        leader = weight;
    }
    return winner;
}

fn testSelect(select: anytype, offered: []const u8, header: []const u8) !i32 {
    const names_of = @import("names.zig");
    var memory: [512]u8 align(8) = undefined;
    _ = names_of.compile(offered, &memory);
    var padded: [256]u8 = @splat(',');
    @memcpy(padded[0..header.len], header);
    var scratch: [32]i32 = undefined;
    return select(padded[0..header.len], Names.open(&memory), &scratch);
}

test "the media type is chosen by quality, specificity, the client's order and the server's" {
    for ([_]struct { []const u8, i32 }{
        .{ "", 0 },
        .{ "*/*", 0 },
        .{ "text/html, */*;q=0.1", 1 },
        .{ "text/*;q=0.5, application/json;q=0.4", 1 },
        .{ "*/*, text/html", 1 },
        .{ "text/html;q=0, */*;q=0.3", 0 },
        .{ "image/png", none_acceptable },
        .{ "TEXT/HTML ; Q=1.000 , , application/json", 1 },
        .{ "text/html;level=\"1,2\"", none_acceptable },
        .{ "text", malformed },
        .{ "text/html;q=2", malformed },
        .{ "text/html;q=0.1234", malformed },
        .{ "text/html;a=\"", malformed },
    }) |case| try std.testing.expectEqual(case[1], try testSelect(selectType, "application/json\ntext/html", case[0]));
}

test "the coding is chosen by quality and the server's order, identity last" {
    for ([_]struct { []const u8, i32 }{
        .{ "", 3 },
        .{ "gzip, deflate, br, zstd", 0 },
        .{ "gzip;q=1.0, br;q=0.9", 2 },
        .{ "deflate", 3 },
        .{ "*", 0 },
        .{ "*;q=0", none_acceptable },
        .{ "identity;q=0, br", 1 },
        .{ "identity, gzip;q=0.5", 3 },
        .{ "zstd;q=0, *", 1 },
        .{ "gzip;level=9", malformed },
    }) |case| try std.testing.expectEqual(case[1], try testSelect(selectEncoding, "zstd\nbr\ngzip", case[0]));
}
