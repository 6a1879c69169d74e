using Container.Native.Sockets;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Native.Tests.Sockets;

public sealed class PacketSocketTests
{
    /// <summary>A child that fails tells why and ends, with the parent's word to go on unread.</summary>
    [Fact]
    public void TheLastWordOfOneThatHasGoneIsReadThoughItHadNotReadAll()
    {
        (PacketSocket ours, PacketSocket theirs) = PacketSocket.CreatePair();
        using (ours)
        {
            ours.Send([1]);
            theirs.Send([7, 8]);
            theirs.Dispose();
            byte[] packet = new byte[2];
            List<FileDescriptor> descriptors = [];
            Assert.Equal(2, ours.Receive(packet, descriptors));
            Assert.Equal([7, 8], packet);
            Assert.Equal(0, ours.Receive(packet, descriptors));
        }
    }
}
