using System.Diagnostics;
using System.Text.Json.Nodes;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Runtime.Tests;

/// <summary>checkpoint and restore; what needs a criu that works on this kernel takes the one of CRIU or of PATH.</summary>
public sealed class CheckpointTests : IDisposable
{
    private readonly Psrun psrun = new();
    private readonly Bundle bundle;
    private readonly string id = Guid.NewGuid().ToString("N");

    public CheckpointTests()
    {
        bundle = new Bundle(psrun, "sh", "-c", "i=0; while :; do i=$((i+1)); echo $i >/tmp/count; sleep 0.05; done");
        bundle.Change(config => config["root"]!["readonly"] = false);
    }

    private string Images => bundle.Path + "/images";

    public void Dispose()
    {
        psrun.Dispose();
        bundle.Dispose();
    }

    [Fact]
    public void AContainerGoesOnWhereItWas()
    {
        string[] criu = ["--criu", FindCriu()];
        psrun.Succeed("run", "-d", "-b", bundle.Path, id);
        WaitForCount(5);

        // As containerd has it.
        string work = bundle.Path + "/work";
        Directory.CreateDirectory(work + "-real");
        File.CreateSymbolicLink(work, work + "-real");
        CommandResult saved = Run(criu, "checkpoint", "--image-path", Images, "--work-path", work, id);
        Assert.Equal(new CommandResult(0, "", ""), saved);
        Assert.Empty(psrun.Containers);
        int before = Count();

        CommandResult restored = Run(
            criu, "restore", "--detach", "--bundle", bundle.Path, "--image-path", Images, "--work-path", work, "--pid-file",
            bundle.Path + "/pid", id);
        Assert.Equal(new CommandResult(0, "", ""), restored);
        JsonNode state = JsonNode.Parse(psrun.Succeed("state", id))!;
        Assert.Equal("running", (string?)state["status"]);
        Assert.Equal(File.ReadAllText(bundle.Path + "/pid"), state["pid"]!.ToString());
        WaitForCount(before + 5);
        Assert.Equal("psrun\n", psrun.Succeed("exec", id, "cat", "/proc/sys/kernel/hostname"));
        psrun.Succeed("delete", "--force", id);
    }

    [Fact]
    public void AContainerCanBeLeftRunningWhilePausedAndRestoredUnderAnotherId()
    {
        string[] criu = ["--criu", FindCriu()];
        psrun.Succeed("run", "-d", "-b", bundle.Path, id);
        WaitForCount(2);
        psrun.Succeed("pause", id);
        CommandResult saved = Run(criu, "checkpoint", "--image-path", Images, "--leave-running", id);
        Assert.Equal(new CommandResult(0, "", ""), saved);
        psrun.Succeed("resume", id);
        psrun.Succeed("delete", "--force", id);
        int before = Count();
        Assert.Equal(0, Run(criu, "restore", "-d", "-b", bundle.Path, "--image-path", Images, id + "-2").Code);
        WaitForCount(before + 3);
        Assert.Contains(id + "-2", File.ReadAllText($"/proc/{State(id + "-2")["pid"]}/cgroup"), StringComparison.Ordinal);
    }

    [Fact]
    public void ATerminalIsRestored()
    {
        string[] criu = ["--criu", FindCriu()];
        bundle.Change(static config =>
        {
            config["process"]!["terminal"] = true;
            config["process"]!["args"] = new JsonArray("sh", "-c", "while read line; do echo got-$line; done");
        });
        using (DescriptorListener listener = new(bundle.Path + "/console.sock"))
        {
            psrun.Succeed("run", "-d", "-b", bundle.Path, "--console-socket", listener.Path, id);
            using FileDescriptor master = listener.Receive("/dev/ptmx");
            FileCalls.WriteAll(master.Number, "one\n"u8, "the terminal");
            TerminalTests.ReadUntil(master, "got-one");
            CommandResult saved = Run(criu, "checkpoint", "--image-path", Images, id);
            Assert.Equal(new CommandResult(0, "", ""), saved);
        }

        using DescriptorListener second = new(bundle.Path + "/second.sock");
        CommandResult restored = Run(
            criu, "restore", "-d", "-b", bundle.Path, "--image-path", Images, "--console-socket", second.Path, id);
        Assert.Equal(new CommandResult(0, "", ""), restored);
        using FileDescriptor terminal = second.Receive("/dev/ptmx");
        FileCalls.WriteAll(terminal.Number, "two\n"u8, "the terminal");
        TerminalTests.ReadUntil(terminal, "got-two");

        // It still is the controlling one.
        FileCalls.WriteAll(terminal.Number, "\u0003"u8, "the terminal");
        Poll.Until(() => (string?)State(id)["status"] == "stopped", "it has not ended");
    }

