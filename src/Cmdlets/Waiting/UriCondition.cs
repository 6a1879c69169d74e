using Container.Engine;
using Container.Engine.Containers;

namespace Container.Cmdlets.Waiting;

/// <summary>A web server answers with success.</summary>
internal sealed class UriCondition(Uri uri) : WaitCondition, IDisposable
{
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(5) };

    public override string Description => uri.ToString();

    public override bool IsMet(ContainerEngine engine, ContainerRecord container, CancellationToken token)
    {
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Get, uri);
            using HttpResponseMessage answer = _client.Send(request, HttpCompletionOption.ResponseHeadersRead, token);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception failure) when (!token.IsCancellationRequested
            && failure is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    public void Dispose() => _client.Dispose();
}
