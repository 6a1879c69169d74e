using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests;

/// <summary>Links and races in a root file system that lead out of it (security.md, E1).</summary>
public sealed class SecurityRootTests
{
    // CVE-2019-19921, CVE-2023-27561, CVE-2023-28642, CVE-2025-54867.
    [Theory]
    [InlineData("proc")]
    [InlineData("sys")]
    public void A_link_in_the_place_of_a_kernel_file_system_is_refused(string name)
    {
        using var bundle = new SecurityBundle();
        Directory.Delete(Path.Combine(bundle.Root, name));
        Directory.CreateDirectory(Path.Combine(bundle.Root, "elsewhere"));
        File.CreateSymbolicLink(Path.Combine(bundle.Root, name), "/elsewhere");
        (int code, string output) = bundle.Run("id");
        Assert.NotEqual(0, code);
        Assert.Contains($"/{name}", output, StringComparison.Ordinal);
    }

    // CVE-2019-16884, CVE-2025-52881: something else where the kernel's files are expected.
    [Fact]
    public void A_bind_over_proc_is_refused()
    {
        using SecurityBundle bundle = new SecurityBundle();
        string victim = bundle.MakeVictim();
        File.CreateSymbolicLink(Path.Combine(bundle.Root, "alias"), "/proc/sys");
        string[] targets = ["/proc", "/proc/", "/proc/self", "/proc/sys/kernel", "/alias", "/x/../proc/1"];
        foreach (string target in targets)
        {
            var mounts = (JsonArray)bundle.Config["mounts"]!;
            bundle.WithMount(target, "bind", victim, "bind");
            (int code, string output) = bundle.Run("id");
            Assert.True(code != 0, target);
            Assert.DoesNotContain("uid=", output, StringComparison.Ordinal);
            Assert.Contains("proc", output, StringComparison.Ordinal);
            mounts.RemoveAt(mounts.Count - 1);
            bundle.WithMount(target, "tmpfs", "tmpfs");
            Assert.True(bundle.Run("id").Code != 0, target);
            mounts.RemoveAt(mounts.Count - 1);
        }

        Assert.Equal(0, bundle.Run("id").Code);
    }

    // CVE-2025-31133, CVE-2025-62161: the image's /dev/null is what covers a masked path.
    [Fact]
    public void A_link_in_the_place_of_dev_null_masks_nothing_else()
    {
        using SecurityBundle bundle = new SecurityBundle().WithoutMount("/dev/pts").WithoutMount("/dev/shm")
            .WithoutMount("/dev/mqueue").WithoutMount("/dev");
        File.CreateSymbolicLink(Path.Combine(bundle.Root, "dev/null"), "/proc/sys/kernel/core_pattern");
        string before = File.ReadAllText("/proc/sys/kernel/core_pattern");
        bundle.Linux["maskedPaths"] = new JsonArray("/proc/timer_list", "/proc/interrupts");
        (int code, string output) = bundle.Run("cat /proc/interrupts; echo evil > /proc/interrupts");
        Assert.True(code != 0 || output.Length == 0, output);
        Assert.DoesNotContain(before.Trim(), output, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText("/proc/sys/kernel/core_pattern"));
    }

    // CVE-2026-41579 of runc, CVE-2026-47766 of crun.
    [Fact]
    public void A_link_in_the_place_of_dev_puts_no_node_on_the_host()
    {
        using SecurityBundle bundle = new SecurityBundle().WithoutMount("/dev/pts").WithoutMount("/dev/shm")
            .WithoutMount("/dev/mqueue").WithoutMount("/dev");
        string victim = bundle.MakeVictim();
        Directory.Delete(Path.Combine(bundle.Root, "dev"));
        File.CreateSymbolicLink(Path.Combine(bundle.Root, "dev"), victim);
        bundle.Run("id");
        Assert.Empty(Directory.GetFileSystemEntries(victim));
    }

    // CVE-2025-52565: /dev/console was bound from a path that the image can exchange.
    [Fact]
    public void A_console_comes_from_the_terminal_multiplexer()
    {
        using SecurityBundle bundle = new SecurityBundle().WithoutMount("/dev/pts");
        Directory.CreateDirectory(Path.Combine(bundle.Root, "dev/pts"));
        File.CreateSymbolicLink(Path.Combine(bundle.Root, "dev/pts/0"), "/proc/sys/kernel/core_pattern");
        string before = File.ReadAllText("/proc/sys/kernel/core_pattern");
        bundle.Process["terminal"] = true;
        bundle.SetArguments("sh", "-c", "echo evil > /dev/console");
        string run = $"--root {bundle.StateRoot} run --bundle {bundle.Directory} {bundle.Id}";
        SecurityBundle.Execute("script", ["-qec", $"{bundle.Program} {run}", "/dev/null"]);
        Assert.Equal(before, File.ReadAllText("/proc/sys/kernel/core_pattern"));
    }

