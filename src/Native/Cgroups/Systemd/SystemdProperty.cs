namespace Container.Native.Cgroups.Systemd;

/// <summary>A property of a unit: its name, the D-Bus type of its value, and what writes the value.</summary>
internal sealed record SystemdProperty(string Name, string Type, Action<BusWriter> Value)
{
    /// <summary>systemd's word for "no limit".</summary>
    public const ulong Infinity = ulong.MaxValue;

    public static SystemdProperty Text(string name, string value) => new(name, "s", w => w.Text(value));

    public static SystemdProperty Flag(string name, bool value) => new(name, "b", w => w.Flag(value));

    public static SystemdProperty Number(string name, ulong value) => new(name, "t", w => w.UInt64(value));

    /// <summary>A limit of the specification: below 0 is none.</summary>
    public static SystemdProperty Limit(string name, long value) =>
        Number(name, value < 0 ? Infinity : (ulong)value);

    public static SystemdProperty Process(int pid) =>
        new("PIDs", "au", w => w.Array(sizeof(uint), () => w.UInt32((uint)pid)));

    /// <summary>Processors or memory nodes as bits, the lowest first.</summary>
    public static SystemdProperty Mask(string name, ulong[] words) => new(name, "ay", w => w.Array(1, () =>
    {
        foreach (ulong word in words)
        {
            for (int shift = 0; shift < 64; shift += 8) w.Byte((byte)(word >> shift));
        }
    }));

    /// <summary>a(sv), as StartTransientUnit and SetUnitProperties take it.</summary>
    public static void Write(BusWriter writer, IReadOnlyList<SystemdProperty> properties) => writer.Array(8, () =>
    {
        foreach (SystemdProperty property in properties)
        {
            writer.Align(8);
            writer.Text(property.Name);
            writer.Signature(property.Type);
            property.Value(writer);
        }
    });
}
