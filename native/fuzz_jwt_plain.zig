//! The rules for tokens read plainly, with the JSON parser, the base64 and the HMAC of the standard library: what the fuzzing of
//! native/jwt.zig holds its answers against.
const std = @import("std");
const verifier_of = @import("verifier.zig");
const Description = verifier_of.Description;

/// The time at which tokens are verified.
pub const now = 1_700_000_000;

pub const Outcome = enum(i32) { taken, scheme, compact, base64, header, algorithm, crit, typ, kid, signature, claims, exp, nbf, iat, iss, aud };

/// The rules read plainly, with everything that the standard library has.
pub const Plain = struct {
    arena: std.mem.Allocator,
    policy: Description,

    pub fn verify(self: Plain, value: []const u8, payload: *[]const u8) !Outcome {
        const scheme = self.policy.scheme;
        var token = value;
        if (scheme.len > 0) {
            if (!std.ascii.startsWithIgnoreCase(value, scheme)) return .scheme;
            token = value[scheme.len..];
            if (token.len > 0 and token[0] != ' ') return .scheme;
            token = std.mem.trimStart(u8, token, " ");
        }
        if (std.mem.countScalar(u8, token, '.') != 2) return .compact;
        var segments = std.mem.splitScalar(u8, token, '.');
        const header = try self.decode(segments.next().?) orelse return .base64;
        payload.* = try self.decode(segments.next().?) orelse return .base64;
        const signature = try self.decode(segments.next().?) orelse return .base64;
        const parameters = try self.object(header) orelse return .header;
        const outcome = try self.signed(parameters, token[0..std.mem.lastIndexOfScalar(u8, token, '.').?], signature);
        if (outcome != .taken) return outcome;
        return self.claims(try self.object(payload.*) orelse return .claims);
    }

    fn signed(self: Plain, parameters: Object, message: []const u8, signature: []const u8) !Outcome {
        if (parameters.get("crit") != null) return .crit;
        if (parameters.get("b64")) |b64| if (b64 != .bool or !b64.bool) return .crit;
        const alg = parameters.get("alg") orelse return .header;
        if (alg != .string) return .header;
        const names = [_][]const u8{ "HS256", "HS384", "HS512" };
        const algorithm = for (names, 0..) |name, index| {
            if (std.mem.eql(u8, name, alg.string)) break index;
        } else return .algorithm;
        const bit = @as(u32, 1) << @intCast(algorithm);
        for (self.policy.keys) |key| {
            if (key.algorithms & bit != 0) break;
        } else return .algorithm;
        if (self.policy.typ) |expected| {
            const typ = parameters.get("typ") orelse return .typ;
            if (typ != .string) return .typ;
            const full = if (std.mem.indexOfScalar(u8, typ.string, '/') == null) try std.mem.concat(self.arena, u8, &.{ "application/", typ.string }) else typ.string;
            const wanted = if (std.mem.indexOfScalar(u8, expected, '/') == null) try std.mem.concat(self.arena, u8, &.{ "application/", expected }) else expected;
            if (!std.ascii.eqlIgnoreCase(full, wanted)) return .typ;
        }
        const kid = parameters.get("kid");
        if (kid) |name| if (name != .string) return .kid;
        var outcome: Outcome = .kid;
        for (self.policy.keys) |key| {
            if (key.algorithms & bit == 0) continue;
            if (kid) |name| if (key.kid) |own| if (!std.mem.eql(u8, name.string, own)) continue;
            outcome = .signature;
            const reference = std.crypto.auth.hmac.sha2;
            switch (algorithm) {
                inline 0...2 => |index| {
                    const Hmac = .{ reference.HmacSha256, reference.HmacSha384, reference.HmacSha512 }[index];
                    var expected: [Hmac.mac_length]u8 = undefined;
                    Hmac.create(&expected, message, key.secret);
                    if (std.mem.eql(u8, &expected, signature)) return .taken;
                },
                else => unreachable,
            }
        }
        return outcome;
    }

    fn claims(self: Plain, set: Object) Outcome {
        var is_present = false;
        const exp = date(set.get("exp"), &is_present) orelse return .exp;
        if (is_present) {
            if (exp <= now) return .exp;
        } else if (self.policy.flags & verifier_of.requires_exp != 0) return .exp;
        const nbf = date(set.get("nbf"), &is_present) orelse return .nbf;
        if (is_present and nbf > now) return .nbf;
        _ = date(set.get("iat"), &is_present) orelse return .iat;
        if (self.policy.issuers.len > 0) {
            const iss = set.get("iss") orelse return .iss;
            if (iss != .string or !contains(self.policy.issuers, iss.string)) return .iss;
        }
        if (self.policy.audiences.len > 0) {
            const aud = set.get("aud") orelse return .aud;
            const found = switch (aud) {
                .string => |name| contains(self.policy.audiences, name),
                .array => |list| for (list.items) |each| {
                    if (each != .string) return .aud;
                } else for (list.items) |each| {
                    if (contains(self.policy.audiences, each.string)) break true;
                } else false,
                else => false,
            };
            if (!found) return .aud;
        }
        return .taken;
    }

    fn date(claim: ?std.json.Value, is_present: *bool) ?f64 {
        is_present.* = claim != null;
        const value = claim orelse return 0;
        if (value != .number_string) return null;
        const seconds = std.fmt.parseFloat(f64, value.number_string) catch return null;
        return if (seconds >= 0 and std.math.isFinite(seconds)) seconds else null;
    }

    fn contains(names: []const []const u8, name: []const u8) bool {
        for (names) |each| if (std.mem.eql(u8, each, name)) return true;
        return false;
    }

    fn decode(self: Plain, segment: []const u8) !?[]const u8 {
        const codec = std.base64.url_safe_no_pad;
        const length = codec.Decoder.calcSizeForSlice(segment) catch return null;
        const bytes = try self.arena.alloc(u8, length);
        codec.Decoder.decode(bytes, segment) catch return null;
        const again = try self.arena.alloc(u8, codec.Encoder.calcSize(length));
        return if (std.mem.eql(u8, codec.Encoder.encode(again, bytes), segment)) bytes else null;
    }

    const Object = std.json.ObjectMap;

    fn object(self: Plain, text: []const u8) !?Object {
        if (!std.unicode.utf8ValidateSlice(text)) return null;
        const copy = try self.arena.dupe(u8, text);
        replaceLoneSurrogates(copy);
        if (!try self.isUniqueAndShallow(copy)) return null;
        const value = std.json.parseFromSliceLeaky(std.json.Value, self.arena, copy, .{ .duplicate_field_behavior = .use_last, .parse_numbers = false }) catch |fault| switch (fault) {
            error.OutOfMemory => return error.OutOfMemory,
            else => return null,
        };
        return if (value == .object) value.object else null;
    }

    /// The standard parser refuses half a surrogate pair, which RFC 8259 8.2 allows: it becomes a private character.
    fn replaceLoneSurrogates(text: []u8) void {
        var at: usize = 0;
        while (at + 1 < text.len) {
            if (text[at] != '\\') {
                at += 1;
                continue;
            }
            const unit = escapeAt(text, at) orelse {
                at += 2;
                continue;
            };
            const follower = escapeAt(text, at + 6);
            const is_pair = std.unicode.utf16IsHighSurrogate(unit) and follower != null and std.unicode.utf16IsLowSurrogate(follower.?);
            if (!is_pair and unit >= 0xd800 and unit < 0xe000) text[at + 2] = 'e';
            at += if (is_pair) 12 else 6;
        }
    }

    fn escapeAt(text: []const u8, at: usize) ?u16 {
        if (at + 6 > text.len or text[at] != '\\' or text[at + 1] != 'u') return null;
        for (text[at + 2 ..][0..4]) |digit| if (!std.ascii.isHex(digit)) return null;
        return std.fmt.parseInt(u16, text[at + 2 ..][0..4], 16) catch null;
    }

    fn isUniqueAndShallow(self: Plain, text: []const u8) !bool {
        var scanner: std.json.Scanner = .initCompleteInput(self.arena, text);
        var names: std.StringHashMapUnmanaged(void) = .empty;
        var depth: usize = 0;
        var is_name = true;
        while (true) {
            const token = scanner.nextAlloc(self.arena, .alloc_always) catch |fault| return if (fault == error.OutOfMemory) error.OutOfMemory else false;
            switch (token) {
                .object_begin, .array_begin => {
                    depth += 1;
                    if (depth > 64) return false;
                    continue;
                },
                .object_end, .array_end => {
                    depth -= 1;
                    if (depth == 1) is_name = true;
                    continue;
                },
                .end_of_document => return true,
                else => {},
            }
            if (depth != 1) continue;
            if (is_name) {
                if (token != .allocated_string) return true;
                if ((try names.getOrPut(self.arena, token.allocated_string)).found_existing or names.count() > 256) return false;
            }
            is_name = !is_name;
        }
    }
};
