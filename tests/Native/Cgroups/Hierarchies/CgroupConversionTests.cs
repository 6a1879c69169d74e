using Container.Native.Cgroups.Hierarchies;
using Xunit;

namespace Container.Native.Tests.Cgroups.Hierarchies;

public sealed class CgroupConversionTests
{
    // The values of ConvertCPUSharesToCgroupV2Value's own tests at the ends and the default.
    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(1024, 100)]
    [InlineData(262143, 10000)]
    [InlineData(262144, 10000)]
    [InlineData(ulong.MaxValue, 10000)]
    public void SharesBecomeWeights(ulong shares, ulong weight) =>
        Assert.Equal(weight, CgroupConversion.SharesToWeight(shares));

    [Fact]
    public void MoreSharesNeverWeighLess()
    {
        ulong last = 0;
        for (ulong shares = 2; shares <= 262_144; shares++)
        {
            ulong weight = CgroupConversion.SharesToWeight(shares);
            Assert.InRange(weight, Math.Max(last, 1), 10_000UL);
            last = weight;
        }
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(100, 910)]
    [InlineData(500, 4950)]
    [InlineData(1000, 10000)]
    [InlineData(5, 1)]
    public void BlockWeightsBecomeIoWeights(ushort weight, ulong expected) =>
        Assert.Equal(expected, CgroupConversion.BlockWeightToIoWeight(weight));

    [Theory]
    [InlineData(100L, 300L, 200L)]
    [InlineData(100L, 100L, 0L)]
    [InlineData(100L, -1L, -1L)]
    [InlineData(100L, null, null)]
    [InlineData(100L, 0L, null)]
    [InlineData(-1L, null, -1L)]
    [InlineData(-1L, 300L, 300L)]
    [InlineData(null, null, null)]
    [InlineData(null, -1L, -1L)]
    public void MemoryAndSwapBecomeSwap(long? memory, long? both, long? swap) =>
        Assert.Equal(swap, CgroupConversion.SwapOnly(memory, both));

    [Theory]
    [InlineData(null, 300L)]
    [InlineData(0L, 300L)]
    [InlineData(400L, 300L)]
    public void SwapWithoutEnoughMemoryIsRefused(long? memory, long? both) =>
        Assert.Throws<CgroupException>(() => CgroupConversion.SwapOnly(memory, both));
}
