using System.Text;
using Container.Native.Files;
using Container.Native.Trust;
using Xunit;

namespace Container.Native.Tests.Trust;

public sealed class TrustedFileTests : IDisposable
{
    private const uint Stranger = 61234;
    private readonly string place = $"/tmp/psrun-trust-{Guid.NewGuid():N}";
    private readonly RootDirectory host = RootDirectory.Open("/");

    public TrustedFileTests()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: other users' files");
        Directory.CreateDirectory($"{place}/own");
        File.WriteAllText($"{place}/own/file", "text");
    }

    public void Dispose()
    {
        if (Directory.Exists(place)) host.Remove(place);
        host.Dispose();
    }

    [Fact]
    public void What_is_roots_is_read_and_what_is_missing_is_null()
    {
        Assert.Equal("text", Encoding.UTF8.GetString(TrustedFile.Read($"{place}/own/file", 100)!));
        Assert.Null(TrustedFile.Read($"{place}/own/absent", 100));
        Assert.Null(TrustedFile.Read($"{place}/own/file/below", 100));
        TrustedFile.Require($"{place}/own/absent");
    }

    [Theory]
    [InlineData("own")]
    [InlineData("own/file")]
    public void What_is_anothers_is_named(string path)
    {
        host.SetOwner($"{place}/{path}", Stranger, Stranger);
        UntrustedPathException failure = Assert.Throws<UntrustedPathException>(
            () => TrustedFile.Read($"{place}/own/file", 100));
        Assert.Equal($"{place}/{path}", failure.Place);
        Assert.Contains("61234", failure.Message, StringComparison.Ordinal);
        Assert.Throws<UntrustedPathException>(() => TrustedFile.Require($"{place}/{path}"));
    }

    /// <summary>A sticky directory, too: whatever others put into it would be taken for ours.</summary>
    [Theory]
    [InlineData("own", 0x3FFu)]
    [InlineData("own", 0x1F8u)]
    [InlineData("own/file", 0x1B6u)]
    public void What_others_can_write_is_named(string path, uint mode)
    {
        host.SetMode($"{place}/{path}", mode);
        Assert.Equal(
            $"{place}/{path}",
            Assert.Throws<UntrustedPathException>(() => TrustedFile.Read($"{place}/own/file", 100)).Place);
    }
}
