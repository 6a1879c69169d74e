using System.Globalization;
using Container.Native.Monitor;
using Container.Native.Syscalls;

namespace Container.Runtime.Monitor;

/// <summary>Appends what happens to the container to the event log. That it cannot be written stops nothing.</summary>
internal sealed class EventWriter(SpareDescriptors spare)
{
    private string? path;
    private string id = "";
    private string name = "";

    /// <summary>Takes where to write, and the container's present name.</summary>
    public void Set(MonitorRequest request)
    {
        path = request.EventLog;
        id = request.Id;
        name = request.Name;
    }

    /// <summary>Writes one event.</summary>
    public void Add(string action, params ReadOnlySpan<(string Key, string Value)> attributes)
    {
        if (path is null) return;
        Dictionary<string, string>? map = attributes.IsEmpty ? null : [];
        foreach ((string key, string value) in attributes)
        {
            map![key] = value;
        }

        MonitorEvent happened = new() { Action = action, Id = id, Name = name, Attributes = map };
        try
        {
            spare.UseAtNeed(() => EventFile.Append(path, happened));
        }
        catch (SystemCallException)
        {
            // A full disk, a directory that was removed: the container matters more.
        }
    }

    /// <summary>A number as it is written.</summary>
    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
