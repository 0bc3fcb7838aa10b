//! Collects the tests that stand beside the code.
test {
    _ = @import("accept.zig");
    _ = @import("ascii.zig");
    _ = @import("authorization.zig");
    _ = @import("cookies.zig");
    _ = @import("cpu.zig");
    _ = @import("names.zig");
    _ = @import("vectors.zig");
}
