using System.Diagnostics;
using System.Text;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Runtime.Tests;

public sealed class TerminalTests : IDisposable
{
    private readonly Psrun psrun = new();
    private readonly Bundle bundle;
    private readonly string id = Guid.NewGuid().ToString("N");

    public TerminalTests() => bundle = new Bundle(psrun, "/bin/sh", "-c", "stty size; read line; echo got-$line; sleep 1000");

    public void Dispose()
    {
        psrun.Dispose();
        bundle.Dispose();
    }

    [Fact]
    public void TheConsoleSocketReceivesTheMaster()
    {
        bundle.Change(static config =>
        {
            config["process"]!["terminal"] = true;
            config["process"]!["consoleSize"] = System.Text.Json.Nodes.JsonNode.Parse("{\"height\":21,\"width\":43}");
        });
        using DescriptorListener listener = new(bundle.Path + "/console.sock");
        psrun.Succeed("create", "-b", bundle.Path, "--console-socket", listener.Path, id);
        using FileDescriptor master = listener.Receive("/dev/ptmx");
        psrun.Succeed("start", id);
        ReadUntil(master, "21 43");
        FileCalls.WriteAll(master.Number, "typed\n"u8, "the terminal");
        ReadUntil(master, "got-typed");

        using DescriptorListener second = new(bundle.Path + "/exec.sock");
        psrun.Succeed("exec", "-t", "-d", "--console-socket", second.Path, id, "sh", "-c", "ls -l /proc/self/fd/0; cat");
        using FileDescriptor execMaster = second.Receive("/dev/ptmx");
        ReadUntil(execMaster, "/dev/pts/1");
    }

    [Fact]
    public void RunServesTheTerminal()
    {
        bundle.Change(static config =>
        {
            config["process"]!["terminal"] = true;
            config["process"]!["args"] = System.Text.Json.Nodes.JsonNode.Parse("""["sh","-c","read l; echo got-$l; exit 6"]""");
        });
        CommandResult result = psrun.Run(new CommandOptions { Input = "piped\n" }, "run", "-b", bundle.Path, id);
        Assert.Equal(6, result.Code);
        Assert.EndsWith("got-piped\n", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', result.Output);
    }

    [Fact]
    public void ALotOfOutputComesWhole()
    {
        bundle.Change(static config =>
        {
            config["process"]!["terminal"] = true;
            config["process"]!["args"] = System.Text.Json.Nodes.JsonNode.Parse(
                """["sh","-c","i=0; while [ $i -lt 20000 ]; do echo line-$i; i=$((i+1)); done"]""");
        });
        string[] lines = psrun.Run("run", "-b", bundle.Path, id).Output.Split('\n');
        Assert.Equal(20_001, lines.Length);
        Assert.Equal("line-19999", lines[19_999]);
    }

    [Fact]
    public void ExecServesTheTerminal()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "script is not installed");
        bundle.Change(static config =>
            config["process"]!["args"] = System.Text.Json.Nodes.JsonNode.Parse("""["sleep","1000"]"""));
        psrun.Succeed("run", "-d", "-b", bundle.Path, id);
        string command = $"stty rows 31 cols 97; {Psrun.Executable} --root {psrun.Root} exec -t {id} stty size";
        using Process script = Process.Start(new ProcessStartInfo("script", ["-qec", command, "/dev/null"])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        })!;
        Assert.Contains("31 97", script.StandardOutput.ReadToEnd(), StringComparison.Ordinal);
        script.WaitForExit();
        Assert.Equal(0, script.ExitCode);
    }

    [Fact]
    public void AProcessThatEntersThePidNamespaceLastHasItsTerminalToo()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "strace is not installed");
        bundle.Change(static config =>
        {
            config["process"]!["args"] = System.Text.Json.Nodes.JsonNode.Parse("""["sleep","1000"]""");
            foreach (string set in new[] { "bounding", "effective", "permitted" })
                config["process"]!["capabilities"]![set]!.AsArray().Add("CAP_SYS_PTRACE");
        });
        psrun.Succeed("run", "-d", "-b", bundle.Path, id);
        using DescriptorListener listener = new(bundle.Path + "/exec.sock");

        // It goes on in a sibling, which does all it has to do before the process that made it comes back.
        string[] command = ["--root", psrun.Root, "exec", "-t", "--console-socket", listener.Path, id, "sh", "-c", "exit 7"];
        using Process traced = Process.Start(
            "/usr/bin/strace",
            ["-f", "-o", "/dev/null", "-e", "inject=clone3:delay_exit=100000", Psrun.Executable, .. command]);
        using FileDescriptor master = listener.Receive("/dev/ptmx");
        traced.WaitForExit();
        Assert.Equal(7, traced.ExitCode);
    }

    internal static void ReadUntil(FileDescriptor master, string expected)
    {
        StringBuilder text = new();
        byte[] buffer = new byte[4096];
        Stopwatch time = Stopwatch.StartNew();
        while (!text.ToString().Contains(expected, StringComparison.Ordinal))
        {
            Assert.True(time.Elapsed < Poll.Patience, $"'{expected}' did not come: {text}");
            if (Polling.Wait(master.Number, Polling.POLLIN, -1, 1000) == 0) continue;
            text.Append(Encoding.UTF8.GetString(buffer, 0, Read(master, buffer)));
        }
    }

    private static unsafe int Read(FileDescriptor source, byte[] buffer)
    {
        fixed (byte* start = buffer) return (int)FileCalls.read(source.Number, start, (nuint)buffer.Length);
    }
}
