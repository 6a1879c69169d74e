using System.Text.Json.Nodes;
using Container.Native.Monitor;
using Container.Native.Oci;
using Container.Native.Syscalls;
using Container.Runtime.Tests.Config;
using Xunit;

namespace Container.Runtime.Tests.Monitor;

/// <summary>What a document asks for beside the container is done for a monitored one as for any other.</summary>
public sealed class MonitorHooksTests(BusyBoxRoot busyBox) : IDisposable
{
    private readonly string files = Directory.CreateTempSubdirectory("psrun-hooks-").FullName;

    private string Trace => files + "/trace";

    // For hooks with the container's ids, too.
    private void ShareFiles()
    {
        File.SetUnixFileMode(files, (UnixFileMode)0x1FF);
        File.WriteAllText(Trace, "");
        File.SetUnixFileMode(Trace, (UnixFileMode)0x1B6);
    }

    public void Dispose() => Directory.Delete(files, recursive: true);

    [Fact]
    public void Every_hook_runs_in_its_turn_with_the_state()
    {
        ShareFiles();
        using TestContainer container = new(busyBox, "sleep", "1000");
        container.Spec = container.Spec with
        {
            Annotations = new Dictionary<string, string> { ["org.example/x"] = "y" },
            Hooks = new OciHooks
            {
                Prestart = [Host("prestart")],
                CreateRuntime = [Host("createRuntime")],
                CreateContainer = [Host("createContainer")],
                StartContainer = [Script("(echo startContainer; cat; echo; id -u) >/tmp/trace")],
                Poststart = [Host("poststart")],
                Poststop = [Host("poststop")],
            },
        };
        container.Start();
        Assert.Equal(
            ["prestart created", "createRuntime created", "createContainer created", "poststart running"], Ran());
        JsonNode told = JsonNode.Parse(File.ReadLines(Trace).First().Split(' ', 2)[1])!;
        Assert.Equal(container.Request.Id, (string?)told["id"]);
        Assert.Equal(container.Pid, (int)told["pid"]!);
        Assert.Equal(container.Request.Bundle, (string?)told["bundle"]);
        Assert.Equal("y", (string?)told["annotations"]!["org.example/x"]);
        string inside = Path.Join(container.Request.Rootfs.Upper, "tmp/trace");
        Assert.Equal("startContainer", File.ReadLines(inside).First());
        Assert.Equal("0", File.ReadLines(inside).Last());

        container.Kill();
        container.Wait();
        container.WaitForMonitor();
        Assert.Equal("poststop stopped", Ran()[^1]);
        Assert.Equal(5, Ran().Length);
    }

    [Fact]
    public void A_createContainer_hook_is_in_the_containers_namespaces()
    {
        ShareFiles();
        using TestContainer container = new(busyBox, "readlink", "/proc/self/ns/net");
        container.Spec = container.Spec with
        {
            Hooks = new OciHooks { CreateContainer = [Script($"readlink /proc/self/ns/net >{Trace}; ls bin/busybox >>{Trace}")] },
        };
        container.Start();
        container.Wait();
        string[] lines = File.ReadAllLines(Trace);
        Assert.Equal(["stdout F " + lines[0]], container.Records);
        Assert.Equal("bin/busybox", lines[1]);
    }

    [Theory]
    [InlineData("prestart")]
    [InlineData("createRuntime")]
    [InlineData("createContainer")]
    [InlineData("startContainer")]
    [InlineData("poststart")]
    public void A_hook_that_fails_keeps_the_container_from_running(string name)
    {
        using TestContainer container = new(busyBox, "sleep", "1000");
        OciHook[] failing = [Script("echo why >&2; exit 3")];
        OciHooks hooks = new() { Poststop = [Host("poststop")] };
        container.Spec = container.Spec with
        {
            Hooks = name switch
            {
                "prestart" => hooks with { Prestart = failing },
                "createRuntime" => hooks with { CreateRuntime = failing },
                "createContainer" => hooks with { CreateContainer = failing },
                "startContainer" => hooks with { StartContainer = failing },
                _ => hooks with { Poststart = failing },
            },
        };
        container.Request = container.Request with { RestartPolicy = "always" };
        MonitorMessage answer = container.TryStart();
        Assert.Equal(
            ("error", "HookFailed", $"error running {name} hook #0: '/bin/sh': exit code 3: why"),
            (answer.Type, answer.Id, answer.Message));
        container.WaitForMonitor();
        Assert.Equal(("exited", "HookFailed"), (container.State.Status, container.State.Error?.Id));
        Assert.Equal(["poststop stopped"], Ran());
        Assert.Empty(container.FindCgroups());
    }

    [Fact]
    public void A_poststop_hook_that_fails_is_told_and_stops_nothing()
    {
        using TestContainer container = new(busyBox, "true");
        container.Spec = container.Spec with
        {
            Hooks = new OciHooks { Poststop = [Script("exit 5"), Host("second")] },
        };
        container.Start();
        Assert.Equal(0, container.Wait().ExitCode);
        container.WaitForMonitor();
        Assert.Equal(["second stopped"], Ran());
        Assert.Equal("error running poststop hook #0: '/bin/sh': exit code 5", container.State.Error?.Message);
    }

