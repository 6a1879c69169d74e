using Container.Native.Files;
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

    /// <summary>A directory of users is root's, and what is in it is not.</summary>
    [Theory]
    [InlineData("delete", "eve")]
    [InlineData("delete", "--force", "eve")]
    [InlineData("state", "forged")]
    [InlineData("kill", "forged")]
    [InlineData("delete", "--force", "forged")]
    public void A_directory_of_another_user_is_no_containers(params string[] arguments)
    {
        string root = MakeHomes();
        (int code, string text) = SecurityBundle.Execute(Psrun.Executable, ["--root", root, .. arguments]);
        Assert.Equal(1, code);
        Assert.Contains($"'{root}/{arguments[^1]}' belongs to user 61234", text, StringComparison.Ordinal);
        Assert.Equal(["letter"], Directory.GetFiles($"{root}/eve").Select(Path.GetFileName));
        Assert.Equal(["state.json"], Directory.GetFiles($"{root}/forged").Select(Path.GetFileName));
    }

    [Fact]
    public void A_state_of_another_user_is_none()
    {
        string root = MakeHomes();
        host.SetOwner($"{root}/forged", 0, 0);
        (int code, string text) = SecurityBundle.Execute(Psrun.Executable, ["--root", root, "state", "forged"]);
        Assert.Equal(1, code);
        Assert.Contains($"'{root}/forged/state.json' belongs to user 61234", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_goes_on_behind_a_directory_of_another_user()
    {
        string root = MakeHomes();
        (int code, string text) = SecurityBundle.Execute(Psrun.Executable, ["--root", root, "list"]);
        Assert.Equal(0, code);
        Assert.Contains($"'{root}/forged' belongs to user 61234", text, StringComparison.Ordinal);
    }

    /// <summary>Whatever root gives as --root: only what psrun has made is psrun's to remove.</summary>
    [Theory]
    [InlineData("passwd", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)]
    [InlineData("lock", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute)]
    public void A_directory_that_was_never_a_containers_is_neither_removed_nor_taken(string file, UnixFileMode mode)
    {
        string root = MakeHomes();
        Directory.CreateDirectory($"{root}/etc", mode);
        File.WriteAllText($"{root}/etc/{file}", "");
        File.WriteAllText($"{root}/etc/lock", "");
        using SecurityBundle bundle = new();
        Assert.Equal(1, SecurityBundle.Execute(Psrun.Executable, ["--root", root, "create", "-b", bundle.Directory, "etc"]).Code);
        (int code, string text) = SecurityBundle.Execute(Psrun.Executable, ["--root", root, "delete", "etc"]);
        Assert.Equal(1, code);
        Assert.Contains("does not exist", text, StringComparison.Ordinal);
        Assert.True(File.Exists($"{root}/etc/{file}"));
    }

    /// <summary>
    /// To stat(2) a file of the host's root and one of the namespace's own user 65534 look the same.
    /// </summary>
    [Fact]
    public void In_a_user_namespace_the_world_outside_is_trusted_and_its_own_nobody_is_not()
    {
        const uint first = 300_000;
        using IdMappedProcess mapped = IdMappedProcess.Start(first, 65536);
        foreach ((string name, uint owner) in new[] { ("own", first), ("nobody", first + 65534) })
        {
            Directory.CreateDirectory($"{place}/{name}/state");
            host.SetOwner($"{place}/{name}/state", first, first);
            host.SetOwner($"{place}/{name}", owner, owner);
        }

        File.CreateSymbolicLink($"{place}/link", "own/state");
        Assert.Equal(0, List("own/state").Code);
        Assert.Equal(0, List("link").Code);
        (int code, string text) = List("nobody/state");
        Assert.Equal(1, code);
        Assert.Contains($"'{place}/nobody' belongs to user 65534", text, StringComparison.Ordinal);

        (int Code, string Text) List(string root) => SecurityBundle.Execute(
            "/usr/bin/nsenter",
            [
                "--user", "--target", $"{mapped.Id}", "--setuid", "0", "--setgid", "0",
                Psrun.Executable, "--root", $"{place}/{root}", "list",
            ]);
    }

    private string MakeHomes()
    {
        string root = $"{place}/homes";
        foreach ((string user, string file, string content) in new[]
            { ("eve", "letter", "dear"), ("forged", "state.json", "{}") })
        {
            Directory.CreateDirectory($"{root}/{user}");
            File.WriteAllText($"{root}/{user}/{file}", content);
            host.SetOwner($"{root}/{user}", 61234, 61234);
            host.SetOwner($"{root}/{user}/{file}", 61234, 61234);
        }

        return root;
    }
}
