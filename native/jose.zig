//! JWS in its compact form (RFC 7515 7.1) under HMAC: three segments, a header that is read as strictly as it is written,
//! a signature compared in constant time.
const std = @import("std");
const base64url = @import("base64url.zig");
const hmac = @import("hmac.zig");
const json = @import("json.zig");
const members = @import("members.zig");
const vectors = @import("vectors.zig");
const Verifier = @import("verifier.zig").Verifier;

/// Longer tokens are refused unread.
pub const longest_token = 16_384;

/// Writable bytes that a verification needs: three segments decoded, each with room for a whole block behind it.
pub const room = longest_token + 3 * 64;

/// What can be wrong. The numbers are the ABI: src/native/jwt-fault.ts lists the same names in the same order. `Undecided` is none
/// of the token's: TypeScript is to verify it (see `json.decimal`).
pub const Fault = error{ Scheme, Compact, Base64, Header, Algorithm, Crit, Typ, Kid, Signature, Claims, Exp, Nbf, Iat, Iss, Aud, TooLong, Undecided };

pub fn number(fault: Fault) i32 {
    return switch (fault) {
        error.Scheme => 1,
        error.Compact => 2,
        error.Base64 => 3,
        error.Header => 4,
        error.Algorithm => 5,
        error.Crit => 6,
        error.Typ => 7,
        error.Kid => 8,
        error.Signature => 9,
        error.Claims => 10,
        error.Exp => 11,
        error.Nbf => 12,
        error.Iat => 13,
        error.Iss => 14,
        error.Aud => 15,
        error.TooLong => 16,
        error.Undecided => 17,
    };
}

/// The payload of a token that some key of the verifier has signed; it stands at the beginning of `decoded`.
pub fn verify(token: []const u8, verifier: Verifier, decoded: [*]u8) Fault![]const u8 {
    if (token.len > longest_token) return error.TooLong;
    const first = vectors.find(token.ptr, 0, token.len, isDot);
    const second = vectors.find(token.ptr, @min(first + 1, token.len), token.len, isDot);
    if (second == token.len or vectors.find(token.ptr, second + 1, token.len, isDot) != token.len) return error.Compact;

    const payload = try decode(token[first + 1 .. second], decoded);
    const header = try decode(token[0..first], behind(payload));
    const signature = try decode(token[second + 1 ..], behind(header));

    const parameters: Parameters = try .read(header);
    const algorithm = try parameters.algorithm();
    if (!verifier.allows(algorithm)) return error.Algorithm;
    if (verifier.typ()) |typ| if (!parameters.hasType(typ)) return error.Typ;
    try check(verifier, algorithm, try parameters.keyId(), token[0..second], signature);
    return payload;
}

inline fn isDot(block: vectors.Block) vectors.Mask {
    return vectors.equal(block, '.');
}

fn decode(segment: []const u8, out: [*]u8) Fault![]const u8 {
    return out[0 .. base64url.decode(segment, out) orelse return error.Base64];
}

/// Reading and writing whole blocks needs room behind a segment.
fn behind(segment: []const u8) [*]u8 {
    return @constCast(segment.ptr + segment.len + 64);
}

/// A key of another name than the header's is out of question; a key without a name never is.
fn check(verifier: Verifier, algorithm: hmac.Algorithm, kid: ?json.Value, message: []const u8, signature: []const u8) Fault!void {
    var is_named = false;
    for (0..verifier.keyCount()) |index| {
        const key = verifier.key(index);
        if (!key.allows(algorithm)) continue;
        if (kid) |name| if (key.kid) |own| if (!members.reads(name, own)) continue;
        is_named = true;
        if (signature.len != algorithm.length()) continue;
        if (key.signs(algorithm, message, signature, verifier.header.extensions)) return;
    }
    return if (is_named) error.Signature else error.Kid;
}

/// The header parameters that decide (RFC 7515 4.1); all others are ignored, as 4 asks.
const Parameters = struct {
    alg: ?json.Value = null,
    typ: ?json.Value = null,
    kid: ?json.Value = null,

    fn read(text: []const u8) Fault!Parameters {
        var result: Parameters = .{};
        var is_critical = false;
        var list: members.Members = undefined;
        list.init(text) catch return error.Header;
        while (list.next() catch return error.Header) {
            if (list.isNamed("alg")) {
                result.alg = list.value();
            } else if (list.isNamed("typ")) {
                result.typ = list.value();
            } else if (list.isNamed("kid")) {
                result.kid = list.value();
            } else if (list.isNamed("crit")) {
                // No extension is understood here, so any list of them refuses the token (RFC 7515 4.1.11).
                is_critical = true;
            } else if (list.isNamed("b64") and list.kind != .true) {
                // An unencoded payload must be declared critical (RFC 7797 6) and a JWT must not have one (7): without
                // "crit" the token is at odds with itself.
                is_critical = true;
            }
        }
        return if (is_critical) error.Crit else result;
    }

    fn algorithm(self: Parameters) Fault!hmac.Algorithm {
        const alg = self.alg orelse return error.Header;
        if (alg.kind != .string) return error.Header;
        inline for (.{ "HS256", "HS384", "HS512" }, 0..) |name, index| {
            if (members.reads(alg, name)) return @enumFromInt(index);
        }
        return error.Algorithm;
    }

    fn keyId(self: Parameters) Fault!?json.Value {
        const kid = self.kid orelse return null;
        return if (kid.kind == .string) kid else error.Kid;
    }

    /// Media types know no case, and "application/" goes without saying (RFC 7515 4.1.9, RFC 8725 3.11).
    fn hasType(self: Parameters, expected: []const u8) bool {
        const value = self.typ orelse return false;
        if (value.kind != .string) return false;
        return readsIgnoringCase(value, "", expected) or
            (std.mem.indexOfScalar(u8, expected, '/') == null and readsIgnoringCase(value, "application/", expected));
    }
};

fn readsIgnoringCase(value: json.Value, prefix: []const u8, rest: []const u8) bool {
    var characters: members.Unescaped = .{ .text = value.text, .is_plain = !value.escaped };
    for ([_][]const u8{ prefix, rest }) |part| for (part) |expected| {
        const byte = characters.next() orelse return false;
        if (std.ascii.toLower(byte) != expected) return false;
    };
    return characters.next() == null;
}
