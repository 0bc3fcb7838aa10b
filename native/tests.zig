//! Collects the tests that stand beside the code.
test {
    _ = @import("accept.zig");
    _ = @import("ascii.zig");
    _ = @import("authorization.zig");
    _ = @import("base64url.zig");
    _ = @import("buckets.zig");
    _ = @import("cookies.zig");
    _ = @import("cpu.zig");
    _ = @import("hmac.zig");
    _ = @import("json.zig");
    _ = @import("jwt.zig");
    _ = @import("members.zig");
    _ = @import("names.zig");
    _ = @import("sha2.zig");
    _ = @import("sha_ni.zig");
    _ = @import("vectors.zig");
    _ = @import("verifier.zig");
}
