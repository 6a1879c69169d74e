using Container.Native.Json;
using Container.Native.Oci;
using Container.Native.Security;
using Container.Native.Syscalls;
using Xunit;
using static Container.Native.Tests.Security.SeccompCompilerTests;

namespace Container.Native.Tests.Security;

public sealed unsafe class SeccompCacheTests : IDisposable
{
    private readonly string directory = Path.Combine(Path.GetTempPath(), $"seccomp-{Guid.NewGuid():n}", "cache");

    private readonly OciSeccomp profile = Profile(
        "SCMP_ACT_ERRNO", Allowed("read", "write", "no_such_call"), Rule("SCMP_ACT_TRAP", null, "ioctl", Equal(1, 2)));

    public void Dispose()
    {
        string parent = Path.GetDirectoryName(directory)!;
        if (Directory.Exists(parent)) Directory.Delete(parent, recursive: true);
    }

    [Fact]
    public void The_second_time_the_same_program_comes_from_the_file()
    {
        SeccompProgram first = new SeccompCache(directory).GetOrCompile(profile);
        string file = Assert.Single(Directory.GetFiles(directory));
        SeccompProgram second = new SeccompCache(directory).GetOrCompile(profile);
        Assert.Equal(first.Instructions, second.Instructions);
        Assert.Equal(first.Flags, second.Flags);
        Assert.Equal(first.Notes, second.Notes);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(directory));
    }

    [Fact]
    public void A_hit_reads_the_file_and_nothing_else()
    {
        SeccompProgram first = new SeccompCache(directory).GetOrCompile(profile);
        string file = Assert.Single(Directory.GetFiles(directory));
        DateTime written = File.GetLastWriteTimeUtc(file);
        ulong inode = Inode(file);
        for (int turn = 0; turn < 3; turn++) new SeccompCache(directory).GetOrCompile(profile);
        Assert.Equal(inode, Inode(file));
        Assert.Equal(written, File.GetLastWriteTimeUtc(file));
        Assert.NotEmpty(first.Instructions);
    }

    [Fact]
    public void Every_single_damaged_byte_is_noticed()
    {
        byte[] expected = new SeccompCache(directory).GetOrCompile(profile).Instructions;
        string file = Assert.Single(Directory.GetFiles(directory));
        byte[] content = File.ReadAllBytes(file);
        for (int at = 0; at < content.Length; at += Math.Max(1, content.Length / 60))
        {
            byte[] damaged = [.. content];
            damaged[at] ^= 0x40;
            File.WriteAllBytes(file, damaged);
            Assert.Equal(expected, new SeccompCache(directory).GetOrCompile(profile).Instructions);
            Assert.Equal(content, File.ReadAllBytes(file));
        }

        File.WriteAllBytes(file, content[..^8]);
        Assert.Equal(expected, new SeccompCache(directory).GetOrCompile(profile).Instructions);
        File.WriteAllBytes(file, []);
        Assert.Equal(expected, new SeccompCache(directory).GetOrCompile(profile).Instructions);
    }

    [Fact]
    public void Profiles_that_differ_anywhere_have_files_of_their_own()
    {
        const string Not = "SCMP_CMP_NE";
        OciSyscall rule = profile.Syscalls![1];
        OciSeccomp[] others =
        [
            profile,
            profile with { DefaultErrnoRet = 1 },
            profile with { DefaultErrnoRet = 0 },
            profile with { DefaultAction = "SCMP_ACT_KILL" },
            profile with { Architectures = ["SCMP_ARCH_X86"] },
            profile with { Flags = ["SECCOMP_FILTER_FLAG_LOG"] },
            profile with { Syscalls = [rule] },
            profile with { Syscalls = [Allowed("read"), Allowed("write", "no_such_call"), rule] },
            profile with { Syscalls = [profile.Syscalls[0], rule with { ErrnoRet = null, Action = "SCMP_ACT_LOG" }] },
            profile with { Syscalls = [profile.Syscalls[0], rule with { Args = [Equal(1, 3)] }] },
            profile with { Syscalls = [profile.Syscalls[0], rule with { Args = [Equal(2, 2)] }] },
            profile with { Syscalls = [profile.Syscalls[0], rule with { Args = [Equal(1, 2) with { Op = Not }] }] },
        ];
        var cache = new SeccompCache(directory);
        foreach (OciSeccomp other in others) cache.GetOrCompile(other);
        Assert.Equal(others.Length, Directory.GetFiles(directory).Length);
    }

    [Fact]
    public void A_file_of_another_profile_under_our_name_is_not_used()
    {
        OciSeccomp other = profile with { DefaultAction = "SCMP_ACT_ALLOW" };
        var cache = new SeccompCache(directory);
        byte[] expected = cache.GetOrCompile(profile).Instructions;
        string ours = Assert.Single(Directory.GetFiles(directory));
        cache.GetOrCompile(other);
        string theirs = Assert.Single(Directory.GetFiles(directory), file => file != ours);
        File.Copy(theirs, ours, overwrite: true);
        Assert.Equal(expected, cache.GetOrCompile(profile).Instructions);
    }

    [Fact]
    public void A_directory_that_others_can_write_to_is_not_used()
    {
        Directory.CreateDirectory(directory);
        File.SetUnixFileMode(directory, (UnixFileMode)0x1FF);
        Assert.NotEmpty(new SeccompCache(directory).GetOrCompile(profile).Instructions);
        Assert.Empty(Directory.GetFiles(directory));
    }

    [Fact]
    public void A_link_in_the_place_of_the_directory_or_the_file_is_not_followed()
    {
        var cache = new SeccompCache(directory);
        byte[] expected = cache.GetOrCompile(profile).Instructions;
        string file = Assert.Single(Directory.GetFiles(directory));
        string moved = Path.Combine(Path.GetDirectoryName(directory)!, "moved");
        File.Move(file, moved);
        File.CreateSymbolicLink(file, moved);
        Assert.Equal(expected, cache.GetOrCompile(profile).Instructions);
        Assert.Null(new FileInfo(file).LinkTarget);

        string link = directory + ".link";
        Directory.CreateSymbolicLink(link, directory);
        File.Delete(file);
        Assert.Equal(expected, new SeccompCache(link).GetOrCompile(profile).Instructions);
        Assert.Empty(Directory.GetFiles(directory));
    }

    [Fact]
    public void A_refused_profile_leaves_nothing_behind()
    {
        var cache = new SeccompCache(directory);
        Assert.Throws<DocumentException>(() => cache.GetOrCompile(new OciSeccomp { DefaultAction = "X" }));
        Assert.False(Directory.Exists(directory));
    }

    [Fact]
    public void Many_at_the_same_time_agree()
    {
        byte[] expected = SeccompCompiler.Compile(profile).Instructions;
        var cache = new SeccompCache(directory);
        Parallel.For(0, 40, _ => Assert.Equal(expected, cache.GetOrCompile(profile).Instructions));
        Assert.Single(Directory.GetFiles(directory));
    }

    private static ulong Inode(string file)
    {
        FileStatus status;
        Assert.Equal(0, FileCalls.statx(FileCalls.AT_FDCWD, file, 0, FileStatus.STATX_BASIC_STATS, &status));
        return status.Inode;
    }
}
