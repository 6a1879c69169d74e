using Container.Engine.Configuration;
using Container.Engine.Errors;
using Xunit;

namespace Container.Engine.Tests.Configuration;

public sealed class NamespaceModeTests
{
    [Theory]
    [InlineData("private", NamespaceKind.Private, null, "Private")]
    [InlineData("HOST", NamespaceKind.Host, null, "Host")]
    [InlineData("container:web1", NamespaceKind.Container, "web1", "Container:web1")]
    [InlineData("/proc/1/ns/net", NamespaceKind.Path, "/proc/1/ns/net", "/proc/1/ns/net")]
    public void Reads_and_writes_the_four_forms(string text, NamespaceKind kind, string? target, string written)
    {
        NamespaceMode mode = NamespaceMode.Parse(text);

        Assert.Equal((kind, target, written), (mode.Kind, mode.Target, mode.ToString()));
        Assert.Equal(mode, NamespaceMode.Parse(written));
    }

    [Theory]
    [InlineData("")]
    [InlineData("bridge")]
    [InlineData("Container:")]
    [InlineData("proc/1/ns/net")]
    public void Refuses_anything_else(string text) =>
        Assert.Equal(ErrorId.InvalidConfiguration, Assert.Throws<EngineException>(() => NamespaceMode.Parse(text)).Id);
}
