using Container.Engine.Unprivileged;
using Xunit;

namespace Container.Engine.Tests.Unprivileged;

public sealed class NestedIdsTests
{
    [Theory]
    [InlineData("0 100000 65536\n", "0 200000 65536\n", "0:0:65536")]
    [InlineData("0 1000 1\n1 100000 65536\n", "0 1000 1\n1 100000 65536\n", "0:0:65536")]
    [InlineData("         0       1000          1\n", "0 1000 1\n", "0:0:1")]
    [InlineData("0 0 2000\n", "0 0 1000\n5000 0 10\n", "0:0:1000")]
    public void Its_ids_are_those_that_both_maps_have_from_root_on(string users, string groups, string expected) =>
        Assert.Equal(expected, NestedIds.Map(users, groups));
}
