using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Engine.Images;
using Container.Engine.Tests.Unprivileged;
using Container.Native.Oci;
using Container.Native.Oci.Documents;
using Xunit;

namespace Container.Engine.Tests.Containers;

public sealed class ContainerCreateTests
{
    private static readonly ContainerConfiguration Host = new() { Image = HostImage.Name };

    [Fact]
    public void A_container_is_found_by_name_id_and_beginning()
    {
        using TestEngine test = new();
        ContainerRecord made = test.Containers.Create(
            Host with { Name = "Web1" }, TestContext.Current.CancellationToken);

        Assert.Equal(ContainerState.Created, made.State);
        Assert.Equal(("Web1", HostImage.Id), (made.Name, made.ImageId));
        Assert.Equal(made, test.Containers.Resolve("Web1") with { Configuration = made.Configuration });
        Assert.Equal(made.Id, test.Containers.Resolve("web1").Id);
        Assert.Equal(made.Id, test.Containers.Resolve(made.Id).Id);
        Assert.Equal(made.Id, test.Containers.Resolve(made.Id[..3]).Id);
        Assert.Equal(made.Id, Assert.Single(test.Containers.List()).Id);
        AssertFails(ErrorId.ContainerNotFound, () => test.Containers.Resolve(made.Id[..2]));
        AssertFails(ErrorId.ContainerNotFound, () => test.Containers.Resolve("nobody"));
        AssertFails(ErrorId.ContainerNotFound, () => test.Containers.Resolve("../../etc"));
        AssertFails(ErrorId.ContainerNotFound, () => test.Containers.Resolve(""));
    }

    [Fact]
    public void The_configuration_is_kept_as_it_was_given()
    {
        TestUser.RequireLimits();
        using TestEngine test = new();
        ContainerConfiguration configuration = Host with
        {
            Command = "/bin/sh",
            ArgumentList = ["-c", "exit 3"],
            Label = new Dictionary<string, string> { ["tier"] = "front" },
            NoNewPrivileges = false,
            NetworkNamespace = NamespaceMode.Host,
            Cpu = 0.5,
            Memory = 64 << 20,
            Mount = [ContainerMount.ParseTmpfs("/scratch:size=1m")],
        };
        ContainerRecord made = test.Containers.Create(configuration, TestContext.Current.CancellationToken);

        ContainerConfiguration kept = ContainerEngine.Open(test.Options).Containers.Resolve(made.Id).Configuration;
        Assert.Equal(["-c", "exit 3"], kept.ArgumentList);
        Assert.Equal("front", kept.Label!["tier"]);
        Assert.False(kept.NoNewPrivileges);
        Assert.Equal((NamespaceMode.Host, 0.5, 64 << 20), (kept.NetworkNamespace, kept.Cpu, kept.Memory));
        Assert.Equal(1 << 20, Assert.Single(kept.Mount!).Size);

        OciSpec spec = OciDocument.ReadSpec(
            File.ReadAllBytes($"{test.Options.StateRoot}/containers/{made.Id}/bundle/config.json"));

        // The root of a user's image 'host' is the first of his subordinate ids, which is 1 where its monitor is root.
        Assert.Equal((uint)(made.IdRangeStart ?? 1), spec.Linux!.UidMappings![0].HostId);
    }

    [Fact]
    public void A_beginning_of_several_ids_is_ambiguous()
    {
        using TestEngine test = new();
        ContainerRecord made = test.Containers.Create(Host, TestContext.Current.CancellationToken);
        string other = made.Id[..60] + (made.Id.EndsWith("0000", StringComparison.Ordinal) ? "1111" : "0000");
        string containers = $"{test.Options.StateRoot}/containers";
        Directory.CreateDirectory($"{containers}/{other}");
        File.WriteAllText(
            $"{containers}/{other}/container.json",
            File.ReadAllText($"{containers}/{made.Id}/container.json").Replace(
                made.Id, other, StringComparison.Ordinal));

        AssertFails(ErrorId.AmbiguousIdentifier, () => test.Containers.Resolve(made.Id[..10]));
        Assert.Equal(other, test.Containers.Resolve(other).Id);
    }

