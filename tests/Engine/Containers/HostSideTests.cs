using System.Diagnostics;
using System.Formats.Tar;
using System.Runtime.InteropServices;
using Container.Engine.Errors;
using Container.Engine.Files;
using Container.Engine.Monitor;
using Container.Engine.Tests.Images;
using Container.Engine.Tests.Unprivileged;
using Container.Native.Files;
using Xunit;

namespace Container.Engine.Tests.Containers;

/// <summary>What the host's side reads for a container, and what it lets out of one.</summary>
public sealed partial class HostSideTests
{
    private const int SizeUnread = 9;

    // VFS_CAP_REVISION_2 with CAP_SYS_ADMIN, effective.
    private static readonly byte[] Capability = [1, 0, 0, 2, 0, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/proc/kmsg")]
    [InlineData("/proc/1/pagemap")]
    [InlineData("/sys/kernel/notes")]
    public void A_user_is_not_looked_up_in_the_kernels_files(string target)
    {
        using TestEngine test = TestEngine.WithRuntime();
        string id = ContainerExecTests.Sleeper(test);
        Link(test, id, target, "/etc/passwd");
        if (Environment.IsPrivilegedProcess) File.WriteAllText("/dev/kmsg", "a mark of the tests\n");
        int unread = Environment.IsPrivilegedProcess ? Log(SizeUnread, 0, 0) : 0;
        Stopwatch watch = Stopwatch.StartNew();
        EngineException failure = Assert.Throws<EngineException>(
            () => test.Containers.Exec(id, new ExecOptions { Command = ["/bin/true"], User = "web" }, Cancellation));
        Assert.Equal(ErrorId.InvalidUser, failure.Id);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), "it took " + watch.Elapsed);

