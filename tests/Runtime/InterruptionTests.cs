using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests;

/// <summary>What is left when psrun is killed or fails in the middle, and what its locks are for.</summary>
public sealed class InterruptionTests : IDisposable
{
    private readonly Psrun psrun = new();
    private readonly Bundle bundle;
    private readonly string id = Guid.NewGuid().ToString("N");

    public InterruptionTests() => bundle = new Bundle(psrun, "/bin/sleep", "1000");

    public void Dispose()
    {
        psrun.Dispose();
        bundle.Dispose();
    }

    [Fact]
    public void AProcessWhoseMakerIsKilledDoesNotWaitForEver()
    {
        string file = bundle.Path + "/hook";
        bundle.Change(config => config["hooks"] = new JsonObject
        {
            ["createRuntime"] = new JsonArray(new JsonObject
            {
                ["path"] = "/bin/sh",
                ["args"] = new JsonArray("sh", "-c", $"echo $$ >{file}.new; mv {file}.new {file}; exec sleep 1000"),
                ["env"] = new JsonArray("PATH=/usr/bin:/bin"),
            }),
        });
        using Process maker = psrun.Start(new CommandOptions(), "create", "-b", bundle.Path, id);
        Poll.Until(() => File.Exists(file), "the hook does not run");
        int pid = (int)State()["pid"]!;
        maker.Kill();
        maker.WaitForExit();
        Process.GetProcessById(int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture)).Kill();

        Poll.Until(
            () => !File.Exists($"/proc/{pid}/exe") || File.ReadAllText($"/proc/{pid}/stat").Contains(") Z "),
            "the process waits");
        psrun.Succeed("delete", "--force", id);
        Assert.Empty(psrun.Containers);
    }

    [Fact]
    public void AContainerThatIsBeingMadeIsNotTakenForRemains()
    {
        string other = id + "-other";
        psrun.Succeed("create", "-b", bundle.Path, other);
        string directory = $"{psrun.Root}/{id}";
        Directory.CreateDirectory(
            directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using Process delete = Lock(directory, () =>
        {
            Process waiting = psrun.Start(new CommandOptions(), "delete", "--force", id);
            Poll.Until(
                () => File.ReadAllText("/proc/locks").Contains($" {waiting.Id} ", StringComparison.Ordinal),
                "nobody waits for the lock");

            // As create does while it holds the lock.
            File.WriteAllText(directory + "/config.json", File.ReadAllText($"{psrun.Root}/{other}/config.json"));
            File.WriteAllText(directory + "/state.json", File.ReadAllText($"{psrun.Root}/{other}/state.json"));
            return waiting;
        });

        CommandResult result = Psrun.Finish(delete);
        Assert.Equal(new CommandResult(0, "", ""), result);
        Assert.Equal([other], psrun.Containers);

        // It was taken away as the container it is, with its process.
        Assert.Equal("stopped", (string?)JsonNode.Parse(psrun.Succeed("state", other))!["status"]);
    }

    [Theory]
    [InlineData("/nosuch/pid")]
    [InlineData("/proc/self/pid")]
    public void AProcessOfWhichTheCallerCannotBeToldIsEnded(string file)
    {
        psrun.Succeed("run", "--detach", "-b", bundle.Path, id);
        Assert.Contains(
            $"'{Path.GetDirectoryName(file)}/", psrun.Fail(255, "exec", "-d", "--pid-file", file, id, "/bin/sleep", "2000"),
            StringComparison.Ordinal);
        JsonArray pids = (JsonArray)JsonNode.Parse(psrun.Succeed("ps", "--format", "json", id))!;
        Assert.Single(pids);
    }

    [Fact]
    public void ARemovalThatFailedInTheMiddleGoesOn()
    {
        psrun.Succeed("run", "--detach", "-b", bundle.Path, id);
        string[] groups = Groups();
        Assert.SkipUnless(groups.Length > 1, "one cgroup tree: it is there or not");
        psrun.Succeed("kill", "--all", id, "KILL");
        Poll.Until(() => (string?)State()["status"] == "stopped", "it has not ended");
        foreach (string group in groups.Where(static g => !g.Contains("/systemd/", StringComparison.Ordinal)
            && !g.Contains("/unified/", StringComparison.Ordinal)))
        {
            Poll.Until(() => Removes(group), "the control group is in use");
        }

        psrun.Succeed("delete", id);
        Assert.Empty(Groups());
    }

    [Fact]
    public void WhatLiesInTheWayOfAPidFileIsNotWrittenTo()
    {
        string victim = bundle.Path + "/victim";
        File.WriteAllText(victim, "untouched");
        string script = $"for i in 0 1; do ln {victim} {bundle.Path}/.pid.$$.tmp; done; exec \"$@\"";
        ProcessStartInfo start = new("/bin/sh", ["-c", script, "sh", Psrun.Executable, "--root", psrun.Root,
            "create", "-b", bundle.Path, "--pid-file", bundle.Path + "/pid", id]) { RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Assert.True(process.WaitForExit(Poll.Patience));
        Assert.Equal(0, process.ExitCode);
        Assert.Equal("untouched", File.ReadAllText(victim));
        Assert.Equal($"{(int)State()["pid"]!}", File.ReadAllText(bundle.Path + "/pid"));
        Assert.Empty(Directory.GetFiles(bundle.Path, ".pid.*"));
    }

    [Theory]
    [InlineData("2147483647")]
    [InlineData("1001")]
    public void MoreListeningSocketsThanThereCanBeAreRefused(string count)
    {
        ProcessStartInfo start = new("/bin/sh", ["-c", "LISTEN_PID=$$ exec \"$@\"", "sh", Psrun.Executable,
            "--root", psrun.Root, "run", "-b", bundle.Path, id]) { RedirectStandardError = true };
        start.Environment["LISTEN_FDS"] = count;
        using Process process = Process.Start(start)!;
        Assert.Equal($"psrun: LISTEN_FDS: {count} descriptors, the limit is 1000\n", process.StandardError.ReadToEnd());
        Assert.True(process.WaitForExit(Poll.Patience));
        Assert.Equal(1, process.ExitCode);
    }

    [Fact]
    public void WhatABundleSaysIsOneLineAndNoSequenceForATerminal()
    {
        bundle.Change(static config => config["process"]!["args"] = new JsonArray("a\npsrun: b\u001b[31m\u009b"));
        string log = bundle.Path + "/log";
        Assert.Equal(
            "exec 'a\\npsrun: b\\u001b[31m\\u009b': executable file not found in $PATH (ENOENT)",
            psrun.Fail(1, "create", "-b", bundle.Path, id));
        psrun.Run(new CommandOptions { Global = ["--log", log] }, "create", "-b", bundle.Path, id);
        Assert.Contains("'a\\npsrun: b\\u001b[31m", Assert.Single(File.ReadAllLines(log)), StringComparison.Ordinal);
    }

    // flock(1) has another kind of lock, so it is ours: fcntl(2), which FileStream.Lock takes.
    private static Process Lock(string directory, Func<Process> meanwhile)
    {
        using FileStream file = new(
            directory + "/lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        file.Lock(0, 0);
        return meanwhile();
    }

    private static bool Removes(string group)
    {
        try
        {
            Directory.Delete(group);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private string[] Groups() => Directory.GetDirectories(
        "/sys/fs/cgroup", $"psrun-{id}.scope", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 });

    private JsonNode State() => JsonNode.Parse(psrun.Succeed("state", id))!;
}
