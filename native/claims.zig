//! The claims of RFC 7519 4.1 that decide whether a token is accepted.
const json = @import("json.zig");
const members = @import("members.zig");
const Fault = @import("jose.zig").Fault;
const Verifier = @import("verifier.zig").Verifier;

/// A token must expire after `expires_after` and begin by `begins_by`: now, with the leeway subtracted and added.
pub const Clock = struct { expires_after: f64, begins_by: f64 };

/// Every comparison says what must hold, so that a clock that is no number refuses the token.
pub fn check(text: []const u8, verifier: Verifier, clock: Clock) Fault!void {
    const claims = try read(text);
    if (try date(claims.exp, error.Exp)) |exp| {
        if (!(exp > clock.expires_after)) return error.Exp;
    } else if (verifier.header.requires_exp) return error.Exp;
    if (try date(claims.nbf, error.Nbf)) |nbf| if (!(nbf <= clock.begins_by)) return error.Nbf;
    _ = try date(claims.iat, error.Iat);
    const issuers = verifier.issuers();
    if (issuers.spans.len > 0 and !isOneOf(claims.iss, issuers)) return error.Iss;
    const audiences = verifier.audiences();
    if (audiences.spans.len > 0 and !isForOneOf(claims.aud, audiences)) return error.Aud;
}

const Claims = struct {
    exp: ?json.Value = null,
    nbf: ?json.Value = null,
    iat: ?json.Value = null,
    iss: ?json.Value = null,
    aud: ?json.Value = null,
};

fn read(text: []const u8) Fault!Claims {
    var claims: Claims = .{};
    var list: members.Members = undefined;
    list.init(text) catch return error.Claims;
    while (list.next() catch return error.Claims) {
        inline for (@typeInfo(Claims).@"struct".fields) |field| {
            if (list.isNamed(field.name)) @field(claims, field.name) = list.value();
        }
    }
    return claims;
}

/// A NumericDate (RFC 7519 2): seconds, also with decimals. Before 1970 its definition by POSIX ends, and RFC 8259 6 lets a
/// reader limit the range, so a date that is negative or that no double holds is at fault.
fn date(claim: ?json.Value, fault: Fault) Fault!?f64 {
    const value = claim orelse return null;
    if (value.kind != .number) return fault;
    const seconds = json.decimal(value.text) orelse return error.Undecided;
    return if (seconds >= 0) seconds else fault;
}

fn isOneOf(claim: ?json.Value, names: Verifier.Names) bool {
    const value = claim orelse return false;
    if (value.kind != .string) return false;
    for (0..names.spans.len) |index| if (members.reads(value, names.get(index))) return true;
    return false;
}

/// "aud" is a string, or an array of strings and nothing else (RFC 7519 4.1.3).
fn isForOneOf(claim: ?json.Value, names: Verifier.Names) bool {
    const value = claim orelse return false;
    if (value.kind != .array) return isOneOf(value, names);
    var scanner: json.Scanner = .{ .input = value.text, .at = 1 };
    var found = false;
    scanner.skipWhitespace();
    if (scanner.take(']')) return false;
    while (true) {
        const start = scanner.at;
        const kind = scanner.value(2) catch unreachable;
        if (kind != .string) return false;
        found = found or isOneOf(scanner.passed(kind, start), names);
        if (scanner.ends(']') catch unreachable) return found;
    }
}
