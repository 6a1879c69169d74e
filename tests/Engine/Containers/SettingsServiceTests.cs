using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Engine.Images;
using Container.Engine.Settings;
using Container.Engine.Tests.Unprivileged;
using Xunit;

namespace Container.Engine.Tests.Containers;

public sealed class SettingsServiceTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void The_users_file_wins_over_the_hosts()
    {
        TestUser.RequireLimits();
        using TestEngine test = new();
        SettingsService settings = new(test.Options);
        settings.Change(
            ContainerConfigurationScope.System, old => old with { PidsLimit = 5, StopTimeoutSec = 1 }, Cancellation);
        settings.Change(ContainerConfigurationScope.User, old => old with { PidsLimit = 6 }, Cancellation);
        Assert.Equal((6, 1), (settings.Effective.PidsLimit, settings.Effective.StopTimeoutSec));

        ContainerRecord made = test.Make(new ContainerConfiguration { Image = HostImage.Name });
        Assert.Equal((6, 1), (made.Configuration.PidsLimit, made.Configuration.StopTimeoutSec));
        Assert.Equal(ContainerLogDriver.File, made.Configuration.LogDriver);
    }

    [Fact]
    public void A_file_that_cannot_be_used_stays_as_it_is()
    {
        using TestEngine test = new();
        SettingsService settings = new(test.Options);
        string path = settings.GetPath(ContainerConfigurationScope.System);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "{ \"unknown\": 1 }");
        foreach (Action use in (Action[])
        [
            () => settings.Read(ContainerConfigurationScope.System),
            () => settings.Change(ContainerConfigurationScope.System, old => old, Cancellation),
            () => _ = settings.Effective,
            () => test.Make(new ContainerConfiguration { Image = HostImage.Name }),
        ])
        {
            EngineException failure = Assert.Throws<EngineException>(use);
            Assert.Equal(ErrorId.DefinitionInvalid, failure.Id);
            Assert.Contains(path, failure.Message, StringComparison.Ordinal);
        }

        Assert.Equal("{ \"unknown\": 1 }", File.ReadAllText(path));
        File.Delete(path);
        Assert.Null(settings.Effective.PidsLimit);
    }

    [Fact]
    public void The_state_is_where_options_else_environment_else_the_file_say()
    {
        using TestEngine test = new();
        EngineOptions options = test.Options with { StateRoot = null };
        new SettingsService(options).Change(
            ContainerConfigurationScope.System, old => old with { StorageRoot = "/srv/here" }, Cancellation);
        Assert.Equal(test.Options.StateRoot, ContainerEngine.Open(test.Options).Paths.StateRoot);
        if (Environment.GetEnvironmentVariable("PSCONTAINER_STATE_ROOT") is null)
            Assert.Equal("/srv/here", ContainerEngine.Open(options).Paths.StateRoot);
    }
}
