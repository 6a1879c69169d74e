using System.Globalization;
using System.Runtime.InteropServices;
using Container.Engine.Catalog;
using Container.Engine.Images;
using Container.Engine.Monitor;
using Container.Engine.Tests.Unprivileged;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Container.Engine.Tests.Containers;

/// <summary>What the kernel counts for each user: a container uses up its own, not root's and not other containers'.</summary>
public sealed partial class UserLimitTests
{
    // Of include/uapi/linux/nsfs.h.
    private const nuint NS_GET_OWNER_UID = 0xB704;
    private const int Terminals = 256;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_user_namespace_belongs_to_the_first_id_of_the_container()
    {
        TestUser.RequireRoot("a user's namespaces are the user's");
        using TestEngine test = TestEngine.WithRuntime();
        ContainerRecord made = test.Containers.Resolve(ContainerExecTests.Sleeper(test));
        using SafeFileHandle file = File.OpenHandle($"/proc/{made.Pid}/ns/user");
        Assert.Equal(0, Control(file.DangerousGetHandle().ToInt32(), NS_GET_OWNER_UID, out uint owner));
        Assert.Equal(made.IdRangeStart, owner);
    }

    [Fact]
    public void Inotify_instances_are_left_to_the_host_and_to_other_containers()
    {
        int most = Limit("/proc/sys/user/max_inotify_instances");
        Assert.SkipWhen(most > 1500, $"{most} instances are more than a test should make");
        using TestEngine test = TestEngine.WithRuntime();
        string greedy = Start(test);
        string other = Start(test);

        // tail(1) says so when it has to do without.
        using ExecSession session = ContainerExecTests.Exec(
            test, greedy, $"i=0; while [ $i -le {most} ]; do tail -f /tmp/errors 2>>/tmp/errors >/dev/null & i=$((i+1)); done; wait");
        Poll.Until(() => Run(test, greedy, "cat /tmp/errors").Contains("oo many", StringComparison.Ordinal), "all fit");

        int instance = NewInstance(0);
        int failure = Marshal.GetLastPInvokeError();
        Assert.True(instance >= 0, $"the host has none left: {failure}");
        new SafeFileHandle(instance, ownsHandle: true).Dispose();
        Assert.Equal("", Run(test, other, "touch /tmp/f; timeout 1 tail -f /tmp/f 2>&1 >/dev/null"));
    }

    [Fact]
    public void A_namespace_has_limits_of_its_own()
    {
        using TestEngine test = TestEngine.WithRuntime();
        string id = ContainerExecTests.Sleeper(test);
        foreach (string name in (string[])["max_inotify_instances", "max_inotify_watches", "max_user_namespaces"])
        {
            int host = Limit($"/proc/sys/user/{name}");
            int expected = Environment.IsPrivilegedProcess ? host : host / 2;
            Assert.Equal($"{expected}\n", Run(test, id, $"cat /proc/sys/user/{name}"));
            Assert.Equal("refused\n", Run(test, id, $"(echo 1 > /proc/sys/user/{name}) 2>/dev/null || echo refused"));
        }
    }

    [Fact]
    public void Terminals_are_limited()
    {
        using TestEngine test = TestEngine.WithRuntime();
        string id = ContainerExecTests.Sleeper(test);
        string text = Run(
            test, id,
            $"i=0; while [ $i -lt {Terminals + 4} ]; do sleep 1000 2>>/tmp/errors 3<>/dev/ptmx & i=$((i+1)); done; sleep 1;"
            + "ls /dev/pts | grep -c '^[0-9]'; grep -c 'o space' /tmp/errors");
        Assert.Equal($"{Terminals}\n4\n", text);
        using SafeFileHandle terminal = File.OpenHandle("/dev/ptmx", access: FileAccess.ReadWrite);
        Assert.False(terminal.IsInvalid);
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int file, nuint request, out uint value);

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    private static partial int NewInstance(int flags);

    private static string Start(TestEngine test)
    {
        ContainerRecord made = test.Make(
            new() { Image = HostImage.Name, Command = "sleep", ArgumentList = ["100000"] });
        test.Containers.Start(made.Id, Cancellation);
        return made.Id;
    }

    private static int Limit(string file) => int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);

    private static string Run(TestEngine test, string id, string script)
    {
        using ExecSession session = ContainerExecTests.Exec(test, id, script);
        string text = ContainerExecTests.Read(session.Stdout!);
        session.Wait(Cancellation);
        return text;
    }
}
