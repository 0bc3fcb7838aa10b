//! What can be wrong with a header. The numbers are the ABI: src/native/fault.ts lists the same names in the same order.
pub const Kind = enum(i32) {
    expected_token = 1,
    expected_equals = 2,
    invalid_character = 3,
    unterminated_quote = 4,
    expected_space = 5,
};

/// A status below zero names the kind; the position goes to the first slot of the results.
pub fn report(out: [*]i32, kind: Kind, position: usize) i32 {
    out[0] = @intCast(position);
    return -@intFromEnum(kind);
}
