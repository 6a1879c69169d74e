using System.Diagnostics;
using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests.Config;

/// <summary>The loopback of a network namespace: up where it is the container's own.</summary>
public sealed class LoopbackTests : ConfigTest
{
    private const string Show = "cat /sys/class/net/lo/flags";
    private const string Up = "0x9";

    [Fact]
    public void ANewNetworkCanTalkToItself()
    {
        // Its end takes the server with it, and so many tries bound it.
        const string Talk = "while :; do nc -l -p 80 </dev/null >/dev/null; done & i=0; "
            + "until echo | nc 127.0.0.1 80 2>/dev/null; do i=$((i+1)); [ $i -lt 500 ] || exit 1; sleep 0.02; done; echo hello";
        File.CreateSymbolicLink(Rootfs + "/bin/nc", "busybox");
        Assert.Equal($"{Up}\nhello", Output($"{Show}; {Talk}"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ItIsUpInAUserNamespace(bool joined)
    {
        UseUserNamespace(0x20000000);
        using Process holder = System.Diagnostics.Process.Start("unshare", ["-U", "sleep", "1000"]);
        if (joined)
        {
            Poll.Until(() => UserNamespace(holder.Id) != UserNamespace(Environment.ProcessId), "it has made no namespace");
            File.WriteAllText($"/proc/{holder.Id}/uid_map", "0 536870912 65536");
            File.WriteAllText($"/proc/{holder.Id}/gid_map", "0 536870912 65536");
            AddNamespace("user", $"/proc/{holder.Id}/ns/user");
            Linux.Remove("uidMappings");
            Linux.Remove("gidMappings");
        }

        try
        {
            Assert.Equal(Up, Output(Show));
        }
        finally
        {
            holder.Kill();
        }
    }

    [Fact]
    public void ANamespaceThatIsJoinedStaysAsItsOwnerHasIt()
    {
        using Process holder = System.Diagnostics.Process.Start("unshare", ["-n", "sleep", "1000"]);
        string own = Network(Environment.ProcessId);
        Poll.Until(() => Network(holder.Id) != own, "it has made no namespace");
        AddNamespace("network", $"/proc/{holder.Id}/ns/net");
        string flags = Output(Show);
        holder.Kill();
        Assert.Equal("0x8", flags);
    }

    [Fact]
    public void AContainerThatWaitsHasIt()
    {
        Save("/bin/sh", "-c", Show);
        Psrun.Succeed("create", "-b", Bundle.Path, Id);
        int pid = (int)JsonNode.Parse(Psrun.Succeed("state", Id))!["pid"]!;
        Assert.Contains("127.0.0.1", File.ReadAllText($"/proc/{pid}/net/fib_trie"), StringComparison.Ordinal);
    }

    private static string UserNamespace(int pid) => new FileInfo($"/proc/{pid}/ns/user").LinkTarget ?? "";

    private static string Network(int pid) => new FileInfo($"/proc/{pid}/ns/net").LinkTarget ?? "";
}
