using Container.Native.Mounts;
using Xunit;

namespace Container.Runtime.Tests;

/// <summary>State that another user can forge is none of root's.</summary>
public sealed class TrustedRootTests : IDisposable
{
    private readonly Psrun psrun = new();
    private readonly string place = $"/tmp/psrun-trust-{Guid.NewGuid():N}";
    private readonly RootDirectory host = RootDirectory.Open("/");

    public TrustedRootTests()
    {
        Directory.CreateDirectory($"{place}/theirs/state/forged");
        File.WriteAllText($"{place}/theirs/state/forged/state.json", "{}");
        host.SetOwner($"{place}/theirs", 61234, 61234);
    }

    public void Dispose()
    {
        host.Remove(place);
        host.Dispose();
        psrun.Dispose();
    }

    [Theory]
    [InlineData("list")]
    [InlineData("state", "forged")]
    [InlineData("delete", "--force", "forged")]
    public void A_root_below_another_users_directory_is_refused(params string[] arguments)
    {
        (int code, string text) = SecurityBundle.Execute(
            Psrun.Executable, ["--root", $"{place}/theirs/state", .. arguments]);
        Assert.Equal(1, code);
        Assert.Contains($"'{place}/theirs' belongs to user 61234", text, StringComparison.Ordinal);
        Assert.Equal(["forged"], Directory.GetDirectories($"{place}/theirs/state").Select(Path.GetFileName));
    }
}