    [Fact]
    public void A_name_is_taken_once_whatever_its_case()
    {
        using TestEngine test = new();
        ContainerRecord made = test.Containers.Create(
            Host with { Name = "web" }, TestContext.Current.CancellationToken);

        AssertFails(ErrorId.ContainerExists, () => test.Containers.Create(Host with { Name = "WEB" }));
        Assert.Single(Directory.GetDirectories($"{test.Options.StateRoot}/containers"));
        test.Containers.Remove("web", cancellation: TestContext.Current.CancellationToken);
        AssertEmpty(test);
        Assert.NotEqual(made.Id, test.Make(Host with { Name = "Web" }).Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-web")]
    [InlineData(".web")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("a b")]
    [InlineData("über")]
    [InlineData("a\nb")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF")]
    public void Names_that_cannot_be_used_are_refused(string name)
    {
        using TestEngine test = new();

        AssertFails(ErrorId.InvalidName, () => test.Containers.Create(Host with { Name = name }));
        Assert.False(Directory.Exists(test.Options.StateRoot));
    }

    [Fact]
    public void Of_parallel_creators_of_one_name_one_wins()
    {
        using TestEngine test = new();
        int made = 0;
        int refused = 0;
        Parallel.For(0, 60, new ParallelOptions { MaxDegreeOfParallelism = 30 }, index =>
        {
            try
            {
                test.Containers.Create(Host with { Name = $"name{index % 6}" });
                Interlocked.Increment(ref made);
            }
            catch (EngineException failure) when (failure.Id == ErrorId.ContainerExists)
            {
                Interlocked.Increment(ref refused);
            }

            test.Containers.List();
        });

        Assert.Equal((6, 54), (made, refused));
        Assert.Equal(6, test.Containers.List().Count);
        Assert.Equal(6, Directory.GetDirectories($"{test.Options.StateRoot}/containers").Length);
    }

    [Fact]
    public void A_hundred_callers_make_list_and_remove_at_once()
    {
        using TestEngine test = new();
        Parallel.For(0, 100, new ParallelOptions { MaxDegreeOfParallelism = 100 }, index =>
        {
            ContainerEngine own = ContainerEngine.Open(test.Options);
            ContainerRecord made = own.Containers.Create(Host);
            Assert.Contains(own.Containers.List(), record => record.Id == made.Id);
            Assert.Equal(made.Id, own.Containers.Resolve(made.Name).Id);
            if (index % 2 == 0) own.Containers.Remove(made.Id);
        });

        IReadOnlyList<ContainerRecord> left = test.Containers.List();
        Assert.Equal(50, left.Count);
        int ranges = Environment.IsPrivilegedProcess ? 50 : 1;
        Assert.Equal(ranges, left.Select(record => record.IdRangeStart).Distinct().Count());
        Assert.Equal(50, left.Select(record => record.Name).Distinct().Count());
    }

    [Fact]
    public void What_cannot_be_made_leaves_nothing()
    {
        using TestEngine test = new();
        foreach (ContainerConfiguration bad in (ContainerConfiguration[])
            [
                new(),
                new() { Image = "host", RootFsPath = "/tmp" },
                new() { Image = "no/such:image" },
                new() { RootFsPath = "/nonexistent" },
                new() { RootFsPath = "/" },
                new() { BundlePath = "/nonexistent" },
                Host with { User = "4294967296" },
                Host with { WorkingDirectory = "relative" },
                Host with { StopSignal = "SIGNOTHING" },
                Host with { UidMap = ["nonsense"] },
                Host with { SeccompProfile = "/etc/passwd" },
                Host with { NetworkNamespace = NamespaceMode.Of("nobody") },
            ])
        {
            EngineException failure = Assert.Throws<EngineException>(() => test.Make(bad));
            Assert.EndsWith(".", failure.Message, StringComparison.Ordinal);
        }

        AssertEmpty(test);
    }

    [Fact]
    public void What_a_killed_creator_left_is_removed_by_the_next_command()
    {
        using TestEngine test = new();
        ContainerRecord made = test.Containers.Create(
            Host with { Name = "web" }, TestContext.Current.CancellationToken);
        File.Delete($"{test.Options.StateRoot}/containers/{made.Id}/container.json");

        // The name is free for the next creator, the rest goes with the next listing.
        ContainerRecord? second = null;
        Poll.Until(() => (second = TryCreate(test, "web")) is not null, "the name is not free");
        Poll.Until(
            () => Assert.Single(test.Containers.List()).Id == second!.Id
                && Directory.GetDirectories($"{test.Options.StateRoot}/containers").Length == 1,
            "the rest is still there");
        Assert.Equal(second!.Id, test.Containers.Resolve("web").Id);

        test.Containers.Remove("web", cancellation: TestContext.Current.CancellationToken);
        AssertEmpty(test);
    }

    [Fact]
    public void Another_container_of_the_same_image_is_named()
    {
        TestUser.RequireRoot("joining a namespace");
        using TestEngine test = new();
        ContainerRecord made = test.Containers.Create(
            Host with { PidNamespace = NamespaceMode.Of(test.Make(Host with { Name = "first" }).Name) },
            TestContext.Current.CancellationToken);

        Assert.Equal("first", test.Containers.Resolve(made.Id).Configuration.PidNamespace!.Target);
    }

    // Another test may be starting a process: until that executes its program it has our locks, too (flock(2)), and
    // what is locked is not collected by a listing, but by the next.
    internal static void AssertEmpty(TestEngine test) => Poll.Until(
        () => test.Containers.List().Count == 0 && !Leftovers(test).Any(), "something of a container is left");

    private static IEnumerable<string> Leftovers(TestEngine test)
    {
        string state = test.Options.StateRoot!;
        string[] places = [$"{state}/containers", $"{state}/names", $"{state}/ids", $"{test.Options.RunRoot}/containers"];
        return places.Where(Directory.Exists).SelectMany(Directory.GetFileSystemEntries)
            .Where(entry => Path.GetFileName(entry) is not ("lock" or ".lock"));
    }

    private static ContainerRecord? TryCreate(TestEngine test, string name)
    {
        try
        {
            return test.Containers.Create(Host with { Name = name }, TestContext.Current.CancellationToken);
        }
        catch (EngineException failure) when (failure.Id == ErrorId.ContainerExists)
        {
            return null;
        }
    }

    private static void AssertFails(string id, Action action) =>
        Assert.Equal(id, Assert.Throws<EngineException>(action).Id);
}
