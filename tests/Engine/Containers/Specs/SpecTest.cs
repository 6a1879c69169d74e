using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Containers.Specs;
using Container.Engine.Errors;
using Container.Native.Oci;
using Xunit;

namespace Container.Engine.Tests.Containers.Specs;

/// <summary>Translations that need neither files nor rights.</summary>
internal static class SpecTest
{
    public const string Id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    public const uint Range = 0x20000000;

    public static OciSpec Build(ContainerConfiguration configuration, ImageDefaults? image = null) => SpecBuilder.Build(
        new SpecInput
        {
            Id = Id,
            Name = "web1",
            Configuration = configuration,
            Image = image ?? new ImageDefaults { Command = ["/bin/sh"] },
            IdRangeStart = configuration.UserNamespace is { Kind: NamespaceKind.Host } ? null : Range,
            Directory = "/state/containers/" + Id,
            Users = new UserDatabase(_ => null),
            FindVolume = name => "/volumes/" + name,
            FindLayers = name => ["/layers/" + name],
            FindContainer = name => new ContainerRecord
            {
                Id = Id, Name = name, Configuration = new ContainerConfiguration(), Pid = 4711,
            },
        });

    public static void AssertInvalid(ContainerConfiguration configuration, string id = ErrorId.InvalidConfiguration)
    {
        EngineException failure = Assert.Throws<EngineException>(() => Build(configuration));
        Assert.Equal(id, failure.Id);
        Assert.EndsWith(".", failure.Message, StringComparison.Ordinal);
    }

    public static OciMount Mount(OciSpec spec, string target) =>
        spec.Mounts!.Last(mount => mount.Destination == target);
}
