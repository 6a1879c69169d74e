using Container.Engine.Containers.Specs;
using Container.Engine.Errors;
using Xunit;

namespace Container.Engine.Tests.Containers.Specs;

public sealed class UserDatabaseTests
{
    private const string Passwd = """
        root:x:0:0:root:/root:/bin/sh
        web:x:1000:1001:Web:/srv/web:/bin/sh
        4294967296:x:0:0::/root:/bin/sh
        1234:x:0:0::/root:/bin/sh
        short:x:5
        large:x:4294967295:0::/:/bin/sh
        relative:x:1002:1002::home:/bin/sh
        """;

    private const string Group = """
        root:x:0:root
        web:x:1001:
        denied:x:2000:web,other
        more:x:2001:other,web
        webby:x:2002:website
        broken:x:
        """;

    [Fact]
    public void Nobody_named_is_root_with_the_groups_of_root()
    {
        ResolvedUser user = Resolve(null);

        Assert.Equal((0u, 0u), (user.Uid, user.Gid));
        Assert.Equal([0u], user.Groups);
    }

    [Theory]
    [InlineData("web")]
    [InlineData("1000")]
    public void A_user_of_the_image_has_its_groups_and_its_primary_one(string text)
    {
        ResolvedUser user = Resolve(text);

        Assert.Equal((1000u, 1001u), (user.Uid, user.Gid));
        Assert.Equal([1001u, 2000u, 2001u], user.Groups);
    }

    [Theory]
    [InlineData("web:denied", 2000u)]
    [InlineData("web:7", 7u)]
    public void A_group_that_is_named_stands_alone(string text, uint gid)
    {
        ResolvedUser user = Resolve(text);

        Assert.Equal(gid, user.Gid);
        Assert.Equal([gid], user.Groups);
    }

    [Fact]
    public void An_unknown_number_is_itself()
    {
        ResolvedUser user = Resolve("4711");

        Assert.Equal((4711u, 0u), (user.Uid, user.Gid));
    }

    [Fact]
    public void A_number_is_never_looked_up_as_a_name() => Assert.Equal(1234u, Resolve("1234").Uid);

    [Fact]
    public void Further_groups_join_by_name_and_number()
    {
        ResolvedUser user = new UserDatabase(Read).Resolve(UserRequest.Parse("4711"), ["web", "30"]);

        Assert.Equal([0u, 30u, 1001u], user.Groups);
    }

    [Theory]
    [InlineData("4294967296")] // CVE-2024-40635: neither id 0 by overflow nor the user of that name
    [InlineData("4294967295")]
    [InlineData("2147483648")]
    [InlineData("99999999999999999999")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1000:")]
    [InlineData(":1000")]
    [InlineData("0x0")]
    [InlineData("1000abc")]
    [InlineData("web:web:web")]
    [InlineData("web:4294967296")]
    [InlineData("web:-1")]
    [InlineData("we b")]
    [InlineData("web\nroot")]
    [InlineData("nobody")]
    [InlineData("web:nogroup")]
    [InlineData("short")]
    [InlineData("large")]
    [InlineData("web:broken")]
    public void What_is_no_user_is_an_error(string text) =>
        Assert.Equal(ErrorId.InvalidUser, Assert.Throws<EngineException>(() => Resolve(text)).Id);

    private static ResolvedUser Resolve(string? text) => new UserDatabase(Read).Resolve(UserRequest.Parse(text), null);

    private static string? Read(string path) => path switch
    {
        "/etc/passwd" => Passwd,
        "/etc/group" => Group,
        _ => null,
    };
}
