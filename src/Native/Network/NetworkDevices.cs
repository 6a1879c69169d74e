using System.Buffers.Binary;
using Container.Native.Namespaces;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Network;

/// <summary>
/// Moves devices of the host into a container's network namespace (runtime-spec, config-linux.md, "Network Devices"):
/// with their permanent addresses of global scope, which the kernel drops on the way, and up.
/// </summary>
internal static class NetworkDevices
{
    private const ushort RTM_NEWLINK = 16;
    private const ushort RTM_GETLINK = 18;
    private const ushort RTM_NEWADDR = 20;
    private const ushort RTM_GETADDR = 22;
    private const ushort IFLA_IFNAME = 3;
    private const ushort IFLA_NET_NS_FD = 28;
    private const ushort IFA_FLAGS = 8;
    private const uint IFA_F_PERMANENT = 0x80;
    private const uint IFF_UP = 1;
    private const byte RT_SCOPE_UNIVERSE = 0;

    // struct ifinfomsg and struct ifaddrmsg.
    private const int LinkHeaderLength = 16;
    private const int AddressHeaderLength = 8;

    // IFA_ADDRESS, IFA_LOCAL, IFA_BROADCAST: what an address is made of. Its label and its times stay behind.
    private static ReadOnlySpan<byte> KeptAttributes => [1, 2, 4];

    /// <summary>Moves <paramref name="devices"/> to the network namespace of <paramref name="process"/>.</summary>
    public static void Move(FileDescriptor process, IReadOnlyDictionary<string, OciNetDevice> devices)
    {
        using NetlinkSocket host = new();
        using FileDescriptor target = Target(process, out NetlinkSocket container);
        using (container)
        {
            foreach ((string name, OciNetDevice device) in devices)
            {
                Move(host, container, target, name, string.IsNullOrEmpty(device.Name) ? name : device.Name);
            }
        }
    }

    private static FileDescriptor Target(FileDescriptor process, out NetlinkSocket socket)
    {
        using NamespaceVisit visit = NamespaceVisit.Enter(process, CloneArguments.CLONE_NEWNET);
        socket = new NetlinkSocket();
        return FileCalls.Open("/proc/thread-self/ns/net", FileCalls.O_RDONLY);
    }

    private static void Move(
        NetlinkSocket host, NetlinkSocket container, FileDescriptor target, string name, string newName)
    {
        int index = FindIndex(host, name);
        List<byte[]> addresses = FindAddresses(host, index);
        host.Request(
            new NetlinkMessage(RTM_NEWLINK, Flags(), LinkHeader(index, 0))
                .Attribute(IFLA_NET_NS_FD, (uint)target.Number)
                .Attribute(IFLA_IFNAME, newName),
            "move network device", name);
        index = FindIndex(container, newName);
        foreach (byte[] address in addresses) AddAddress(container, index, address, newName);
        container.Request(
            new NetlinkMessage(RTM_NEWLINK, Flags(), LinkHeader(index, IFF_UP)), "set up network device", newName);
    }

    private static int FindIndex(NetlinkSocket socket, string name)
    {
        List<byte[]> links = socket.Request(
            new NetlinkMessage(RTM_GETLINK, Flags(), LinkHeader(0, 0)).Attribute(IFLA_IFNAME, name),
            "find network device", name);
        return BinaryPrimitives.ReadInt32LittleEndian(links[0].AsSpan(4));
    }

    private static List<byte[]> FindAddresses(NetlinkSocket socket, int index)
    {
        ushort flags = NetlinkSocket.NLM_F_REQUEST | NetlinkSocket.NLM_F_DUMP;
        List<byte[]> addresses = socket.Request(
            new NetlinkMessage(RTM_GETADDR, flags, new byte[AddressHeaderLength]), "list addresses", "netlink");
        addresses.RemoveAll(address => !IsKept(address, index));
        return addresses;
    }

    private static bool IsKept(ReadOnlySpan<byte> address, int index)
    {
        ReadOnlySpan<byte> wide = NetlinkMessage.Find(address[AddressHeaderLength..], IFA_FLAGS);
        uint flags = wide.Length == 4 ? BinaryPrimitives.ReadUInt32LittleEndian(wide) : address[2];
        return BinaryPrimitives.ReadInt32LittleEndian(address[4..]) == index
            && address[3] == RT_SCOPE_UNIVERSE && (flags & IFA_F_PERMANENT) != 0;
    }

    private static void AddAddress(NetlinkSocket socket, int index, byte[] address, string name)
    {
        byte[] header = address[..AddressHeaderLength];
        header[2] = 0;
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), index);
        NetlinkMessage message = new(
            RTM_NEWADDR, Flags(NetlinkSocket.NLM_F_CREATE | NetlinkSocket.NLM_F_EXCL), header);
        foreach (byte attribute in KeptAttributes)
        {
            ReadOnlySpan<byte> value = NetlinkMessage.Find(address.AsSpan(AddressHeaderLength), attribute);
            if (!value.IsEmpty) message.Attribute(attribute, value);
        }

        socket.Request(message, "add an address to network device", name);
    }

    private static ushort Flags(int more = 0) => (ushort)(NetlinkSocket.NLM_F_REQUEST | NetlinkSocket.NLM_F_ACK | more);

    private static byte[] LinkHeader(int index, uint flags)
    {
        byte[] header = new byte[LinkHeaderLength];
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), index);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), flags);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), flags);
        return header;
    }
}