    // CVE-2026-88264 and CVE-2026-88265 of crun: without a mount on /dev, what the image has there was followed.
    [Fact]
    public void Links_in_the_place_of_the_console_and_of_dev_null_make_and_change_nothing_on_the_host()
    {
        using SecurityBundle bundle = new SecurityBundle().WithoutMount("/dev/shm").WithoutMount("/dev/mqueue")
            .WithoutMount("/dev");
        string victim = bundle.MakeVictim();
        string file = Path.Combine(victim, "file");
        File.WriteAllText(file, "untouched");
        File.CreateSymbolicLink(Path.Combine(bundle.Root, "dev/console"), Path.Combine(victim, "console"));
        File.CreateSymbolicLink(Path.Combine(bundle.Root, "dev/null"), file);
        bundle.Process["user"] = new JsonObject { ["uid"] = 1000, ["gid"] = 1000 };
        bundle.Process["terminal"] = true;
        bundle.SetArguments("sh", "-c", "echo evil >/dev/null; echo evil >/dev/console; echo end");
        string run = $"--root {bundle.StateRoot} run --bundle {bundle.Directory} {bundle.Id}";
        (_, string output) = SecurityBundle.Execute("script", ["-qec", $"{bundle.Program} {run}", "/dev/null"]);
        Assert.Contains("end", output, StringComparison.Ordinal);
        Assert.Equal([file], Directory.GetFileSystemEntries(victim));
        Assert.Equal("untouched", File.ReadAllText(file));
        SecurityBundle.Execute("test", ["-O", file], 0);
    }

    // CVE-2026-55686 of podman; CVE-2025-24965 of crun for the mounts.
    [Fact]
    public void A_working_directory_and_mount_targets_behind_links_are_made_inside()
    {
        using SecurityBundle bundle = new SecurityBundle();
        string victim = bundle.MakeVictim();
        File.CreateSymbolicLink(Path.Combine(bundle.Root, "w"), victim);
        File.CreateSymbolicLink(Path.Combine(bundle.Root, "etc/hosts"), Path.Combine(victim, "hosts"));
        File.CreateSymbolicLink(Path.Combine(bundle.Root, "up"), "../../../../../../../.." + victim);
        string hosts = Path.Combine(bundle.Directory, "hosts");
        File.WriteAllText(hosts, "content");
        bundle.Process["cwd"] = "/w/x";
        bundle.WithMount("/up/t", "tmpfs", "tmpfs");
        (int code, string output) = bundle.Run("touch /up/t/file; pwd");
        Assert.Empty(Directory.GetFileSystemEntries(victim));
        Assert.Equal((0, $"{victim}/x\n"), (code, output));
        Assert.True(Directory.Exists(bundle.Root + victim + "/x"));
        bundle.WithMount("/etc/hosts", "bind", hosts, "bind", "ro");
        (code, output) = bundle.Run("cat /etc/hosts");
        Assert.True(code == 0 && output == "content", output);
        Assert.Empty(Directory.GetFileSystemEntries(victim));
    }

    // CVE-2021-30465, CVE-2024-45310: a sibling exchanges the target while it is being mounted on.
    [Fact]
    public void A_target_that_is_exchanged_during_the_mount_stays_inside()
    {
        using SecurityBundle bundle = new SecurityBundle();
        string victim = bundle.MakeVictim();
        string shared = Path.Combine(bundle.Root, "shared");
        Directory.CreateDirectory(Path.Combine(shared, "a"));
        File.CreateSymbolicLink(Path.Combine(shared, "b"), victim);
        bundle.WithMount("/shared/a/new/dir", "tmpfs", "tmpfs");
        bundle.SetArguments("true");

        using Exchanger attacker = new(shared + "/a", shared + "/b");
        RaceRounds rounds = new();
        while (rounds.Next())
        {
            bundle.Call("run", "--bundle", bundle.Directory, bundle.Id);
            Assert.Empty(Directory.GetFileSystemEntries(victim));
        }

        Assert.DoesNotContain(victim, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
    }

    // CVE-2025-31133, CVE-2025-62161, CVE-2025-52565: what covers masked paths, and the place of the console, are
    // exchanged for links while they are used.
    [Theory]
    [InlineData("dev/null")]
    [InlineData("dev/console")]
    public void A_device_that_is_exchanged_during_the_start_reaches_nothing_of_the_host(string name)
    {
        using SecurityBundle bundle = new SecurityBundle().WithoutMount("/dev/pts").WithoutMount("/dev/shm")
            .WithoutMount("/dev/mqueue").WithoutMount("/dev");
        const string Pattern = "/proc/sys/kernel/core_pattern";
        string before = File.ReadAllText(Pattern);
        string path = Path.Combine(bundle.Root, name);
        File.WriteAllText(path, "");
        File.CreateSymbolicLink(path + "-link", Pattern);
        bundle.Linux["maskedPaths"] = new JsonArray("/proc/timer_list", "/proc/interrupts");
        bundle.SetArguments("sh", "-c", "cat /proc/interrupts; echo evil > /proc/interrupts; echo evil > /dev/console");
        using Exchanger attacker = new(path, path + "-link");
        RaceRounds rounds = new();
        while (rounds.Next())
        {
            (_, string output) = bundle.Call("run", "--bundle", bundle.Directory, bundle.Id);
            Assert.DoesNotContain(before.Trim(), output, StringComparison.Ordinal);
            Assert.Equal(before, File.ReadAllText(Pattern));
        }
    }
}
