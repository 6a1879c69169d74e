using System.Text.Json.Serialization;
using Container.Native.Processes;

namespace Container.Engine.Catalog;

/// <summary>The process that has a container for a while.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="StartTime">When it started, in clock ticks since boot.</param>
internal sealed record LeaseHolder(int Pid, ulong StartTime)
{
    /// <summary>This process.</summary>
    public static LeaseHolder Current
    {
        get
        {
            ProcessIdentity own = ProcessIdentity.TryRead(Environment.ProcessId) ?? default;
            return new LeaseHolder(own.Pid, own.StartTime);
        }
    }

    /// <summary>Whether it has gone, and the container may go.</summary>
    [JsonIgnore]
    public bool HasGone => !new ProcessIdentity(Pid, StartTime).IsRunning;
}
