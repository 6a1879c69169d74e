using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Container.Runtime.Tests;

/// <summary>Whose a new user namespace is, which decides whose inotify instances and queued signals it uses up.</summary>
public sealed partial class NamespaceAccountTests : IDisposable
{
    // Of include/uapi/linux/nsfs.h.
    private const nuint NS_GET_OWNER_UID = 0xB704;
    private readonly Psrun psrun = new();

    public void Dispose() => psrun.Dispose();

    [Theory]
    [InlineData(300000u)]
    [InlineData(0u)]
    public void It_is_the_first_host_ids_of_the_container(uint first)
    {
        using Bundle bundle = new(psrun, "sleep", "1000");
        bundle.Change(config =>
        {
            config["linux"]!["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = "user" });
            foreach (string name in (string[])["uidMappings", "gidMappings"])
            {
                config["linux"]![name] = new JsonArray(
                    new JsonObject { ["containerID"] = 0, ["hostID"] = first, ["size"] = 65536 });
            }
        });
        if (first > 0) Give(bundle.Path + "/rootfs", first);
        psrun.Succeed("create", "--bundle", bundle.Path, "owned");
        int pid = JsonNode.Parse(psrun.Succeed("state", "owned"))!["pid"]!.GetValue<int>();
        using (SafeFileHandle file = File.OpenHandle($"/proc/{pid}/ns/user"))
        {
            Assert.Equal(0, Control(file.DangerousGetHandle().ToInt32(), NS_GET_OWNER_UID, out uint owner));
            Assert.Equal(first, owner);
        }

        // Whoever waits to be started is root of it, with all ids the container's.
        string[] ids = File.ReadLines($"/proc/{pid}/status").First(static line => line.StartsWith("Uid:", StringComparison.Ordinal))
            .Split('\t')[1..];
        Assert.All(ids, id => Assert.Equal(first, uint.Parse(id, CultureInfo.InvariantCulture)));
        psrun.Succeed("delete", "--force", "owned");
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int file, nuint request, out uint value);

    // The container's root makes what mounts cover.
    private static void Give(string path, uint owner) =>
        SecurityBundle.Execute("chown", ["-R", $"{owner}:{owner}", path], 0);
}
