using Container.Engine.Containers.Specs;
using Xunit;

namespace Container.Engine.Tests.Containers.Specs;

public sealed class NestedIdsTests
{
    [Theory]
    [InlineData("0 100000 65536\n", "0 200000 65536\n", 65536u)]
    [InlineData("0 1000 1\n1 100000 65536\n", "0 1000 1\n1 100000 65536\n", 65536u)]
    [InlineData("         0       1000          1\n", "0 1000 1\n", 1u)]
    [InlineData("0 0 2000\n", "0 0 1000\n5000 0 10\n", 1000u)]
    public void Its_ids_are_those_that_both_maps_have_from_root_on(string users, string groups, uint expected) =>
        Assert.Equal(expected, NestedIds.Count(users, groups));
}
