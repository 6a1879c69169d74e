using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Engine.Images;
using Container.Engine.Specs;
using Container.Engine.Tests.Unprivileged;
using Container.Native.Oci;
using Xunit;

namespace Container.Engine.Tests.Containers.Specs;

public sealed class SpecServiceTests
{
    [Fact]
    public void The_defaults_follow_the_specification()
    {
        Assert.Null(SpecService.Check(SpecService.Default()));
        Assert.Null(SpecService.Check(SpecService.Default(rootless: true)));
    }

    [Fact]
    public void What_is_wrong_is_told_with_its_path()
    {
        OciSpec spec = SpecService.Default() with { Hostname = null };
        OciSpec wrong = spec with { Linux = spec.Linux! with { Namespaces = [new OciNamespace { Type = "pit" }] } };
        Assert.Equal("linux.namespaces[0].type", SpecService.Check(wrong)!.Path);
        Assert.Equal("root", SpecService.Check(spec with { Root = null })!.Path);
    }

    [Fact]
    public void A_file_is_checked_or_missing()
    {
        string path = Path.GetTempFileName();
        try
        {
            SpecService.Write(SpecService.Default(), path);
            Assert.Null(SpecService.Check(path));
            File.WriteAllText(path, "[]");
            Assert.NotNull(SpecService.Check(path));
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Contains("no file", SpecService.Check(path)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_is_described_without_making_anything()
    {
        TestUser.RequireRoot("-UidMap");
        using TestEngine test = new();
        OciSpec spec = test.Engine.Specs.Describe(new ContainerConfiguration
        {
            Image = HostImage.Name, Name = "web", Secret = ["key,type=env"], Memory = 1 << 26,
        });
        Assert.Equal(("web", 1L << 26), (spec.Hostname, spec.Linux!.Resources!.Memory!.Limit));
        Assert.Null(spec.Linux.UidMappings);
        Assert.Null(spec.Linux.CgroupsPath);
        Assert.Null(SpecService.Check(spec));
        Assert.False(Directory.Exists(test.Options.StateRoot));

        spec = test.Engine.Specs.Describe(new ContainerConfiguration
        {
            Image = HostImage.Name, UidMap = ["0:100000:65536"],
        });
        Assert.Equal(100000u, spec.Linux!.UidMappings![0].HostId);
    }

    [Fact]
    public void That_of_a_container_is_the_one_it_is_run_with()
    {
        TestUser.RequireLimits();
        using TestEngine test = new();
        ContainerRecord made = test.Make(new ContainerConfiguration { Image = HostImage.Name, PidsLimit = 9 });
        Assert.Equal(9, test.Engine.Specs.Get(made.Id).Linux!.Resources!.Pids!.Limit);
        Assert.Equal(
            ErrorId.ContainerNotFound, Assert.Throws<EngineException>(() => test.Engine.Specs.Get("nobody")).Id);
    }
}
