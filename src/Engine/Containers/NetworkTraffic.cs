using System.Globalization;

namespace Container.Engine.Containers;

/// <summary>Reads /proc/PID/net/dev, the devices of a process's network namespace (proc_pid_net(5)).</summary>
internal static class NetworkTraffic
{
    private const int SentField = 8;

    public static (long Received, long Sent) Read(int pid)
    {
        long received = 0;
        long sent = 0;
        try
        {
            foreach (string line in File.ReadLines($"/proc/{pid}/net/dev").Skip(2))
            {
                int colon = line.IndexOf(':', StringComparison.Ordinal);
                if (colon < 0 || line.AsSpan(0, colon).Trim() is "lo") continue;
                string[] fields = line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                received += long.Parse(fields[0], CultureInfo.InvariantCulture);
                sent += long.Parse(fields[SentField], CultureInfo.InvariantCulture);
            }
        }
        catch (IOException)
        {
            // The process has ended.
        }

        return (received, sent);
    }
}
