using System.Net.Sockets;
using Container.Engine.Catalog;
using Container.Engine.Monitor;
using Container.Native.Monitor;
using Container.Native.Syscalls;

namespace Container.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>
    /// A TCP socket in the network of a container that runs: it connects to what that sees. The container's monitor opens
    /// it, which may go there whoever the user is.
    /// </summary>
    public Socket OpenSocket(string nameOrId, AddressFamily family, CancellationToken cancellation = default)
    {
        ContainerDocument document = Document(nameOrId);
        return WhileRunning(document, nameOrId, _ =>
        {
            using MonitorClient client = ConnectTo(document, nameOrId);
            client.Send(new MonitorMessage
            {
                Type = MonitorMessageType.Socket,
                Ipv6 = family == AddressFamily.InterNetworkV6,
            });
            List<FileDescriptor> received = [];
            Await(client, document, received, cancellation);
            return new Socket(new SafeSocketHandle(received[0].Detach(), ownsHandle: true));
        });
    }
}
