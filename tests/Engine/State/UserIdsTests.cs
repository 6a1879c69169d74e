using Container.Engine.Errors;
using Container.Engine.State;
using Container.Native.Oci;
using Xunit;

namespace Container.Engine.Tests.State;

public sealed class UserIdsTests
{
    [Fact]
    public void Root_is_the_user_and_the_ranges_follow_each_other()
    {
        UserIds ids = Parse("user:100000:65536\nother:300000:65536\n1000:500000:10\n", "user:200000:65536\n");

        Assert.True(ids.HasRange);
        Assert.Equal("0:1000:1,1:100000:65536,65537:500000:10", UserIds.Text(ids.Users));
        Assert.Equal("0:100:1,1:200000:65536", UserIds.Text(ids.Groups));
    }

    [Theory]
    [InlineData("", "user:1:1\n", true, "/etc/subuid")]
    [InlineData("user:1:1\n", "other:1:1\n", true, "/etc/subgid")]
    [InlineData("user:1:1\n", "user:1:1\n", false, "newuidmap")]
    [InlineData("user:x:1\nuser:5:0\n", "user:1:1\n", true, "/etc/subuid")]
    public void Without_a_range_there_is_root_alone(string users, string groups, bool programs, string missing)
    {
        UserIds ids = UserIds.Parse("user", 1000, 100, users, groups, programs);

        Assert.False(ids.HasRange);
        Assert.Contains(missing, ids.Missing, StringComparison.Ordinal);
        Assert.Equal("0:1000:1", UserIds.Text(ids.Users));
        Assert.Equal("0:100:1", UserIds.Text(ids.Groups));
    }

    [Fact]
    public void In_the_users_namespace_every_id_is_itself_and_ranges_stay_apart()
    {
        UserIds ids = Parse("user:100000:60000\nuser:900000:60000\n", "user:1:65536\n");

        Assert.Equal("0:0:1,1:1:60000,60001:60001:5535", UserIds.Text(UserIds.Inside(ids.Users)));
    }

    [Fact]
    public void Ids_of_the_host_are_translated()
    {
        UserIds ids = Parse("user:100000:65536\n", "user:100000:65536\n");
        OciIdMapping[] map =
        [
            new() { ContainerId = 0, HostId = 1000, Size = 1 }, new() { ContainerId = 1, HostId = 100005, Size = 9 },
        ];

        Assert.Equal("0:0:1,1:6:9", UserIds.Text(UserIds.Translate(map, ids.Users)!));
        Assert.Null(UserIds.Translate(null, ids.Users));
        Assert.Equal(0, ids.ToContainer(1000));
        Assert.Equal(1, ids.ToContainer(100000));
        Assert.Null(ids.ToContainer(0));
        EngineException refused = Assert.Throws<EngineException>(() => UserIds.Translate(map, [map[0]]));
        Assert.Equal(ErrorId.SubordinateIdsMissing, refused.Id);
        Assert.NotNull(refused.RecommendedAction);
    }

    private static UserIds Parse(string users, string groups) =>
        UserIds.Parse("user", 1000, 100, users, groups, hasPrograms: true);
}
