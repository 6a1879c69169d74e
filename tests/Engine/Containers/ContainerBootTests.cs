using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Images;
using Container.Engine.Volumes;
using Xunit;

namespace Container.Engine.Tests.Containers;

public sealed class ContainerBootTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void The_policy_decides_and_what_somebody_stopped()
    {
        using TestEngine test = TestEngine.WithRuntime();
        string root = test.MakeRootFs();
        ContainerRecord Make(string name, ContainerRestartPolicy policy) => test.Make(new ContainerConfiguration
        {
            Name = name, RestartPolicy = policy, RootFsPath = root, Command = "sleep", ArgumentList = ["1000"],
            StopSignal = "KILL",
        });
        Make("never", ContainerRestartPolicy.UnlessStopped);
        Make("failure", ContainerRestartPolicy.OnFailure);
        Make("no", ContainerRestartPolicy.No);
        Make("made", ContainerRestartPolicy.Always);
        foreach (ContainerRestartPolicy policy in (ContainerRestartPolicy[])
        [
            ContainerRestartPolicy.Always, ContainerRestartPolicy.UnlessStopped,
        ])
        {
            ContainerRecord made = Make("stopped" + policy, policy);
            test.Containers.Start(made.Id, Cancellation);
            test.Containers.Stop(made.Id, cancellation: Cancellation);
        }

        Assert.Equal(["made", "stoppedAlways"], test.Containers.ListForBoot().Select(container => container.Name));
    }

    [Fact]
    public void A_reset_leaves_nothing_but_what_is_not_ours()
    {
        using TestEngine test = new();
        ContainerRecord made = test.Make(new ContainerConfiguration { Image = HostImage.Name });
        ContainerRecord damaged = test.Make(new ContainerConfiguration { Image = HostImage.Name });
        File.WriteAllText($"{test.Options.StateRoot}/containers/{damaged.Id}/container.json", "{");
        test.Engine.Volumes.Create(new VolumeConfiguration { Name = "data" }, Cancellation);
        test.Engine.Secrets.Create("key", [1], cancellation: Cancellation);
        File.WriteAllText($"{test.Options.StateRoot}/foreign", "");

        test.Engine.Storage.Reset(Cancellation);
        Assert.Equal(
            [$"{test.Options.StateRoot}/foreign"], Directory.EnumerateFileSystemEntries(test.Options.StateRoot!));
        Assert.Null(test.Containers.TryResolve(made.Id));
        test.Engine.Storage.Reset(Cancellation);
        test.Make(new ContainerConfiguration { Image = HostImage.Name });
    }
}
