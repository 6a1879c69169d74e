using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests;

/// <summary>
/// A service manager on one side, which waits for READY=1 as systemd does, and a container on the other, which says so
/// with busybox' logger.
/// </summary>
public sealed class NotifyTests : IDisposable
{
    private const int PatienceMilliseconds = 60_000;

    // What logger(1) sends begins with the priority and the time: what counts are the lines after the first.
    private const string Say = "ln -s $NOTIFY_SOCKET /dev/log; cat; ";
    private readonly Psrun psrun = new();
    private readonly Bundle bundle;
    private readonly string id = Guid.NewGuid().ToString("N");
    private readonly string path = $"/tmp/psrun-notify-{Guid.NewGuid():N}";
    private readonly Socket host = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public NotifyTests()
    {
        bundle = new Bundle(psrun);
        foreach (string name in new[] { "head", "ln", "logger", "yes" })
            File.CreateSymbolicLink($"{bundle.Path}/rootfs/bin/{name}", "busybox");
        Directory.CreateDirectory(bundle.Path + "/rootfs/run");
        host.Bind(new UnixDomainSocketEndPoint(path));
        host.ReceiveTimeout = PatienceMilliseconds;
    }

    private CommandOptions Notified => new() { Environment = { ["NOTIFY_SOCKET"] = path } };

    public void Dispose()
    {
        host.Dispose();
        File.Delete(path);
        psrun.Dispose();
        bundle.Dispose();
    }

    [Fact]
    public void RunServesTheContainerAndIsTheMainProcess()
    {
        Command(Say + "logger \"$(printf 'x\\nSTATUS=no\\nMAINPID=1')\"; logger \"$(printf 'x\\nREADY=1')\"; sleep 0.1; exit 7");
        using Process run = psrun.Start(Notified, "run", "-b", bundle.Path, id);
        run.StandardInput.Close();
        Assert.Equal("READY=1\n", Receive());
        Assert.Equal($"MAINPID={run.Id}\n", Receive());
        Assert.Equal("BARRIER=1", Receive());
        Assert.Equal(7, Psrun.Finish(run).Code);
        Assert.Empty(psrun.Containers);
    }

