using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Containers;
using Container.Engine.Errors;
using Container.Engine.Images;
using Container.Engine.Tests.Unprivileged;
using Xunit;

namespace Container.Engine.Tests.Containers;

/// <summary>What a container sees of its configuration from inside.</summary>
public sealed class ContainerIsolationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("host")]
    [InlineData("rootfs")]
    public void By_default_a_container_is_on_its_own(string image)
    {
        TestUser.RequireRoot("a range of ids");
        using TestEngine test = TestEngine.WithRuntime();
        string[] lines = Run(test, image, new(), """
            cat /proc/self/uid_map | while read a b c; do echo map $a $b $c; done
            echo pid $$
            grep -E "^(Cap(Eff|Inh|Bnd)|NoNewPrivs|Seccomp|Groups):" /proc/self/status | while read line; do echo $line; done
            echo host $(cat /etc/hostname)
            cat /proc/net/dev | grep -c :
            echo x 2>/dev/null > /proc/sys/kernel/hostname || echo procsys refused
            echo x 2>/dev/null > /sys/kernel/profiling || echo sys refused
            test -s /proc/kcore || echo kcore empty
            ls /proc/self/fd | wc -l
            cat /proc/self/cgroup | grep -c pscontainer
            cat /etc/hosts | grep -c localhost
            """, out ContainerRecord made);

        Assert.Equal(
        [
            $"map 0 {made.IdRangeStart} 65536",
            "pid 1",
            "Groups: 0",
            "CapInh: 0000000000000000",
            "CapEff: 00000000800405fb",
            "CapBnd: 00000000800405fb",
            "NoNewPrivs: 1",
            "Seccomp: 2",
            $"host {made.Id[..12]}",
            "1",
            "procsys refused",
            "sys refused",
            "kcore empty",
            "4",
            "0",
            "2",
        ], lines);
    }

    [Fact]
    public void The_hosts_files_show_as_nobodys_and_its_secrets_do_not_show()
    {
        using TestEngine test = TestEngine.WithRuntime();
        string[] lines = Run(test, "host", new(), """
            stat -c %U /etc/passwd
            cat /etc/shadow 2>/dev/null || echo shadow refused
            for d in /tmp /run /var /var/tmp /root /home; do touch $d/x && echo $d; done
            echo x 2>/dev/null > /etc/passwd || echo passwd refused
            ls -A /root | wc -l
            mkdir /made && touch /made/file && stat -c %u /made/file
            """, out _);

        Assert.Equal(
            ["nobody", "shadow refused", "/tmp", "/run", "/var", "/var/tmp", "/root", "/home", "passwd refused", "1",
             "0"],
            lines);
        Assert.False(Directory.Exists("/made"));
    }

    [Fact]
    public void Files_belong_to_the_containers_own_ids_and_stay_with_it()
    {
        using TestEngine test = TestEngine.WithRuntime();
        string rootFs = test.MakeRootFs();
        string[] lines = Run(
            test,
            new() { RootFsPath = rootFs },
            "stat -c '%u %g' /bin/busybox /; echo x > /made; stat -c '%u %g' /made; echo y > /etc/passwd",
            out ContainerRecord made);

        Assert.Equal(["0 0", "0 0", "0 0"], lines);
        Assert.True(File.Exists($"{test.Options.StateRoot}/containers/{made.Id}/upper/made"));
        Assert.False(File.Exists($"{rootFs}/made"));
        Assert.StartsWith("root", File.ReadAllText($"{rootFs}/etc/passwd"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_user_is_who_the_image_says()
    {
        using TestEngine test = TestEngine.WithRuntime();
        string[] lines = Run(
            test, new() { RootFsPath = test.MakeRootFs(), User = "web", WorkingDirectory = "/made/here", Umask = 0x3F },
            "id -u; id -g; id -G; pwd; umask; echo $HOME; grep CapEff /proc/self/status", out _);

        Assert.Equal(["1000", "1001", "1001 2000", "/made/here", "0077", "/srv", "CapEff:\t0000000000000000"], lines);
    }

    [Fact]
    public void Limits_are_in_force()
    {
        TestUser.RequireRoot("the control groups are looked for in its own");
        using TestEngine test = TestEngine.WithRuntime();
        ContainerRecord made = test.Make(
            ContainerRunTests.Shell(test, "rootfs", "ulimit -n; cat /proc/self/oom_score_adj; sleep 1000") with
        {
            Memory = 64 << 20,
            PidsLimit = 33,
            Cpu = 0.5,
            CpuWeight = 200,
            Ulimit = ["nofile=512:1024"],
            OomScoreAdjust = 500,
        });
        test.Containers.Start(made.Id, Cancellation);
        ContainerRunTests.WaitForLog(test, made.Id, "500", 1);

        Assert.Equal(["512", "500"], Lines(test, made.Id));
        Assert.Equal($"{64 << 20}", Control(made.Id, "memory", "memory.limit_in_bytes", "memory.max"));
        Assert.Equal("33", Control(made.Id, "pids", "pids.max", "pids.max"));
        Assert.Contains("50000", Control(made.Id, "cpu", "cpu.cfs_quota_us", "cpu.max"), StringComparison.Ordinal);
    }

    [Fact]
    public void Binds_are_writable_with_the_hosts_ids_or_read_only()
    {
        TestUser.RequireRoot("a range of ids");
        using TestEngine test = TestEngine.WithRuntime();
        string shared = $"{test.Root}/shared";
        Directory.CreateDirectory(shared);
        File.WriteAllText($"{shared}/given", "given\n");
        string[] lines = Run(
            test,
            new()
            {
                RootFsPath = test.MakeRootFs(),
                Mount =
                [
                    ContainerMount.Parse($"{shared}:/data"), ContainerMount.Parse($"{shared}:/fixed:ro"),
                    ContainerMount.Parse($"{shared}:/foreign:noidmap"),
                    ContainerMount.Parse($"{shared}/given:/etc/given:ro"),
                ],
            },
            """
            stat -c %u /data/given /foreign/given; cat /etc/given; echo made > /data/made
            echo x 2>/dev/null > /fixed/x || echo fixed refused
            echo x 2>/dev/null > /foreign/x || echo foreign refused
            """,
            out _);

        Assert.Equal(["0", "65534", "given", "fixed refused", "foreign refused"], lines);
        Assert.Equal("made\n", File.ReadAllText($"{shared}/made"));
        Assert.Equal(["given", "made"], Directory.GetFiles(shared).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Temporary_filesystems_shared_memory_and_a_read_only_root()
    {
        using TestEngine test = TestEngine.WithRuntime();
        string[] lines = Run(
            test,
            new()
            {
                RootFsPath = test.MakeRootFs(), ReadOnly = true, ShmSize = 1 << 20,
                Mount = [ContainerMount.ParseTmpfs("/tmp:size=2m,mode=700")],
            },
            """
            echo x 2>/dev/null > /etc/x || echo root refused
            echo x > /tmp/x && stat -c %a /tmp
            dd if=/dev/zero of=/dev/shm/x bs=1k count=1100 2>/dev/null || echo shm full
            dd if=/dev/zero of=/tmp/x bs=1k count=2100 2>/dev/null || echo tmp full
            """,
            out _);

        Assert.Equal(["root refused", "700", "shm full", "tmp full"], lines);
    }

    [Fact]
    public void Kernel_parameters_and_host_name_are_the_containers()
    {
        using TestEngine test = TestEngine.WithRuntime();
        string[] lines = Run(
            test,
            new()
            {
                RootFsPath = test.MakeRootFs(),
                Hostname = "inside",
                Sysctl = new Dictionary<string, string> { ["net.ipv4.ip_forward"] = "1", ["kernel.msgmax"] = "4096" },
            },
            "hostname; cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/msgmax", out _);

        Assert.Equal(["inside", "1", "4096"], lines);
        Assert.NotEqual("inside", Environment.MachineName);
    }

    [Fact]
    public void Namespaces_of_the_host_are_shared_when_asked()
    {
        TestUser.RequireRoot("the devices of a container without a cgroup namespace");
        using TestEngine test = TestEngine.WithRuntime();
        ContainerConfiguration shared = new()
        {
            RootFsPath = test.MakeRootFs(),
            NetworkNamespace = NamespaceMode.Host,
            PidNamespace = NamespaceMode.Host,
            IpcNamespace = NamespaceMode.Host,
            UtsNamespace = NamespaceMode.Host,
            CgroupNamespace = NamespaceMode.Host,
        };
        const string script = "for n in net pid ipc uts cgroup user; do readlink /proc/self/ns/$n; done";
        string[] mine = [.. new[] { "net", "pid", "ipc", "uts", "cgroup", "user" }.Select(name =>
            new FileInfo($"/proc/self/ns/{name}").LinkTarget!)];

        string[] inside = Run(test, shared, script, out _);
        Assert.Equal(mine[..5], inside[..5]);
        Assert.NotEqual(mine[5], inside[5]);
        Assert.Equal(
            mine, Run(test, shared with { UserNamespace = NamespaceMode.Host }, script, out ContainerRecord made));
        Assert.Null(made.IdRangeStart);
    }

    [Fact]
    public void A_container_joins_another_ones_namespaces_after_its_restart_too()
    {
        TestUser.RequireRoot("joining a namespace");
        using TestEngine test = TestEngine.WithRuntime();
        string rootFs = test.MakeRootFs();
        ContainerRecord first = test.Make(
            new() { RootFsPath = rootFs, Command = "/bin/sleep", ArgumentList = ["1000"] });
        ContainerRecord second = test.Make(new()
        {
            RootFsPath = rootFs,
            UserNamespace = NamespaceMode.Of(first.Name),
            NetworkNamespace = NamespaceMode.Of(first.Name),
            PidNamespace = NamespaceMode.Of(first.Name),
            IpcNamespace = NamespaceMode.Of(first.Name),
            Command = "/bin/sh",
            ArgumentList = ["-c", "cat /proc/1/cmdline; sleep 1000"],
        });

        Assert.Equal(
            ErrorId.ContainerNotRunning,
            Assert.Throws<EngineException>(() => test.Containers.Start(second.Id, Cancellation)).Id);
        for (int round = 1; round <= 2; round++)
        {
            int one = test.Containers.Start(first.Id, Cancellation).Pid!.Value;
            int two = test.Containers.Start(second.Id, Cancellation).Pid!.Value;
            foreach (string name in (string[])["user", "net", "pid", "ipc"])
            {
                Assert.Equal(
                    new FileInfo($"/proc/{one}/ns/{name}").LinkTarget,
                    new FileInfo($"/proc/{two}/ns/{name}").LinkTarget);
            }

            Assert.NotEqual(
                new FileInfo($"/proc/{one}/ns/mnt").LinkTarget, new FileInfo($"/proc/{two}/ns/mnt").LinkTarget);

            // The first process of the namespace takes the others along.
            test.Containers.Stop(first.Id, new StopOptions { Force = true }, Cancellation);
            Assert.Equal(137, test.Containers.Wait(second.Id, Cancellation).ExitCode);
        }
    }

    [Fact]
    public void Capabilities_seccomp_and_devices_are_as_configured()
    {
        using TestEngine test = TestEngine.WithRuntime();
        string[] plain = Run(
            test,
            new()
            {
                RootFsPath = test.MakeRootFs(),
                CapabilityDrop = ["ALL"],
                SeccompProfile = "unconfined",
                NoNewPrivileges = false,
            },
            "grep -E '^(CapEff|NoNewPrivs|Seccomp:)' /proc/self/status", out _);
        string[] privileged = Run(
            test, new() { RootFsPath = test.MakeRootFs(), Privileged = true },
            "grep -E '^Seccomp:' /proc/self/status; test -e /proc/sys/kernel/domainname && echo proc", out _);
        string[] device = Run(
            test, new() { RootFsPath = test.MakeRootFs(), Device = ["/dev/null:/dev/other"] },
            "echo x > /dev/other && stat -c '%F %t %T' /dev/other", out _);

        Assert.Equal(["CapEff:\t0000000000000000", "NoNewPrivs:\t0", "Seccomp:\t0"], plain);
        Assert.Equal(["Seccomp:\t0", "proc"], privileged);
        Assert.Equal(["character special file 1 3"], device);
    }

    [Theory]
    [InlineData("/proc/self/fd/3")]
    [InlineData("/proc/self/fd/7")]
    [InlineData("/proc/1/fd/8")]
    public void A_working_directory_cannot_be_an_open_file_of_the_host(string directory)
    {
        using TestEngine test = TestEngine.WithRuntime();
        ContainerRecord made = test.Make(
            new() { Image = HostImage.Name, Command = "/bin/pwd", WorkingDirectory = directory });

        // CVE-2024-21626: whichever descriptor it is, it never leads out of the container.
        try
        {
            test.Containers.Start(made.Id, Cancellation);
        }
        catch (EngineException)
        {
            return;
        }

        test.Containers.Wait(made.Id, Cancellation);
        Assert.All(Lines(test, made.Id), line => Assert.StartsWith("/proc/", line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_mount_target_in_the_image_cannot_lead_out()
    {
        using TestEngine test = TestEngine.WithRuntime();
        string victim = $"{test.Root}/victim";
        string rootFs = test.MakeRootFs();
        Directory.CreateDirectory(victim);
        File.CreateSymbolicLink($"{rootFs}/link", victim);
        Directory.Delete($"{rootFs}/etc", recursive: true);
        File.CreateSymbolicLink($"{rootFs}/etc", victim);

        ContainerRecord made = test.Make(new()
        {
            RootFsPath = rootFs,
            Mount = [ContainerMount.ParseTmpfs("/link/deep/down")],
            WorkingDirectory = "/link/work",
            Command = "/bin/sh",
            ArgumentList = ["-c", "echo ran"],
        });
        try
        {
            test.Containers.Start(made.Id, Cancellation);
            test.Containers.Wait(made.Id, Cancellation);
        }
        catch (EngineException)
        {
            // Refused is as good as confined.
        }

        Assert.Empty(Directory.GetFileSystemEntries(victim));
    }

    private static string[] Run(
        TestEngine test, string image, ContainerConfiguration configuration, string script, out ContainerRecord made) =>
        Run(
            test,
            image == "host"
                ? configuration with { Image = HostImage.Name }
                : configuration with { RootFsPath = test.MakeRootFs() },
            script,
            out made);

    private static string[] Run(
        TestEngine test, ContainerConfiguration configuration, string script, out ContainerRecord made)
    {
        made = test.Make(configuration with { Command = "/bin/sh", ArgumentList = ["-c", script] });
        test.Containers.Start(made.Id, Cancellation);
        test.Containers.Wait(made.Id, Cancellation);
        return Lines(test, made.Id);
    }

    private static string[] Lines(TestEngine test, string id) =>
        [.. test.Containers.ReadLog(id, null, Cancellation).Select(entry => entry.Line)];

    private static string Control(string id, string controller, string legacy, string unified)
    {
        string first = $"/sys/fs/cgroup/{controller}/pscontainer/{id}/{legacy}";
        return File.ReadAllText(File.Exists(first) ? first : $"/sys/fs/cgroup/pscontainer/{id}/{unified}").Trim();
    }
}