        // What somebody reads of /proc/kmsg is gone for the host's own log.
        if (Environment.IsPrivilegedProcess) Assert.True(Log(SizeUnread, 0, 0) >= unread, "the log was read");
    }

    [Theory]
    [InlineData("/proc/kallsyms")]
    [InlineData("/proc/1/pagemap")]
    [InlineData("/sys/kernel/notes")]
    [InlineData("/proc/1/status")]
    public void A_link_to_the_kernels_files_is_not_copied_out(string target)
    {
        using TestEngine test = TestEngine.WithRuntime();
        string id = ContainerExecTests.Sleeper(test);
        Link(test, id, target, "/tmp/link");
        string copy = Path.Combine(test.Root, "copy");
        EngineException failure = Assert.Throws<EngineException>(
            () => test.Containers.CopyFrom(id, "/tmp/link", copy, cancellation: Cancellation));

        // Some of them a user may not open in the first place.
        if (Environment.IsPrivilegedProcess) Assert.Contains("kernel", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(copy));
    }

    [Fact]
    public void A_tree_goes_without_the_kernels_files_with_one_warning_for_each_mount()
    {
        using TestEngine test = TestEngine.WithRuntime();
        string id = ContainerExecTests.Sleeper(test);
        List<string> warnings = [];
        string copy = Path.Combine(test.Root, "copy");
        using (EngineWarning.Hear(warnings.Add))
        {
            test.Containers.CopyFrom(id, "/", copy, new() { Recurse = true }, cancellation: Cancellation);
        }

        Assert.Single(warnings, text => text.StartsWith("'/proc'", StringComparison.Ordinal));
        Assert.True(File.Exists($"{copy}/bin/busybox"));
        Assert.False(Directory.Exists($"{copy}/proc"));
        Assert.False(Directory.Exists($"{copy}/sys"));
        Assert.True(warnings.Count < 20, string.Join('\n', warnings));
    }

    [Fact]
    public void The_hosts_own_files_of_proc_can_be_copied_in_by_who_names_them()
    {
        using TestEngine test = TestEngine.WithRuntime();
        string id = ContainerExecTests.Sleeper(test);
        test.Containers.CopyTo(id, "/proc/version", "/tmp/version", cancellation: Cancellation);
        using ExecSession session = ContainerExecTests.Exec(test, id, "cat /tmp/version");
        Assert.Equal(File.ReadAllText("/proc/version"), ContainerExecTests.Read(session.Stdout!));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_gives_rights_leaves_a_container_only_by_name(bool archive)
    {
        TestUser.RequireRoot("device nodes and capabilities of files");
        using TestEngine test = new();
        string id = Special(test);
        foreach (bool special in (bool[])[false, true])
        {
            string copy = Path.Combine(test.Root, $"out-{special}");
            CopyItemOptions options = new() { Recurse = true, Archive = archive, Special = special };
            List<string> warnings = [];
            using (EngineWarning.Hear(warnings.Add))
            {
                test.Containers.CopyFrom(id, "/d", copy, options, cancellation: Cancellation);
            }

            using RootDirectory root = RootDirectory.Open(copy);
            Assert.Equal(special ? 0xDEDu : 0x1EDu, root.GetMetadata("program").Mode);
            Assert.Equal(special, root.FindMetadata("null") is { Kind: FileKind.CharacterDevice });
            string[] kept = [.. root.GetXattrs("capable").Select(xattr => xattr.Key).Order()];
            Assert.Equal(
                !archive ? [] : special ? ["security.capability", "user.note"] : (string[])["user.note"], kept);

            // Of a directory they pass a group on, and give no rights.
            Assert.Equal(0x5EDu, root.GetMetadata("shared").Mode);
            Assert.Equal(special, warnings.Count == 0);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_gives_rights_is_in_an_archive_only_by_name(bool special)
    {
        TestUser.RequireRoot("device nodes and capabilities of files");
        using TestEngine test = new();
        string id = Special(test);
        string archive = Path.Combine(test.Root, "out.tar");
        List<string> warnings = [];
        using (EngineWarning.Hear(warnings.Add))
        {
            test.Containers.Export(id, archive, special: special, cancellation: Cancellation);
        }

        Dictionary<string, TarEntry> entries = Entries(archive);
        Assert.Equal(special ? 0xDED : 0x1ED, (int)entries["d/program"].Mode);
        Assert.Equal(special ? 0xDED : 0x1ED, (int)entries["d/second"].Mode);
        Assert.Equal(special, entries.ContainsKey("d/null"));
        Assert.Equal(
            special,
            ((PaxTarEntry)entries["d/capable"]).ExtendedAttributes.Keys.Any(key => key.Contains("security.")));
        Assert.Contains(
            ((PaxTarEntry)entries["d/capable"]).ExtendedAttributes.Keys, key => key.Contains("user.note"));
        Assert.Equal(special ? 0 : 1, warnings.Count);
    }

    [Fact]
    public void A_commit_keeps_what_gives_rights_inside()
    {
        TestUser.RequireRoot("device nodes and capabilities of files");
        using TestEngine test = new();
        string layer = test.Engine.Images.GetLayerDirectories(
            test.Containers.Commit(Special(test), new() { Squash = true }, cancellation: Cancellation))[0];
        using RootDirectory root = RootDirectory.Open(layer);
        Assert.Equal(0xDEDu, root.GetMetadata("d/program").Mode);
        Assert.Contains(root.GetXattrs("d/capable"), xattr => xattr.Key == "security.capability");
    }

    [LibraryImport("libc", EntryPoint = "klogctl")]
    private static partial int Log(int action, nint buffer, int length);

    private static void Link(TestEngine test, string id, string target, string path)
    {
        using ExecSession session = ContainerExecTests.Exec(test, id, $"rm -f {path}; ln -s {target} {path}");
        Assert.Equal(0, session.Wait(Cancellation).ExitCode);
    }

    private static string Special(TestEngine test)
    {
        test.Import("special:1", new TarBuilder().Directory("./").Directory("d/")
            .Directory("d/shared/", mode: 0x5ED).Node("d/null", '3', 1, 3).File("d/program", "x", mode: 0xDED)
            .HardLink("d/second", "d/program")
            .Pax(("SCHILY.xattr.security.capability", Capability), ("SCHILY.xattr.user.note", [1]))
            .File("d/capable", "x", mode: 0x1ED));
        return test.Make(new() { Image = "special:1", Command = "x" }).Id;
    }

    private static Dictionary<string, TarEntry> Entries(string archive)
    {
        using TarReader reader = new(File.OpenRead(archive));
        Dictionary<string, TarEntry> entries = [];
        while (reader.GetNextEntry(copyData: true) is { } entry) entries[entry.Name.TrimEnd('/')] = entry;
        return entries;
    }
}
