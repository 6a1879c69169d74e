using System.Net;
using System.Net.Sockets;
using Container.Engine;
using Container.Engine.Catalog;
using Container.Engine.Errors;

namespace Container.Cmdlets.Waiting;

/// <summary>A web server answers with success, asked in the container's network namespace.</summary>
internal sealed class UriCondition : WaitCondition, IDisposable
{
    private readonly Uri _uri;
    private readonly HttpClient _client;
    private ContainerEngine? _engine;
    private string _id = "";

    public UriCondition(Uri uri)
    {
        _uri = uri;

        // No proxy: that would be one of the host's. No connection is kept: the next look may be after a restart.
        SocketsHttpHandler handler = new()
        {
            UseProxy = false,
            AllowAutoRedirect = false, // where to is the container's word, and the resolver the host's
            PooledConnectionLifetime = TimeSpan.Zero,
            ConnectCallback = (context, token) => Connect(context.DnsEndPoint, token),
        };
        _client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(5) };
    }

    public override string Description => _uri.ToString();

    public override bool IsMet(ContainerEngine engine, ContainerRecord container, CancellationToken token)
    {
        if (container.Pid is null) return false;
        (_engine, _id) = (engine, container.Id);
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Get, _uri);
            using HttpResponseMessage answer = _client.Send(request, HttpCompletionOption.ResponseHeadersRead, token);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException failure) when (failure.InnerException is EngineException refused)
        {
            throw refused;
        }
        catch (Exception failure) when (!token.IsCancellationRequested
            && failure is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    public void Dispose() => _client.Dispose();

    private async ValueTask<Stream> Connect(DnsEndPoint server, CancellationToken token)
    {
        SocketException? refused = null;
        foreach (IPAddress address in await Addresses(server.Host, token).ConfigureAwait(false))
        {
            Socket socket = Open(address.AddressFamily, token);
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, server.Port), token).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException failure)
            {
                refused = failure;
                socket.Dispose();
            }
        }

        throw refused ?? new SocketException((int)SocketError.HostNotFound);
    }

    private Socket Open(AddressFamily family, CancellationToken token)
    {
        try
        {
            return _engine!.Containers.OpenSocket(_id, family, token);
        }
        catch (EngineException failure) when (failure.Id is ErrorId.ContainerNotRunning or ErrorId.ContainerNotFound)
        {
            // It ended meanwhile.
            throw new SocketException((int)SocketError.NetworkDown);
        }
    }

    // Without a lookup where the name is everybody's own: the host's resolver is none of the container's.
    private static async Task<IPAddress[]> Addresses(string host, CancellationToken token) =>
        IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) ? [address]
        : host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? [IPAddress.Loopback, IPAddress.IPv6Loopback]
        : await Dns.GetHostAddressesAsync(host, token).ConfigureAwait(false);
}
