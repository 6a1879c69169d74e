using System.Text;
using Container.Native.Oci;
using Container.Native.Oci.Documents;
using Xunit;

namespace Container.Native.Tests.Oci;

public sealed class EarlierVersionsTests
{
    /// <summary>CRI-O writes limit 0 where there is none.</summary>
    [Theory]
    [InlineData("1.0.2-dev", 0, -1)]
    [InlineData("1.2.1", 0, -1)]
    [InlineData("1.3.0", 0, 0)]
    [InlineData("1.10.0", 0, 0)]
    [InlineData("1.0.2", 5, 5)]
    [InlineData("1.0.2", -1, -1)]
    public void ALimitOfNoProcessesIsNoneBefore13(string version, long written, long read)
    {
        OciSpec spec = OciDocument.ReadSpec(Encoding.UTF8.GetBytes(
            "{\"ociVersion\":\"" + version + "\",\"root\":{\"path\":\"rootfs\"},\"process\":{\"cwd\":\"/\",\"args\":[\"true\"]},"
            + "\"linux\":{\"resources\":{\"cpu\":{\"shares\":2},\"pids\":{\"limit\":" + written + "}}}}"));
        Assert.Equal(read, spec.Linux!.Resources!.Pids!.Limit);
        Assert.Equal(2UL, spec.Linux.Resources.Cpu!.Shares);
    }

    [Fact]
    public void ARelativeDestinationStartsAtTheRoot()
    {
        OciSpec spec = OciDocument.ReadSpec(
            """
            {"ociVersion":"1.3.0","root":{"path":"rootfs"},"process":{"cwd":"/","args":["true"]},
             "mounts":[{"destination":"/a"},{"destination":"b/c"},{"destination":"../d"}]}
            """u8);
        Assert.Equal(["/a", "/b/c", "/../d"], spec.Mounts!.Select(mount => mount.Destination));
    }
}
