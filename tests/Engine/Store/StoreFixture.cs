using System.Diagnostics;
using Container.Native.Files;

namespace Container.Engine.Tests.Store;

/// <summary>A directory of its own under /tmp; on request a file system of its own, of a few pages.</summary>
internal sealed class StoreFixture : IDisposable
{
    private readonly bool mounted;

    public StoreFixture(string? options = null)
    {
        System.IO.Directory.CreateDirectory(Directory);
        if (options is null) return;
        mounted = Run("mount", "-t", "tmpfs", "-o", options + ",mode=755", "none", Directory) == 0;
        if (mounted) return;
        Dispose();
        Xunit.Assert.Skip("mounting a tmpfs is not allowed here");
    }

    public string Directory { get; } = $"/tmp/pscontainer-store-{Guid.NewGuid():N}";

    public string Path(string name) => System.IO.Path.Combine(Directory, name);

    public void Remount(string options) => Xunit.Assert.Equal(0, Run("mount", "-o", "remount," + options, Directory));

    public void Dispose()
    {
        if (mounted) Run("umount", "-l", Directory);
        using RootDirectory tmp = RootDirectory.Open("/tmp");
        tmp.Remove(System.IO.Path.GetFileName(Directory));
    }

    private static int Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
