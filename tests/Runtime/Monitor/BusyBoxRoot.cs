using System.Diagnostics;
using Xunit;

[assembly: AssemblyFixture(typeof(Container.Runtime.Tests.Monitor.BusyBoxRoot))]

namespace Container.Runtime.Tests.Monitor;

/// <summary>A root file system with a static busybox, which all containers of the tests share as a lower layer.</summary>
public sealed class BusyBoxRoot : IDisposable
{
    private const string BusyBox = "/bin/busybox";

    private readonly Lazy<string> directory = new(Create);

    public string Directory => directory.Value;

    public void Dispose()
    {
        if (directory.IsValueCreated) System.IO.Directory.Delete(directory.Value, recursive: true);

        // The parent of the containers' cgroups stays when they go.
        foreach (string hierarchy in System.IO.Directory.GetDirectories("/sys/fs/cgroup").Append("/sys/fs/cgroup"))
        {
            string parent = hierarchy + TestContainer.CgroupParent;
            if (System.IO.Directory.Exists(parent)) System.IO.Directory.Delete(parent);
        }
    }

    private static string Create()
    {
        if (!File.Exists(BusyBox)) Assert.Skip("needs a static busybox at /bin/busybox");
        string root = System.IO.Directory.CreateTempSubdirectory("psrun-busybox-").FullName;
        foreach (string name in (string[])["bin", "dev", "proc", "sys", "tmp", "etc"])
        {
            System.IO.Directory.CreateDirectory($"{root}/{name}");
        }

        File.SetUnixFileMode(root, (UnixFileMode)0x1ED);
        File.Copy(BusyBox, $"{root}/bin/busybox");
        using Process list = Process.Start(new ProcessStartInfo(BusyBox, ["--list"]) { RedirectStandardOutput = true })!;
        foreach (string applet in list.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (applet != "busybox") File.CreateSymbolicLink($"{root}/bin/{applet}", "busybox");
        }

        list.WaitForExit();
        return root;
    }
}
