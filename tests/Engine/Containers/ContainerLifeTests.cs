using System.Diagnostics;
using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Engine.Images;
using Container.Engine.Logs;
using Container.Engine.Store;
using Container.Native.Monitor;
using Container.Native.Oci;
using Container.Native.Oci.Documents;
using Xunit;

namespace Container.Engine.Tests.Containers;

/// <summary>The less usual ways a container comes and goes.</summary>
public sealed class ContainerLifeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_container_that_removes_itself_is_gone_when_it_has_ended()
    {
        using TestEngine test = TestEngine.WithRuntime();
        ContainerConfiguration once = ContainerRunTests.Shell(
            test, "rootfs", "exit 3") with { AutoRemove = true, Name = "once" };
        ContainerRecord waited = test.Make(once);
        test.Containers.Start(waited.Id, Cancellation);
        Assert.Equal(3, test.Containers.Wait(waited.Id, Cancellation).ExitCode);
        ContainerCreateTests.AssertEmpty(test);

        // Nobody waits for the second one, whose name the third one wants; what it ended with stays for a while.
        ContainerRecord left = test.Make(once);
        test.Containers.Start(left.Id, Cancellation);
        Poll.Until(() => test.Containers.TryResolve(left.Id) is null, "it is still there");
        Assert.Equal(3, test.Containers.TryGetEnded(left.Id)?.ExitCode);
        ContainerRecord third = test.Make(once);
        Assert.Equal(third.Id, Assert.Single(test.Containers.List()).Id);
        test.Containers.Start(third.Id, Cancellation);
        ContainerCreateTests.AssertEmpty(test);
    }

    [Fact]
    public void Only_a_container_that_removes_itself_may_have_lost_its_document_with_the_power()
    {
        using TestEngine test = TestEngine.WithRuntime();
        ContainerConfiguration lasting = ContainerRunTests.Shell(test, "rootfs", "exit 3");
        string Document(string id) => $"{test.Options.StateRoot}/containers/{id}/container.json";
        File.WriteAllText(Document(test.Make(lasting with { AutoRemove = true }).Id), "");
        Assert.Empty(test.Containers.List());
        ContainerCreateTests.AssertEmpty(test);

        string kept = Document(test.Make(lasting).Id);
        string content = File.ReadAllText(kept);
        File.WriteAllText(kept, "");
        Assert.Equal(ErrorId.SpecInvalid, Assert.Throws<EngineException>(() => test.Containers.List()).Id);
        File.WriteAllText(kept, content);
        Assert.Single(test.Containers.List());
    }

    [Fact]
    public void A_start_that_is_cancelled_is_no_other_failure()
    {
        using TestEngine test = TestEngine.WithRuntime();
        for (int round = 0; round < 60; round++)
        {
            ContainerRecord made = test.Make(ContainerRunTests.Shell(test, "host", "exec sleep 1000"));
            using CancellationTokenSource source = new(TimeSpan.FromMilliseconds(round % 15));
            try
            {
                test.Containers.StartAttached(made.Id, null, source.Token).Dispose();
            }
            catch (OperationCanceledException)
            {
                Assert.True(source.IsCancellationRequested);
            }

            test.Containers.Remove(made.Id, force: true, cancellation: Cancellation);
        }

        ContainerCreateTests.AssertEmpty(test);
    }

    [Fact]
    public async Task What_is_started_while_it_is_removed_with_force_goes_too()
    {
        using TestEngine test = TestEngine.WithRuntime();
        ContainerRecord made = test.Make(ContainerRunTests.Shell(test, "host", "exec sleep 1000"));
        int process = test.Containers.Start(made.Id, Cancellation).Pid!.Value;

        // As the monitor of a shell that was killed while it started it: it runs when the lock is had, not before.
        string state = $"{test.Options.RunRoot}/containers/{made.Id}/state.json";
        string own = $"{test.Options.StateRoot}/containers/{made.Id}";
        Task removal;
        using (LockFile.TryAcquire($"{own}/lock"))
        {
            File.Delete($"{own}/state.json");
            File.Move(state, state + ".later");
            removal = Task.Run(
                () => test.Containers.Remove(made.Id, force: true, cancellation: Cancellation), Cancellation);
            await Task.WhenAny(removal, Task.Delay(500, Cancellation));
            Assert.False(removal.IsCompleted);
            File.Move(state + ".later", state);
        }

        await removal;
        Assert.False(Directory.Exists($"/proc/{process}"));
        ContainerCreateTests.AssertEmpty(test);
    }

    [Fact]
    public void The_end_is_known_when_the_run_directory_is_lost()
    {
        using TestEngine test = TestEngine.WithRuntime();
        ContainerRecord made = test.Make(ContainerRunTests.Shell(test, "rootfs", "exit 9"));
        test.Containers.Start(made.Id, Cancellation);
        test.Containers.Wait(made.Id, Cancellation);
        Directory.Delete(test.Options.RunRoot!, recursive: true);

        ContainerRecord found = test.Containers.Resolve(made.Id);
        Assert.Equal((ContainerState.Exited, 9, null), (found.State, found.ExitCode, found.Error));
    }

    [Fact]
    public void A_bundle_runs_as_it_is()
    {
        using TestEngine test = TestEngine.WithRuntime();
        ContainerRecord model = test.Make(ContainerRunTests.Shell(test, "rootfs", "echo bundle; echo x > /written") with
        {
            UserNamespace = NamespaceMode.Host, NoHostsFile = true,
        });
        string bundle = $"{test.Root}/bundle";
        Directory.CreateDirectory(bundle);
        OciSpec spec = OciDocument.ReadSpec(
            File.ReadAllBytes($"{test.Options.StateRoot}/containers/{model.Id}/bundle/config.json"));
        File.WriteAllBytes(
            $"{bundle}/config.json",
            OciDocument.Write(spec with { Linux = spec.Linux! with { CgroupsPath = null } }));
        Directory.Move(test.MakeRootFs(), $"{bundle}/rootfs");

        ContainerRecord made = test.Make(new() { BundlePath = bundle });
        test.Containers.Start(made.Id, Cancellation);
        Assert.Equal(0, test.Containers.Wait(made.Id, Cancellation).ExitCode);
        Assert.Equal("bundle", Assert.Single(test.Containers.ReadLog(made.Id, null, Cancellation)).Line);
        Assert.True(File.Exists($"{bundle}/rootfs/written"));
        test.Containers.Remove(made.Id, cancellation: Cancellation);
        Assert.True(File.Exists($"{bundle}/rootfs/written"));

        File.WriteAllText($"{bundle}/config.json", "{\"ociVersion\": 1}");
        EngineException failure = Assert.Throws<EngineException>(() => test.Make(new() { BundlePath = bundle }));
        Assert.Equal(ErrorId.SpecInvalid, failure.Id);
        Assert.Contains("ociVersion", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bundles_hooks_run_and_its_relative_sources_start_at_it()
    {
        using TestEngine test = TestEngine.WithRuntime();
        ContainerRecord model = test.Make(
            ContainerRunTests.Shell(test, "rootfs", "cat /data/file /again/file") with
            {
                UserNamespace = NamespaceMode.Host, NoHostsFile = true,
            });
        string bundle = $"{test.Root}/bundle";
        Directory.CreateDirectory($"{bundle}/data");
        File.WriteAllText($"{bundle}/data/file", "found\n");
        OciSpec spec = OciDocument.ReadSpec(
            File.ReadAllBytes($"{test.Options.StateRoot}/containers/{model.Id}/bundle/config.json"));
        OciHook Hook(string name) => new()
        {
            Path = "/bin/sh", Args = ["sh", "-c", $"echo {name} >>{bundle}/trace"], Env = ["PATH=/usr/bin:/bin"],
        };
        File.WriteAllBytes(
            $"{bundle}/config.json",
            OciDocument.Write(spec with
            {
                Linux = spec.Linux! with { CgroupsPath = null },
                Mounts =
                [
                    .. spec.Mounts!,
                    new OciMount { Destination = "/data", Type = "bind", Source = "data", Options = ["bind"] },
                    new OciMount { Destination = "/again", Type = "bind", Source = "rootfs/data", Options = ["bind"] },
                ],
                Hooks = new OciHooks
                {
                    CreateRuntime = [Hook("createRuntime")],
                    CreateContainer = [Hook("createContainer")],
                    Poststart = [Hook("poststart")],
                    Poststop = [Hook("poststop")],
                },
            }));
        Directory.Move(test.MakeRootFs(), $"{bundle}/rootfs");

        ContainerRecord made = test.Make(new() { BundlePath = bundle });
        test.Containers.Start(made.Id, Cancellation);
        Assert.Equal(0, test.Containers.Wait(made.Id, Cancellation).ExitCode);
        Assert.Equal(["found", "found"], test.Containers.ReadLog(made.Id, null, Cancellation).Select(static line => line.Line));
        Assert.Equal(["createRuntime", "createContainer", "poststart", "poststop"], File.ReadAllLines($"{bundle}/trace"));
        test.Containers.Remove(made.Id, cancellation: Cancellation);

        OciSpec failing = OciDocument.ReadSpec(File.ReadAllBytes($"{bundle}/config.json"));
        File.WriteAllBytes(
            $"{bundle}/config.json",
            OciDocument.Write(failing with
            {
                Hooks = new OciHooks { CreateRuntime = [new OciHook { Path = "/bin/sh", Args = ["sh", "-c", "echo why; exit 3"] }] },
            }));
        ContainerRecord other = test.Make(new() { BundlePath = bundle });
        EngineException failure = Assert.Throws<EngineException>(() => test.Containers.Start(other.Id, Cancellation));
        Assert.Equal(ErrorId.HookFailed, failure.Id);
        Assert.Equal("error running createRuntime hook #0: '/bin/sh': exit code 3: why", failure.Message);
        test.Containers.Remove(other.Id, cancellation: Cancellation);
    }

    [Fact]
    public void An_image_from_an_archive_runs_and_is_in_use_meanwhile()
    {
        using TestEngine test = TestEngine.WithRuntime();
        string archive = $"{test.Root}/rootfs.tar";
        using (Process tar = Process.Start("tar", ["-C", test.MakeRootFs(), "-cf", archive, "."]))
        {
            tar.WaitForExit();
        }

        ImageRecord image = test.Engine.Images.ImportRootFs(
            archive, "test/busybox:1", null, null, ["CMD [\"/bin/id\", \"-u\"]", "USER web"], null, Cancellation);
        ContainerRecord made = test.Make(new() { Image = "test/busybox:1" });
        test.Containers.Start(made.Id, Cancellation);
        Assert.Equal(0, test.Containers.Wait(made.Id, Cancellation).ExitCode);
        Assert.Equal("1000", Assert.Single(test.Containers.ReadLog(made.Id, null, Cancellation)).Line);

        Assert.Equal(image.Id, made.ImageId);
        EngineException failure = Assert.Throws<EngineException>(() =>
            test.Engine.Images.Remove("test/busybox:1", cancellation: Cancellation));
        Assert.Equal(ErrorId.ImageInUse, failure.Id);
        test.Containers.Remove(made.Id, cancellation: Cancellation);
        test.Engine.Images.Remove("test/busybox:1", cancellation: Cancellation);
    }

    [Fact]
    public void A_log_is_followed_to_the_end_of_the_container()
    {
        using TestEngine test = TestEngine.WithRuntime();
        ContainerRecord made = test.Make(ContainerRunTests.Shell(
            test, "rootfs", "i=0; while test $i -lt 50; do echo $i; i=$((i+1)); sleep 0.01; done; printf last"));
        test.Containers.Start(made.Id, Cancellation);

        string[] lines = [.. test.Containers.ReadLog(made.Id, new LogOptions { Follow = true }, Cancellation)
            .Select(entry => entry.Line)];
        Assert.Equal([.. Enumerable.Range(0, 50).Select(index => $"{index}"), "last"], lines);
    }

    [Fact]
    public void A_log_is_rotated_and_read_across_its_files()
    {
        using TestEngine test = TestEngine.WithRuntime();
        ContainerRecord made = test.Make(ContainerRunTests.Shell(test, "rootfs", "seq 1 400000"));
        test.Containers.Start(made.Id, Cancellation);
        test.Containers.Wait(made.Id, Cancellation);

        string directory = $"{test.Options.StateRoot}/containers/{made.Id}";
        Assert.True(File.Exists($"{directory}/container.log.1"));
        Assert.All(Directory.GetFiles(directory, "container.log*"), file =>
            Assert.InRange(new FileInfo(file).Length, 1, 10 << 20));
        int expected = 400_001 - test.Containers.ReadLog(made.Id, null, Cancellation).Count();
        foreach (LogEntry entry in test.Containers.ReadLog(made.Id, null, Cancellation))
        {
            Assert.Equal($"{expected++}", entry.Line);
        }

        Assert.Equal(400_001, expected);
        Assert.Equal(
            ["399999", "400000"],
            test.Containers.ReadLog(made.Id, new LogOptions { Tail = 2 }, Cancellation).Select(entry => entry.Line));
    }

    [Fact]
    public void A_starter_that_is_killed_leaves_a_container_that_can_be_started()
    {
        using TestEngine test = TestEngine.WithRuntime();
        ContainerRecord made = test.Make(ContainerRunTests.Shell(test, "rootfs", "exit 0"));

        // What a starter does, up to the moment before it asks the monitor to start.
        string run = $"{test.Options.RunRoot}/containers/{made.Id}";
        test.Containers.Start(made.Id, Cancellation);
        test.Containers.Wait(made.Id, Cancellation);
        using Process monitor = new()
        {
            StartInfo = new ProcessStartInfo(TestEngine.FindRuntime(), ["monitor", "--directory", run])
            {
                RedirectStandardOutput = true,
            },
        };
        monitor.Start();
        Assert.Equal("ready", monitor.StandardOutput.ReadLine());
        AwaitStatus(test, made.Id, "created");

        Assert.Equal(ContainerState.Created, test.Containers.Resolve(made.Id).State);
        test.Containers.Start(made.Id, Cancellation);
        Assert.Equal(0, test.Containers.Wait(made.Id, Cancellation).ExitCode);
        Assert.True(monitor.WaitForExit(Poll.Patience));
    }

    [Fact]
    public void A_start_that_is_cancelled_leaves_nothing_running()
    {
        using TestEngine test = TestEngine.WithRuntime();
        ContainerRecord made = test.Make(ContainerRunTests.Shell(test, "rootfs", "sleep 1000"));
        using CancellationTokenSource source = new();
        source.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => test.Containers.Start(made.Id, source.Token));
        Assert.Equal(ContainerState.Created, test.Containers.Resolve(made.Id).State);
    }

    [Fact]
    public void A_runtime_that_says_nothing_of_use_is_reported()
    {
        using TestEngine test = TestEngine.WithRuntime();
        string broken = $"{test.Root}/broken";
        File.WriteAllText(broken, "#!/bin/sh\necho 'psrun monitor: no such luck' >&2\nexit 1\n");
        Process.Start("chmod", ["+x", broken]).WaitForExit();
        ContainerEngine engine = ContainerEngine.Open(test.Options with { RuntimePath = broken });
        ContainerRecord made = test.Make(new() { Image = HostImage.Name });

        EngineException failure = Assert.Throws<EngineException>(() => engine.Containers.Start(made.Id, Cancellation));
        Assert.Equal((ErrorId.RuntimeUnavailable, "psrun monitor: no such luck"), (failure.Id, failure.Message));
        Assert.Equal(ContainerState.Created, test.Containers.Resolve(made.Id).State);
    }

    private static void AwaitStatus(TestEngine test, string id, string status)
    {
        string path = $"{test.Options.RunRoot}/containers/{id}/state.json";
        Poll.Until(
            () => File.Exists(path) && MonitorDocument.ReadState(File.ReadAllBytes(path)).Status == status,
            $"{id} is not {status}");
    }
}