    [Fact]
    public void They_run_again_with_each_start()
    {
        using TestContainer container = new(busyBox, "false");
        container.Spec = container.Spec with
        {
            Hooks = new OciHooks { CreateRuntime = [Host("createRuntime")], Poststop = [Host("poststop")] },
        };
        container.Request = container.Request with { RestartPolicy = "onFailure", RestartLimit = 1 };
        container.Start();
        container.WaitForMonitor();
        Assert.Equal(
            ["createRuntime created", "poststop stopped", "createRuntime created", "poststop stopped"], Ran());
    }

    [Fact]
    public void The_filters_supervisor_gets_the_listener_of_every_process()
    {
        using DescriptorListener socket = new(files + "/listener.sock");
        using TestContainer container = new(busyBox, "sleep", "1000");
        container.Spec = container.Spec with
        {
            Linux = container.Spec.Linux! with
            {
                Seccomp = new OciSeccomp
                {
                    DefaultAction = "SCMP_ACT_ALLOW",
                    ListenerPath = files + "/listener.sock",
                    ListenerMetadata = "about",
                    Syscalls = [new OciSyscall { Names = ["mkdir", "mkdirat"], Action = "SCMP_ACT_NOTIFY" }],
                },
            },
        };
        container.Start();
        using FileDescriptor first = socket.Receive(out string text);
        JsonNode message = JsonNode.Parse(text)!;
        Assert.Equal(
            ("creating", container.Pid, "about"),
            ((string?)message["state"]!["status"], (int)message["pid"]!, (string?)message["metadata"]));
        using TestExec exec = container.Execute("mkdir", "/tmp/x");
        using SystemCallSupervisor supervisor = new(socket.Receive(out text), _ => (int)Errno.EXDEV);
        Assert.Equal("running", (string?)JsonNode.Parse(text)!["state"]!["status"]);
        Assert.Equal(1, exec.WaitForExit());
        Poll.Until(() => supervisor.Answered == 1, "it was not asked");
        container.Kill();
    }

    [Fact]
    public void A_supervisor_that_is_not_there_is_an_error()
    {
        using TestContainer container = new(busyBox, "sleep", "1000");
        container.Spec = container.Spec with
        {
            Linux = container.Spec.Linux! with
            {
                Seccomp = new OciSeccomp
                {
                    DefaultAction = "SCMP_ACT_ALLOW",
                    ListenerPath = files + "/nobody.sock",
                    Syscalls = [new OciSyscall { Names = ["mkdir"], Action = "SCMP_ACT_NOTIFY" }],
                },
            },
        };
        MonitorMessage answer = container.TryStart();
        Assert.Equal("error", answer.Type);
        Assert.Contains("linux.seccomp.listenerPath", answer.Message, StringComparison.Ordinal);
        container.WaitForMonitor();
    }

    [Fact]
    public void Resctrl_that_the_host_lacks_is_refused()
    {
        Assert.SkipWhen(File.ReadAllText("/proc/self/mounts").Contains(" resctrl ", StringComparison.Ordinal), "the host has it");
        using TestContainer container = new(busyBox, "true");
        container.Spec = container.Spec with
        {
            Linux = container.Spec.Linux! with { IntelRdt = new OciIntelRdt { L3CacheSchema = "L3:0=f" } },
        };
        MonitorMessage answer = container.TryStart();
        Assert.Equal(("error", "KernelFeatureMissing"), (answer.Type, answer.Id));
        Assert.StartsWith("linux.intelRdt: no resctrl", answer.Message, StringComparison.Ordinal);
        container.WaitForMonitor();
    }

    [Fact]
    public void A_later_process_has_the_documents_personality()
    {
        using TestContainer container = new(busyBox, "sh", "-c", "uname -m; exec sleep 1000");
        container.Spec = container.Spec with
        {
            Linux = container.Spec.Linux! with { Personality = new OciPersonality { Domain = "LINUX32" } },
        };
        container.Start();
        string first = container.WaitForRecords(1)[0]["stdout F ".Length..];
        using TestExec exec = container.Execute("sh", "-c", $"test \"$(uname -m)\" = {first}");
        Assert.Equal(0, exec.WaitForExit());
        Assert.DoesNotContain("64", first, StringComparison.Ordinal);
        container.Kill();
    }

    private string[] Ran() => File.Exists(Trace)
        ? [.. File.ReadAllLines(Trace).Select(static l => l.Split(' ', 2)).Select(
            static p => $"{p[0]} {JsonNode.Parse(p[1])!["status"]}")]
        : [];

    private OciHook Host(string name) => Script($"printf '{name} %s\\n' \"$(cat)\" >>{Trace}");

    private static OciHook Script(string script) =>
        new() { Path = "/bin/sh", Args = ["sh", "-c", script], Env = ["PATH=/usr/bin:/bin"] };
}
