using Container.Engine.Host;
using Container.Engine.Tests.Containers;
using Xunit;

namespace Container.Engine.Tests.Host;

public sealed class HostServiceTests
{
    [Fact]
    public void The_host_is_described_without_making_a_directory()
    {
        using TestEngine test = new();

        HostRecord host = test.Engine.Host.Get();

        Assert.Equal(File.ReadAllText("/proc/sys/kernel/osrelease").Trim(), host.KernelRelease);
        Assert.Contains(host.CgroupMode, (string[])["v1", "v2", "hybrid"]);
        Assert.True(host.TotalMemory > 1 << 20);
        Assert.Contains("memory", host.CgroupControllers);
        Assert.Contains("UserNamespace", host.Features);
        Assert.Equal((test.Options.StateRoot, 0, 1), (host.StateRoot, host.ContainerCount, host.ImageCount));
        Assert.Matches(@"^\d+\.\d+\.\d+", host.Version);
        Assert.False(Directory.Exists(test.Options.StateRoot));
    }

    [Fact]
    public void What_is_missing_comes_with_an_action()
    {
        using TestEngine test = new();
        ContainerEngine engine = ContainerEngine.Open(test.Options with { RuntimePath = "/nonexistent/psrun" });

        IReadOnlyList<HostCheck> checks = engine.Host.Test();

        Assert.Equal(checks.Count, checks.Select(check => check.Name).Distinct().Count());
        Assert.All(checks, check => Assert.Equal(check.Passed, check.RecommendedAction is null));
        HostCheck runtime = checks.Single(check => check.Name == "Runtime");
        Assert.False(runtime.Passed);
        Assert.Contains("/nonexistent/psrun", runtime.Detail, StringComparison.Ordinal);
        Assert.True(checks.Single(check => check.Name == "UserNamespace").Passed);
    }
}
