using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Engine.Images;
using Container.Engine.Storage;
using Container.Engine.Store;
using Container.Engine.Tests.Unprivileged;
using Xunit;

namespace Container.Engine.Tests.Containers;

public sealed class StorageCheckTests
{
    private static readonly ContainerConfiguration Host = new() { Image = HostImage.Name };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_state_that_was_never_used_is_whole_and_stays_unmade()
    {
        using TestEngine test = new();
        Assert.Empty(Find(test));
        Assert.False(Directory.Exists(test.Options.StateRoot));
    }

    [Fact]
    public void What_a_killed_creator_left_is_found_once_and_mended_whole()
    {
        TestUser.RequireRoot("a range of ids");
        using TestEngine test = new();
        ContainerRecord kept = test.Make(Host with { Name = "kept" });
        string id = ObjectId.New();
        string directory = $"{test.Options.StateRoot}/containers/{id}";
        Directory.CreateDirectory(directory + "/bundle");
        File.CreateSymbolicLink($"{test.Options.StateRoot}/names/half", id);
        File.CreateSymbolicLink($"{test.Options.StateRoot}/ids/7fff0000", id);

        StorageIssue issue = Assert.Single(Find(test));
        Assert.Equal((StorageIssueKind.ContainerRemains, id), (issue.Kind, issue.Id));
        test.Engine.Storage.Repair(issue, Cancellation);
        Assert.False(Directory.Exists(directory));
        Assert.Empty(Find(test));
        Assert.Equal("kept", test.Containers.Resolve(kept.Id).Name);
    }

    [Fact]
    public void What_somebody_works_on_is_left_alone()
    {
        using TestEngine test = new();
        string id = ObjectId.New();
        string directory = $"{test.Options.StateRoot}/containers/{id}";
        Directory.CreateDirectory(directory);
        using (LockFile.Acquire(directory + "/lock", cancellation: Cancellation)) Assert.Empty(Find(test));
        Assert.Single(Find(test));
    }

    [Fact]
    public void A_container_that_came_to_be_since_is_not_what_was_left()
    {
        TestUser.RequireRoot("a range of ids");
        using TestEngine test = new();
        ContainerRecord made = test.Make(Host);
        foreach (StorageIssueKind kind in (StorageIssueKind[])
        [
            StorageIssueKind.ContainerRemains, StorageIssueKind.ContainerDamaged, StorageIssueKind.NameRemains,
            StorageIssueKind.IdRangeRemains, StorageIssueKind.CgroupRemains,
        ])
        {
            test.Engine.Storage.Repair(
                new StorageIssue
                {
                    Kind = kind, Id = kind == StorageIssueKind.NameRemains ? made.Name : made.Id, Path = "/", Message = "",
                },
                Cancellation);
        }

        ContainerRecord now = test.Containers.Resolve(made.Name);
        Assert.Equal((made.Id, made.IdRangeStart), (now.Id, now.IdRangeStart));
        Assert.NotEqual(made.IdRangeStart, test.Make(Host).IdRangeStart);
    }

    [Fact]
    public void A_container_that_runs_is_not_touched()
    {
        using TestEngine test = TestEngine.WithRuntime();
        ContainerRecord made = test.Make(new ContainerConfiguration
        {
            RootFsPath = test.MakeRootFs(), Command = "sleep", ArgumentList = ["1000"],
        });
        test.Containers.Start(made.Id, Cancellation);
        File.WriteAllText($"{test.Options.StateRoot}/containers/{made.Id}/container.json", "{");
        StorageIssue issue = Assert.Single(Find(test));
        Assert.Equal(StorageIssueKind.ContainerDamaged, issue.Kind);
        EngineException failure = Assert.Throws<EngineException>(
            () => test.Engine.Storage.Repair(issue, Cancellation));
        Assert.Equal(ErrorId.ContainerRunning, failure.Id);
        File.WriteAllText($"{test.Options.StateRoot}/containers/{made.Id}/container.json", Document(test, made.Id));
    }

    // Control groups of other states, which tests beside this one have, are not ours to talk about.
    private static List<StorageIssue> Find(TestEngine test) => [.. test.Engine.Storage.Check(false, Cancellation)
        .Where(issue => issue.Kind != StorageIssueKind.CgroupRemains)];

    // The test wrote over it; this is enough of it to remove the container.
    private static string Document(TestEngine test, string id) => $$"""
        {
          "id": "{{id}}", "name": "x", "configuration": { "rootFsPath": "{{test.Root}}" }, "rootFs": {},
          "cgroupsPath": "/pscontainer/{{id}}"
        }
        """;
}
