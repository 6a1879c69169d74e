using System.Diagnostics;
using Container.Native.Mounts;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Native.Tests.Mounts;

public sealed class HostMountsTests
{
    [Fact]
    public void Mounts_are_found_below_a_directory_whatever_their_names_and_detached()
    {
        if (!Environment.IsPrivilegedProcess) Assert.Skip("needs root");
        string root = $"/tmp/container-mounts-{Guid.NewGuid():N}";
        string place = $"{root}/a b\\c";
        Directory.CreateDirectory(place);
        try
        {
            if (Mount(place) != 0) Assert.Skip("mounting a tmpfs is not allowed here");
            Assert.Equal([place], HostMounts.Below(root));
            Assert.Empty(HostMounts.Below(root + "/a"));
            HostMounts.Detach(place);
            Assert.Empty(HostMounts.Below(root));
            Assert.Equal(Errno.EINVAL, Assert.Throws<SystemCallException>(() => HostMounts.Detach(place)).Errno);
        }
        finally
        {
            foreach (string left in HostMounts.Below(root)) HostMounts.Detach(left);
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void Detaching_follows_no_link()
    {
        string link = $"/tmp/container-mounts-{Guid.NewGuid():N}";
        File.CreateSymbolicLink(link, "/proc");
        try
        {
            Assert.Throws<SystemCallException>(() => HostMounts.Detach(link));
            Assert.True(Directory.Exists("/proc/self"));
        }
        finally
        {
            File.Delete(link);
        }
    }

    private static int Mount(string place)
    {
        ProcessStartInfo start = new("mount", ["-t", "tmpfs", "none", place]) { RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
