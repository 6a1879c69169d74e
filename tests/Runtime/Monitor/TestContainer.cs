using System.Diagnostics;
using Container.Native.Monitor;
using Container.Native.Oci;
using Container.Native.Oci.Documents;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Runtime.Tests.Monitor;

/// <summary>A container with a monitor of its own: the published psrun, driven through its socket as the engine does.</summary>
internal sealed class TestContainer : IDisposable
{
    /// <summary>Every wait of the tests ends after this: a monitor that hangs fails the test, not the run.</summary>
    public const int Patience = 60_000;

    /// <summary>The cgroup above those of all containers of this run.</summary>
    public static readonly string CgroupParent = $"/pscontainer-test-{Environment.ProcessId}";

    private const uint FirstHostId = 0x10000000;

    private readonly string root = System.IO.Directory.CreateTempSubdirectory("psrun-monitor-").FullName;
    private Process? monitor;

    public TestContainer(BusyBoxRoot busyBox, params string[] command)
    {
        if (!Environment.IsPrivilegedProcess) Assert.Skip("needs root");
        if (!File.Exists(Runtime)) Assert.Skip($"needs the published psrun at {Runtime}");
        string id = Guid.NewGuid().ToString("N");
        CgroupPath = $"{CgroupParent}/{id}";
        foreach (string name in (string[])["run", "bundle", "upper", "work"])
        {
            System.IO.Directory.CreateDirectory($"{root}/{name}");
        }

        Spec = CreateSpec(command);
        Request = new MonitorRequest
        {
            Id = id,
            Name = "test",
            Bundle = $"{root}/bundle",
            StateDirectory = Directory,
            LogPath = $"{root}/container.log",
            Rootfs = new MonitorRootfs
            {
                Lower = [busyBox.Directory],
                Upper = $"{root}/upper",
                Work = $"{root}/work",
                IdMap = true,
            },
        };
    }

    /// <summary>The executable under test.</summary>
    public static string Runtime { get; } = FindRuntime();

    /// <summary>What the bundle says; replace it before the start.</summary>
    public OciSpec Spec { get; set; }

    /// <summary>What the monitor is asked; replace it before the start.</summary>
    public MonitorRequest Request { get; set; }

    /// <summary>The monitor is started with a descriptor that is not close-on-exec.</summary>
    public bool InheritedDescriptor { get; set; }

    /// <summary>What a shell does before it becomes the monitor.</summary>
    public string Caller { get; set; } = "";

    /// <summary>The monitor has a mount namespace of its own.</summary>
    public bool OwnMounts { get; set; }

    /// <summary>How many descriptors the monitor may have; 0 is as many as we.</summary>
    public int DescriptorLimit { get; set; }

    public string Directory => $"{root}/run";

    public string CgroupPath { get; }

    /// <summary>The connection that started the container.</summary>
    public TestClient Client { get; private set; } = null!;

    public Process Monitor => monitor!;

    public int Pid { get; private set; }

    public string Log => File.ReadAllText(Request.LogPath!);

