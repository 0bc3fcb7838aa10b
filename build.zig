const std = @import("std");

/// One shared library per platform; the names are those that src/native/library.ts looks for.
const Platform = struct { name: []const u8, query: std.Target.Query };

const platforms = [_]Platform{
    .{ .name = "bolide-linux-x64.so", .query = .{ .cpu_arch = .x86_64, .os_tag = .linux, .abi = .none } },
    .{ .name = "bolide-linux-arm64.so", .query = .{ .cpu_arch = .aarch64, .os_tag = .linux, .abi = .none } },
    .{ .name = "bolide-darwin-x64.dylib", .query = .{ .cpu_arch = .x86_64, .os_tag = .macos } },
    .{ .name = "bolide-darwin-arm64.dylib", .query = .{ .cpu_arch = .aarch64, .os_tag = .macos } },
    .{ .name = "bolide-windows-x64.dll", .query = .{ .cpu_arch = .x86_64, .os_tag = .windows, .abi = .gnu } },
    .{ .name = "bolide-windows-arm64.dll", .query = .{ .cpu_arch = .aarch64, .os_tag = .windows, .abi = .gnu } },
};

pub fn build(b: *std.Build) void {
    const all = b.step("all", "The library for all six platforms");
    const host = b.graph.host.result;
    for (platforms) |platform| {
        const install = addPlatform(b, platform);
        all.dependOn(install);
        if (platform.query.cpu_arch == host.cpu.arch and platform.query.os_tag == host.os.tag) {
            b.getInstallStep().dependOn(install);
        }
    }
    addTests(b);
    addFuzz(b);
}

/// The processor that every machine of the architecture has. Without it Zig takes the features of the build machine.
fn portable(query: std.Target.Query, comptime level: enum { baseline, v3 }) std.Target.Query {
    var result = query;
    result.cpu_model = if (level == .v3) .{ .explicit = &std.Target.x86.cpu.x86_64_v3 } else .baseline;
    return result;
}

fn addPlatform(b: *std.Build, platform: Platform) *std.Build.Step {
    const target = b.resolveTargetQuery(portable(platform.query, .baseline));
    const library = b.addLibrary(.{
        .name = "bolide",
        .linkage = .dynamic,
        .root_module = module(b, "native/root.zig", target),
    });
    library.root_module.addObject(addHot(b, target, "hot-baseline"));
    if (target.result.cpu.arch == .x86_64) {
        library.root_module.addObject(addHot(b, b.resolveTargetQuery(portable(platform.query, .v3)), "hot-v3"));
    }
    return &b.addInstallFileWithDir(library.getEmittedBin(), .prefix, platform.name).step;
}

fn addHot(b: *std.Build, target: std.Build.ResolvedTarget, name: []const u8) *std.Build.Step.Compile {
    const object = b.addObject(.{ .name = name, .root_module = module(b, "native/hot.zig", target) });
    object.bundle_compiler_rt = false;
    return object;
}

fn module(b: *std.Build, path: []const u8, target: std.Build.ResolvedTarget) *std.Build.Module {
    return b.createModule(.{
        .root_source_file = b.path(path),
        .target = target,
        .optimize = .ReleaseFast,
        .strip = true,
        .pic = true,
        .unwind_tables = .none,
        .omit_frame_pointer = true,
    });
}

/// Tests and fuzzing run at every level that this machine has: vectors of 16 lanes, and of 32.
const levels = [_]std.Target.Query{ .{ .cpu_model = .baseline }, .{} };

fn addTests(b: *std.Build) void {
    const step = b.step("test", "Run the tests that stand beside the code");
    for (levels) |query| {
        // LLVM, as for the library: Zig's own backend refuses instructions that the target does not promise (native/sha_ni.zig).
        const tests = b.addTest(.{ .root_module = b.createModule(.{
            .root_source_file = b.path("native/tests.zig"),
            .target = b.resolveTargetQuery(query),
            .optimize = .Debug,
        }), .use_llvm = true });
        step.dependOn(&b.addRunArtifact(tests).step);
    }
}

fn addFuzz(b: *std.Build) void {
    const step = b.step("fuzz", "Mutate inputs of every parser: zig build fuzz -- --runs N [--seed S]");
    for (levels) |query| {
        const fuzz = b.addExecutable(.{ .name = "bolide-fuzz", .root_module = b.createModule(.{
            .root_source_file = b.path("native/fuzz.zig"),
            .target = b.resolveTargetQuery(query),
            .optimize = .ReleaseSafe,
        }) });
        const run = b.addRunArtifact(fuzz);
        if (b.args) |arguments| run.addArgs(arguments);
        step.dependOn(&run.step);
    }
}