    [Fact]
    public void DetachedRunWaitsForTheContainerAndForTheHost()
    {
        AddUserNamespace();
        Command(Say + "while [ ! -e /tmp/go ]; do sleep 0.05; done; logger \"$(printf 'x\\nREADY=1\\nSTATUS=no')\"; exec sleep 1000");
        using Process run = psrun.Start(Notified, "run", "-d", "-b", bundle.Path, id);
        run.StandardInput.Close();
        WaitForStatus("running");
        Assert.False(run.HasExited);
        Assert.Equal(0, psrun.Run("exec", id, "mkdir", "/tmp/go").Code);
        Assert.Equal("READY=1\n", Receive());
        JsonNode state = JsonNode.Parse(psrun.Succeed("state", id))!;
        Assert.Equal($"MAINPID={state["pid"]}\n", Receive());
        Assert.False(run.WaitForExit(200));
        Assert.Equal("BARRIER=1", Receive());
        Assert.True(run.WaitForExit(PatienceMilliseconds));
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public void StartWaitsForAContainerThatWasCreatedWithIt()
    {
        Command(Say + "logger \"$(printf 'x\\nREADY=1')\"; exec sleep 1000");
        Assert.Equal(new CommandResult(0, "", ""), psrun.Run(Notified, "create", "-b", bundle.Path, id));
        using Process start = psrun.Start(Notified, "start", id);
        Assert.Equal("READY=1\n", Receive());
        Assert.StartsWith("MAINPID=", Receive(), StringComparison.Ordinal);
        Assert.Equal("BARRIER=1", Receive());
        Assert.Equal(new CommandResult(0, "", ""), Psrun.Finish(start));
    }

    [Fact]
    public void AContainerThatEndsBeforeItIsReadyEndsTheWait()
    {
        Command("exec sleep 1000");
        psrun.Run(Notified, "create", "-b", bundle.Path, id);
        using Process start = psrun.Start(Notified, "start", id);
        WaitForStatus("running");
        Assert.False(start.HasExited);
        psrun.Succeed("kill", id, "KILL");
        Assert.Equal(new CommandResult(0, "", ""), Psrun.Finish(start));
        Assert.Equal(0, host.Available);
    }

    [Fact]
    public void WhatIsSaidAfterwardsWaitsForNobody()
    {
        Command(Say + "logger \"$(printf 'x\\nREADY=1')\"; yes more | head -n 2000 | logger; echo all");
        using Process run = psrun.Start(Notified, "run", "-b", bundle.Path, id);
        run.StandardInput.Close();
        Assert.Equal("READY=1\n", Receive());
        Assert.StartsWith("MAINPID=", Receive(), StringComparison.Ordinal);
        Assert.Equal("BARRIER=1", Receive());
        Assert.Equal(new CommandResult(0, "all\n", ""), Psrun.Finish(run));
        Assert.Equal(0, host.Available);
    }

    [Fact]
    public void TheSocketIsInAReadOnlyDirectory()
    {
        Command("echo $NOTIFY_SOCKET; ls /run/notify; echo >/run/notify/file; cat /proc/self/mountinfo");
        bundle.Change(config => config["process"]!["env"] = new JsonArray("PATH=/bin", "NOTIFY_SOCKET=/else"));
        CommandResult result = psrun.Run(Notified, "run", "-b", bundle.Path, id);
        Assert.StartsWith("/run/notify/notify.sock\nnotify.sock\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("Read-only file system", result.Error, StringComparison.Ordinal);
        Assert.Matches(@" /run/notify ro,nosuid,nodev,noexec[ ,]", result.Output);
    }

    [Fact]
    public void AnAbstractNameIsTaken()
    {
        using Socket named = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        named.Bind(new UnixDomainSocketEndPoint("\0" + path));
        named.ReceiveTimeout = PatienceMilliseconds;
        Command(Say + "logger \"$(printf 'x\\nREADY=1')\"; exec sleep 1000");
        using Process run = psrun.Start(
            new CommandOptions { Environment = { ["NOTIFY_SOCKET"] = "@" + path } }, "run", "-d", "-b", bundle.Path, id);
        run.StandardInput.Close();
        Assert.Equal("READY=1\n", Receive(named));
        Assert.StartsWith("MAINPID=", Receive(named), StringComparison.Ordinal);
        Assert.Equal("BARRIER=1", Receive(named));
        Assert.True(run.WaitForExit(PatienceMilliseconds));
    }

    [Fact]
    public void WhereNobodyListensTheContainerRunsNevertheless()
    {
        Command("echo $NOTIFY_SOCKET");
        CommandResult result = psrun.Run(
            new CommandOptions { Environment = { ["NOTIFY_SOCKET"] = path + "-no" } }, "run", "-b", bundle.Path, id);
        Assert.Equal("/run/notify/notify.sock\n", result.Output);
        Assert.Equal($"psrun: warning: NOTIFY_SOCKET: connect '{path}-no': No such file or directory (ENOENT)\n", result.Error);
    }

    [Fact]
    public void AContainerCreatedWithoutItIsStartedWithoutIt()
    {
        Command("exec sleep 1000");
        psrun.Succeed("create", "-b", bundle.Path, id);
        Assert.Equal(new CommandResult(0, "", ""), psrun.Run(Notified, "start", id));
    }

    private static string Receive(Socket socket)
    {
        byte[] buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
    }

    private string Receive() => Receive(host);

    private void Command(string script) => bundle.Change(config =>
    {
        config["process"]!["args"] = new JsonArray("sh", "-c", script);
        config["root"]!["readonly"] = false;
    });

    private void AddUserNamespace() => bundle.Change(config =>
    {
        config["linux"]!["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = "user" });
        foreach (string name in new[] { "uidMappings", "gidMappings" })
            config["linux"]![name] = JsonNode.Parse("""[{"containerID":0,"hostID":231072,"size":65536}]""");
        foreach (string place in new[] { "/tmp", "/run" })
            config["mounts"]!.AsArray().Add(new JsonObject { ["destination"] = place, ["type"] = "tmpfs" });
    });

    private void WaitForStatus(string status) => Poll.Until(
        () => psrun.Run("state", id).Output.Contains($"\"{status}\"", StringComparison.Ordinal),
        $"the container is not {status}");
}
