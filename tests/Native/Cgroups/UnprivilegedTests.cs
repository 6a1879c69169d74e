using System.Runtime.ExceptionServices;
using Container.Native.Cgroups;
using Container.Native.Cgroups.Hierarchies;
using Container.Native.Oci;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Native.Tests.Cgroups;

/// <summary>A user to whom no cgroup was delegated.</summary>
public sealed class UnprivilegedTests
{
    private const int Nobody = 65534;

    [Fact]
    public void WithoutTheOptionCreatingFailsAndLeavesNothing() => AsNobody(name =>
    {
        using CgroupManager manager = CgroupManager.Open(name);
        SystemCallException error = Assert.Throws<SystemCallException>(manager.Create);
        Assert.Equal(Errno.EACCES, error.Errno);
        Assert.False(manager.Exists);
    });

    [Fact]
    public void WithTheOptionThereIsSimplyNoCgroup() => AsNobody(name =>
    {
        using CgroupManager manager = CgroupManager.Open(name, new CgroupOptions { AllowUnwritable = true });
        manager.Create();
        Assert.False(manager.Exists);
        Assert.Null(manager.OpenForClone());
        Assert.Empty(manager.OpenForAttach());
        manager.Add(Environment.ProcessId);
        manager.Apply(new OciResources
        {
            Devices = [new OciDeviceCgroup { Access = "rwm" }], Memory = new OciMemory(), Cpu = new OciCpu(),
        });
        Assert.Empty(manager.GetProcesses());
        Assert.Equal(0, manager.OutOfMemoryKills());
        manager.Kill();
    });

    [Fact]
    public void ALimitIsStillRefusedAndNamed() => AsNobody(name =>
    {
        using CgroupManager manager = CgroupManager.Open(name, new CgroupOptions { AllowUnwritable = true });
        manager.Create();
        CgroupException error = Assert.Throws<CgroupException>(
            () => manager.Apply(new OciResources { Memory = new OciMemory { Limit = 1 << 20 } }));
        Assert.Equal("memory", error.Controller);
        Assert.Contains("delegate", error.Message, StringComparison.Ordinal);
    });

    // Credentials belong to a thread; setresuid(2) through syscall(2), unlike glibc's, leaves the other threads alone.
    private static void AsNobody(Action<string> test)
    {
        Assert.SkipUnless(Environment.UserName == "root", "becoming another user needs root");
        Assert.SkipWhen(CgroupHost.Current.Layout == CgroupLayout.None, "no cgroup file system is mounted");
        string name = "/container-tests-" + Guid.NewGuid().ToString("N");
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                Assert.Equal(0, RawCall.Invoke(SystemCallNumber.setresuid, Nobody, Nobody, Nobody));
                test(name);
            }
            catch (Exception error)
            {
                failure = ExceptionDispatchInfo.Capture(error);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }
}
