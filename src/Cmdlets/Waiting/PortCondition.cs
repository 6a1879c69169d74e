using System.Globalization;
using Container.Engine;
using Container.Engine.Catalog;

namespace Container.Cmdlets.Waiting;

/// <summary>
/// A process listens on a TCP port of the container's network namespace: proc(5), /proc/PID/net/tcp, state 0A. Nothing
/// connects, so it works without a network and the server sees nothing of it.
/// </summary>
internal sealed class PortCondition(int port) : WaitCondition
{
    private const string Listening = "0A";

    public override string Description => string.Create(CultureInfo.InvariantCulture, $"port {port}");

    public override bool IsMet(ContainerEngine engine, ContainerRecord container, CancellationToken token) =>
        container.Pid is { } pid && (Listens($"/proc/{pid}/net/tcp") || Listens($"/proc/{pid}/net/tcp6"));

    private bool Listens(string table)
    {
        string suffix = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        try
        {
            foreach (string line in File.ReadLines(table).Skip(1))
            {
                string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (fields is [_, var local, _, Listening, ..] && local.EndsWith(suffix, StringComparison.Ordinal))
                    return true;
            }
        }
        catch (IOException)
        {
            // The process has ended, or the kernel has no IPv6.
        }

        return false;
    }
}
