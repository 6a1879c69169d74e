namespace Container.Native.Cgroups.Systemd;

/// <summary>The other side of D-Bus answered with an error.</summary>
internal sealed class BusException(string name, string message) : Exception($"{message} ({name})")
{
    /// <summary>The error's name, such as <c>org.freedesktop.systemd1.UnitExists</c>.</summary>
    public string Name { get; } = name;
}
