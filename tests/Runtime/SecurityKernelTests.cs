using System.Text.Json.Nodes;
using Container.Native.Files;
using Container.Native.Security;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Runtime.Tests;

/// <summary>Parts of the kernel that belong to the whole machine (security.md, E1).</summary>
public sealed class SecurityKernelTests
{
    // CVE-2017-16539 and the rest of the default list.
    [Fact]
    public void Masked_paths_read_empty_and_cannot_be_written()
    {
        using var bundle = new SecurityBundle();
        bundle.Linux["maskedPaths"] = new JsonArray([.. DefaultPaths.Masked.Select(path => (JsonNode)path)]);
        bundle.Linux["readonlyPaths"] = new JsonArray([.. DefaultPaths.ReadOnly.Select(path => (JsonNode)path)]);
        string masked = string.Join(' ', DefaultPaths.Masked);
        (int code, string output) = bundle.Run(
            $"for f in {masked}; do [ -e $f ] || continue; "
            + "if [ -d $f ]; then [ -z \"$(ls -A $f)\" ] || echo not empty $f; touch $f/x 2>/dev/null && echo made $f; "
            + "else [ -z \"$(cat $f)\" ] || echo not empty $f; fi; done; true");
        Assert.Equal((0, ""), (code, output));
    }

    // What covers a file is a device of the host's: its mode and owner must not be the container's to change.
    [Fact]
    public void What_covers_a_masked_file_cannot_be_changed()
    {
        using SecurityBundle bundle = new SecurityBundle().WithCapabilities("CAP_CHOWN", "CAP_FOWNER", "CAP_DAC_OVERRIDE");
        bundle.Linux["maskedPaths"] = new JsonArray("/proc/timer_list", "/proc/keys", "/proc/interrupts");
        (_, string output) = bundle.Run(
            "for f in /proc/timer_list /proc/keys /proc/interrupts; do echo x > $f || echo no device; "
            + "busybox chmod 666 $f 2>/dev/null && echo changed $f; busybox chown 0:0 $f 2>/dev/null && echo owned $f; done");
        Assert.Equal("", output);
    }

    [Fact]
    public void Read_only_paths_cannot_be_written()
    {
        using SecurityBundle bundle = new SecurityBundle().WithCapabilities("CAP_SYS_ADMIN", "CAP_DAC_OVERRIDE");
        bundle.Linux["readonlyPaths"] = new JsonArray([.. DefaultPaths.ReadOnly.Select(path => (JsonNode)path)]);
        (_, string output) = bundle.Run(
            "for f in /proc/sysrq-trigger /proc/sys/vm/drop_caches /proc/sys/kernel/core_pattern; do "
            + "[ -e $f ] || continue; (echo x > $f) 2>&1 | grep -q Read-only || echo $f; done");
        Assert.Equal("", output);
    }

    // CVE-2022-0492, and bare proc and cgroup file systems in a namespace of one's own.
    [Theory]
    [InlineData("unshare -Urm mount -t cgroup -o rdma x /tmp")]
    [InlineData("unshare -mrpf mount -t proc proc /tmp")]
    [InlineData("unshare -U true")]
    [InlineData("unshare -n true")]
    [InlineData("mount -t tmpfs x /tmp")]
    public void The_default_filter_denies(string command)
    {
        using SecurityBundle bundle = new SecurityBundle().WithUserNamespace().WithDefaultFilter();
        (int code, string output) = bundle.Run(command);
        Assert.NotEqual(0, code);
        Assert.Contains("ermi", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_default_filter_is_in_place_for_further_processes_too()
    {
        using SecurityBundle bundle = new SecurityBundle().WithUserNamespace().WithDefaultFilter();
        bundle.Start("sleep 60");
        Assert.Equal((0, "Seccomp:\t2\n"), bundle.Exec(bundle.Id, "grep", "Seccomp:", "/proc/self/status"));
        Assert.NotEqual(0, bundle.Exec(bundle.Id, "unshare", "-U", "true").Code);
    }

    // CVE-2017-5226: what the filter refuses on a terminal must not be more than that.
    [Fact]
    public void The_default_filter_leaves_the_window_size_of_a_terminal_open()
    {
        using SecurityBundle bundle = new SecurityBundle().WithUserNamespace().WithDefaultFilter();
        bundle.Process["terminal"] = true;
        bundle.Process["consoleSize"] = new JsonObject { ["height"] = 21, ["width"] = 43 };
        bundle.SetArguments("busybox", "stty", "size");
        using DescriptorListener socket = new(Path.Combine(bundle.Directory, "console.sock"));
        (int code, string output) = bundle.Call(
            "run", "--bundle", bundle.Directory, "--detach", "--console-socket", socket.Path, bundle.Id);
        Assert.True(code == 0, output);
        using FileDescriptor master = socket.Receive("/dev/ptmx");
        Assert.True(Polling.Wait(master.Number, Polling.POLLIN, -1, 20_000) != 0, "the terminal is silent");
        byte[] buffer = new byte[64];
        int length = master.Read(buffer, "terminal");
        Assert.StartsWith("21 43", System.Text.Encoding.ASCII.GetString(buffer, 0, length), StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_that_is_hidden_or_read_only_twice_is_so_once()
    {
        using var bundle = new SecurityBundle();
        bundle.Linux["maskedPaths"] = new JsonArray("/proc/timer_list", "/proc/fs", "/proc/timer_list", "/proc//fs/");
        bundle.Linux["readonlyPaths"] = new JsonArray("/proc/sys", "/proc/sys/", "/proc/sys");
        (int code, string output) = bundle.Run("cat /proc/timer_list; ls /proc/fs; cat /proc/self/mountinfo");
        Assert.True(code == 0, output);
        string[] targets = [.. output.TrimEnd().Split('\n').Select(static line => line.Split(' ')[4])];
        foreach (string path in new[] { "/proc/timer_list", "/proc/fs", "/proc/sys" })
            Assert.Single(targets, target => target == path);
    }

    // CVE-2022-0811 (cr8escape): a value that smuggles in a second setting, and keys that are not the container's.
    [Theory]
    [InlineData("kernel.shm_rmid_forced", "1+kernel.core_pattern=x")]
    [InlineData("kernel.core_pattern", "x")]
    [InlineData("vm.drop_caches", "1")]
    [InlineData("net/../kernel/core_pattern", "x")]
    [InlineData("net.../kernel.core_pattern", "x")]
    [InlineData("../core_pattern", "x")]
    public void A_setting_of_the_host_is_refused(string key, string value)
    {
        using var bundle = new SecurityBundle();
        string before = File.ReadAllText("/proc/sys/kernel/core_pattern");
        bundle.Linux["sysctl"] = new JsonObject { [key] = value };
        Assert.NotEqual(0, bundle.Run("id").Code);
        Assert.Equal(before, File.ReadAllText("/proc/sys/kernel/core_pattern"));
    }

    [Fact]
    public void Nothing_stays_on_the_host_after_refusals()
    {
        using var bundle = new SecurityBundle();
        bundle.Linux["sysctl"] = new JsonObject { ["kernel.core_pattern"] = "x" };
        Assert.NotEqual(0, bundle.Run("id").Code);
        Assert.False(Directory.Exists(bundle.StateRoot) && Directory.GetFileSystemEntries(bundle.StateRoot).Length > 0);
        Assert.DoesNotContain(bundle.Id, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
    }
}