    /// <summary>The texts of the log's records, the stream and the kind before each.</summary>
    public IReadOnlyList<string> Records => [.. Log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[31..])];

    /// <summary>The same, once there are <paramref name="count"/>: a container is started before it writes.</summary>
    public IReadOnlyList<string> WaitForRecords(int count)
    {
        SpinWait.SpinUntil(() => File.Exists(Request.LogPath) && Records.Count >= count, Patience);
        return Records;
    }

    public MonitorState State => MonitorDocument.ReadState(File.ReadAllBytes($"{Directory}/state.json"));

    /// <summary>Starts the monitor without its container.</summary>
    public void StartMonitor()
    {
        File.WriteAllBytes($"{root}/bundle/config.json", OciDocument.Write(Spec));
        File.WriteAllBytes($"{Directory}/monitor.json", MonitorDocument.Write(Request));
        string leak = InheritedDescriptor ? $"exec 9> '{root}/inherited';" : "";
        if (DescriptorLimit > 0) leak += $" ulimit -n {DescriptorLimit};";
        monitor = Process.Start(new ProcessStartInfo(
            "/bin/sh", ["-c", $"{Caller} {leak} exec {(OwnMounts ? "unshare -m " : "")}\"$0\" \"$@\"", Runtime, "monitor", "--directory", Directory])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        monitor.StandardInput.Close();
        Assert.Equal("ready", monitor.StandardOutput.ReadLine());
        Client = Connect();
    }

    /// <summary>Starts the container and expects that it works.</summary>
    public TestContainer Start(params ReadOnlySpan<int> streams)
    {
        MonitorMessage answer = TryStart(streams);
        Assert.True(answer.Type == "started", answer.Message);
        Pid = answer.Pid!.Value;
        return this;
    }

    /// <summary>Starts the container and returns the answer.</summary>
    public MonitorMessage TryStart(params ReadOnlySpan<int> streams)
    {
        StartMonitor();
        Client.Send(new MonitorMessage { Type = "start" }, streams);
        return Client.Receive();
    }

    public TestClient Connect() => new(MonitorConnection.Connect(Directory));

    /// <summary>Runs a further process; its answers come on the connection that is returned.</summary>
    public TestExec Execute(params string[] command) => new(this, command);

    /// <summary>Waits for the container's end; where the monitor has gone already, its state tells.</summary>
    public MonitorMessage Wait()
    {
        try
        {
            using TestClient client = Connect();
            client.Send(new MonitorMessage { Type = "wait" });
            return client.Receive();
        }
        catch (Exception failure) when (failure is SystemCallException or EndOfStreamException)
        {
            MonitorState state = State;
            Assert.Equal("exited", state.Status);
            return new MonitorMessage
            {
                Type = "exited",
                ExitCode = state.ExitCode,
                Signal = state.Signal,
                OutOfMemory = state.OutOfMemory,
            };
        }
    }

    /// <summary>Waits for the monitor's end, which follows the container's.</summary>
    public void WaitForMonitor() => Assert.True(monitor!.WaitForExit(Patience), "the monitor is still there");

    public void Kill()
    {
        using TestClient client = Connect();
        client.Send(new MonitorMessage { Type = "kill", Signal = 9 });
        Assert.Equal("ok", client.Receive().Type);
    }

    public void Dispose()
    {
        Client?.Dispose();
        if (monitor is { HasExited: false })
        {
            try
            {
                using TestClient client = Connect();
                client.Send(new MonitorMessage { Type = "kill", Signal = 9, All = true, Stop = true });
                client.Receive();
            }
            catch (Exception failure) when (failure is SystemCallException or EndOfStreamException)
            {
                // It is about to end.
            }

            if (!monitor.WaitForExit(5000)) monitor.Kill();
        }

        monitor?.Dispose();
        System.IO.Directory.Delete(root, recursive: true);
    }

    /// <summary>A line of the monitor's /proc/PID/status.</summary>
    public long MonitorKilobytes(string name)
    {
        // A zombie has no memory.
        string? found = File.ReadLines($"/proc/{monitor!.Id}/status")
            .FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return found is null ? 0 : long.Parse(found.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], null);
    }

    public int MonitorDescriptors => System.IO.Directory.GetFileSystemEntries($"/proc/{monitor!.Id}/fd").Length;

    /// <summary>The directories of the container's cgroup that exist, of all hierarchies.</summary>
    public IReadOnlyList<string> FindCgroups() =>
        [.. System.IO.Directory.GetDirectories("/sys/fs/cgroup").Append("/sys/fs/cgroup")
            .Select(hierarchy => hierarchy + CgroupPath).Where(System.IO.Directory.Exists)];

    private OciSpec CreateSpec(string[] command) => new()
    {
        OciVersion = "1.3.0",
        Root = new OciRoot { Path = "rootfs" },
        Hostname = "test",
        Process = new OciProcess
        {
            Args = command,
            Env = ["PATH=/bin", "HOME=/", "TERM=xterm"],
            Cwd = "/",
            NoNewPrivileges = true,
        },
        Mounts =
        [
            new OciMount { Destination = "/proc", Type = "proc", Source = "proc" },
            new OciMount { Destination = "/dev", Type = "tmpfs", Source = "tmpfs", Options = ["nosuid", "mode=755"] },
            new OciMount
            {
                Destination = "/dev/pts",
                Type = "devpts",
                Source = "devpts",
                Options = ["newinstance", "ptmxmode=0666", "mode=0620"],
            },
        ],
        Linux = new OciLinux
        {
            CgroupsPath = CgroupPath,
            UidMappings = [new OciIdMapping { ContainerId = 0, HostId = FirstHostId, Size = 65536 }],
            GidMappings = [new OciIdMapping { ContainerId = 0, HostId = FirstHostId, Size = 65536 }],
            Namespaces =
            [
                .. new[] { "user", "pid", "mount", "ipc", "uts", "cgroup", "network" }
                    .Select(type => new OciNamespace { Type = type }),
            ],
        },
    };

    private static string FindRuntime()
    {
        string? named = Environment.GetEnvironmentVariable("PSRUN");
        if (!string.IsNullOrEmpty(named)) return named;
        return Path.Join(Repository.Root, "artifacts/publish/Runtime/release_linux-x64/psrun");
    }
}