    [Fact]
    public void HooksThatSetUpTheNamespacesRunAgain()
    {
        string[] criu = ["--criu", FindCriu()];
        string said = bundle.Path + "/said";
        string script = $"echo $0 $(readlink /proc/self/ns/mnt) $(cat) >>{said}; ! test -e {said}-fail || {{ echo no way; exit 3; }}";
        bundle.Change(config =>
        {
            config["hooks"] = new JsonObject();
            foreach (string name in new[] { "prestart", "createRuntime", "poststart" })
            {
                config["hooks"]![name] = new JsonArray(new JsonObject
                {
                    ["path"] = "/bin/sh", ["args"] = new JsonArray("sh", "-c", script, name),
                    ["env"] = new JsonArray("PATH=/usr/bin:/bin"),
                });
            }
        });
        psrun.Succeed("run", "-d", "-b", bundle.Path, id);
        WaitForCount(2);
        CommandResult saved = Run(criu, "checkpoint", "--image-path", Images, id);
        Assert.Equal(new CommandResult(0, "", ""), saved);
        File.Delete(said);
        Assert.Equal(
            new CommandResult(0, "", ""), Run(criu, "restore", "-d", "-b", bundle.Path, "--image-path", Images, id));
        string[] lines = File.ReadAllLines(said);
        Assert.Equal(["prestart", "createRuntime"], lines.Select(static line => line.Split(' ')[0]));
        string host = new FileInfo("/proc/self/ns/mnt").LinkTarget!;
        Assert.All(lines, line => Assert.Equal(host, line.Split(' ')[1]));
        Assert.All(lines, line => Assert.Equal(
            (int)State(id)["pid"]!, (int)JsonNode.Parse(line[line.IndexOf('{', StringComparison.Ordinal)..])!["pid"]!));
        psrun.Succeed("delete", "--force", id);

        File.WriteAllText(said + "-fail", "");
        Assert.EndsWith(
            "prestart[0] '/bin/sh': exit code 3: no way",
            Failure(criu, "restore", "-d", "-b", bundle.Path, "--image-path", Images, id), StringComparison.Ordinal);
        Assert.Empty(psrun.Containers);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ThePageServerIsTold(bool terminal)
    {
        // It says what it was asked for, by its options or by its socket, and fails.
        string criu = bundle.Path + "/criu";
        File.WriteAllText(criu, "#!/bin/bash\ncd \"${0%/*}\"\necho \"$@\" >said\n[ $1 != swrk ] || dd bs=64k count=1 <&$2 2>/dev/null >>said\nexit 1\n");
        File.SetUnixFileMode(criu, (UnixFileMode)0x1ED);
        bundle.Change(config => config["process"]!["terminal"] = terminal);
        using DescriptorListener? listener = terminal ? new(bundle.Path + "/console.sock") : null;
        psrun.Succeed(["run", "-d", "-b", bundle.Path, .. terminal ? new[] { "--console-socket", listener!.Path } : [], id]);
        using FileDescriptor? master = listener?.Receive("/dev/ptmx");
        Failure(["--criu", criu], "checkpoint", "--image-path", Images, "--page-server", "127.0.0.1:300", id);

        // Field 11 of the options: address (1) and port (2).
        string expected = terminal ? "Z\u000E\n\t127.0.0.1\u0010\u00AC\u0002" : "--page-server --address 127.0.0.1 --port 300";
        Assert.Contains(expected, File.ReadAllText(bundle.Path + "/said", System.Text.Encoding.Latin1), StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutCriuThePackageIsNamed()
    {
        psrun.Succeed("run", "-d", "-b", bundle.Path, id);
        Assert.Equal(
            "no-such-criu is not installed: install the package criu, or give the program's path with --criu",
            Failure(["--criu", "no-such-criu"], "checkpoint", id));
        Assert.Equal(
            "--criu: '/no/criu' does not exist", Failure(["--criu", "/no/criu"], "restore", "-b", bundle.Path, id));
        Assert.Equal("running", (string?)State(id)["status"]);
    }

    [Fact]
    public void WhatCriuSaysIsTold()
    {
        string criu = bundle.Path + "/criu";
        File.WriteAllText(
            criu, "#!/bin/sh\necho \"$@\" >\"$5/said\"\necho '(00.1) Error (a.c:1): no reason' >\"$5/$1.log\"\nexit 1\n");
        File.SetUnixFileMode(criu, (UnixFileMode)0x1ED);
        psrun.Succeed("run", "-d", "-b", bundle.Path, id);
        string message = Failure(
            ["--criu", criu], "checkpoint", "--image-path", Images, "--tcp-established", "--leave-running", id);
        Assert.Equal($"criu dump: Error (a.c:1): no reason (see {Images}/dump.log)", message);
        string said = File.ReadAllText(Images + "/said");
        foreach (string word in new[] { "--tcp-established", "--leave-running", "--manage-cgroups=soft", "--empty-ns net" })
            Assert.Contains(word, said, StringComparison.Ordinal);
        Assert.Equal("running", (string?)State(id)["status"]);
    }

    [Theory]
    [InlineData("--parent-path: '/x' must be relative to --image-path", "--parent-path", "/x")]
    [InlineData("--manage-cgroups-mode: 'x' is not soft, full, strict or ignore", "--manage-cgroups-mode", "x")]
    [InlineData("--page-server: 'x' is not ADDRESS:PORT", "--page-server", "x")]
    [InlineData("--empty-ns: 'pid' is not network", "--empty-ns", "pid")]
    public void MistakesAreNamed(string message, params string[] options)
    {
        psrun.Succeed("run", "-d", "-b", bundle.Path, id);
        Assert.Equal(message, Failure(["--criu", "/bin/false"], ["checkpoint", "--image-path", Images, .. options, id]));
    }

    [Fact]
    public void TheImagesOfAPreDumpHaveToBeThere()
    {
        psrun.Succeed("run", "-d", "-b", bundle.Path, id);
        Assert.Equal(
            $"--parent-path: '../none' does not exist, from '{Images}' on",
            Failure(["--criu", "/bin/false"], ["checkpoint", "--image-path", Images, "--parent-path", "../none", id]));
    }

    private static string FindCriu()
    {
        string name = Environment.GetEnvironmentVariable("CRIU") is { Length: > 0 } given ? given : "criu";
        try
        {
            using Process check = Process.Start(
                new ProcessStartInfo(name, "check") { RedirectStandardError = true, RedirectStandardOutput = true })!;
            check.StandardError.ReadToEnd();
            check.WaitForExit();
            Assert.SkipUnless(check.ExitCode == 0, "criu does not work on this kernel (criu check)");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("criu is not installed");
        }

        return name;
    }

    private JsonNode State(string container) => JsonNode.Parse(psrun.Succeed("state", container))!;

    private CommandResult Run(string[] global, params string[] arguments) =>
        psrun.Run(new CommandOptions { Global = global }, arguments);

    private string Failure(string[] global, params string[] arguments)
    {
        CommandResult result = Run(global, arguments);
        Assert.Equal(1, result.Code);
        return Assert.Single(result.Error.TrimEnd('\n').Split('\n'))["psrun: ".Length..];
    }

    private int Count() =>
        int.TryParse(File.ReadAllText(bundle.Path + "/rootfs/tmp/count"), out int number) ? number : 0;

    private void WaitForCount(int number) => Poll.Until(
        () => File.Exists(bundle.Path + "/rootfs/tmp/count") && Count() >= number,
        $"the container does not count to {number}");
}
