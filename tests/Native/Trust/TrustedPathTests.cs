using Container.Native.Files;
using Container.Native.Trust;
using Xunit;

namespace Container.Native.Tests.Trust;

public sealed class TrustedPathTests : IDisposable
{
    private const uint Stranger = 61234;
    private readonly string place = $"/tmp/psrun-trust-{Guid.NewGuid():N}";
    private readonly RootDirectory host = RootDirectory.Open("/");

    public TrustedPathTests()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: other users' files");
        Directory.CreateDirectory($"{place}/own/deep");
        Directory.CreateDirectory($"{place}/stranger/mine");
        host.SetOwner($"{place}/stranger", Stranger, Stranger);
        File.WriteAllText($"{place}/own/deep/file", "");
    }

    public void Dispose()
    {
        if (Directory.Exists(place)) host.Remove(place);
        host.Dispose();
    }

    [Fact]
    public void What_is_roots_all_the_way_is_trusted_below_a_sticky_directory()
    {
        Assert.True(TrustedPath.Exists($"{place}/own/deep/file"));
        Assert.True(TrustedPath.Exists($"{place}/own/../own/./deep"));
        Assert.False(TrustedPath.Exists($"{place}/own/absent/file"));
        Assert.True(TrustedPath.Exists("/"));
    }

    /// <summary>Whatever others put into it would be taken for ours.</summary>
    [Fact]
    public void A_directory_of_ours_is_none_that_others_write_to_a_sticky_one_too()
    {
        host.SetMode($"{place}/own/deep", 0x3FF);
        Assert.True(TrustedPath.Exists($"{place}/own/deep/file"));
        UntrustedPathException failure = Assert.Throws<UntrustedPathException>(
            () => TrustedPath.Claim($"{place}/own/deep"));
        Assert.Contains("can be written by others", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stranger")]
    [InlineData("stranger/mine")]
    [InlineData("stranger/absent")]
    public void A_directory_of_another_user_is_named(string path)
    {
        UntrustedPathException failure = Assert.Throws<UntrustedPathException>(
            () => TrustedPath.Exists($"{place}/{path}"));
        Assert.Equal($"{place}/stranger", failure.Place);
        Assert.Contains("61234", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("own/deep/file", 0x1B6u)]
    [InlineData("own/deep/file", 0x1B4u)]
    [InlineData("own/deep", 0x1FFu)]
    [InlineData("own", 0x1FDu)]
    public void What_others_can_write_is_named(string path, uint mode)
    {
        host.SetMode($"{place}/{path}", mode);
        UntrustedPathException failure = Assert.Throws<UntrustedPathException>(
            () => TrustedPath.Exists($"{place}/own/deep/file"));
        Assert.Equal($"{place}/{path}", failure.Place);
    }

    [Fact]
    public void A_sticky_directory_of_another_user_is_not_trusted()
    {
        // Whose it is may rename what is in it, sticky or not.
        host.SetMode($"{place}/stranger", 0x3FF);
        Assert.Throws<UntrustedPathException>(() => TrustedPath.Exists($"{place}/stranger/mine"));
    }

    [Fact]
    public void A_file_of_another_user_in_a_sticky_directory_is_not_trusted()
    {
        host.SetMode($"{place}/own", 0x3FF);
        File.WriteAllText($"{place}/own/theirs", "");
        host.SetOwner($"{place}/own/theirs", Stranger, Stranger);
        Assert.Throws<UntrustedPathException>(() => TrustedPath.Exists($"{place}/own/theirs"));
    }

    [Fact]
    public void Links_are_followed_and_judged_on_both_sides()
    {
        File.CreateSymbolicLink($"{place}/own/good", "deep");
        File.CreateSymbolicLink($"{place}/own/up", "../own/good/file");
        File.CreateSymbolicLink($"{place}/own/bad", $"{place}/stranger");
        File.CreateSymbolicLink($"{place}/own/round", "round");
        Assert.True(TrustedPath.Exists($"{place}/own/good/file"));
        Assert.True(TrustedPath.Exists($"{place}/own/up"));
        Assert.Throws<UntrustedPathException>(() => TrustedPath.Exists($"{place}/own/bad"));
        Assert.Equal(
            Native.Syscalls.Errno.ELOOP,
            Assert.Throws<Native.Syscalls.SystemCallException>(
                () => TrustedPath.Exists($"{place}/own/round")).Errno);

        // A link is its owner's, who may have made it for us.
        host.SetOwner($"{place}/own/good", Stranger, Stranger);
        Assert.Equal(
            $"{place}/own/good",
            Assert.Throws<UntrustedPathException>(() => TrustedPath.Exists($"{place}/own/good/file")).Place);
    }

    [Theory]
    [InlineData("/proc/self/root/etc")]
    [InlineData("/proc/1/root")]
    [InlineData("/dev/fd/0")]
    public void A_link_of_procfs_leads_nowhere(string path) =>
        Assert.Throws<UntrustedPathException>(() => TrustedPath.Exists(path));

    [Fact]
    public void What_is_missing_where_others_could_make_it_is_made_for_root_alone()
    {
        host.SetMode($"{place}/own", 0x3FF);
        Assert.False(TrustedPath.Exists($"{place}/own/new"));
        Assert.False(Directory.Exists($"{place}/own/new"));
        Assert.False(TrustedPath.Claim($"{place}/own/new/state"));
        FileMetadata made = host.GetMetadata($"{place}/own/new");
        Assert.Equal((0u, 0x1C0u), (made.Uid, made.Mode));

        // Where only root can make it there is no hurry.
        Assert.False(TrustedPath.Claim($"{place}/own/deep/new"));
        Assert.False(Directory.Exists($"{place}/own/deep/new"));
    }
}
