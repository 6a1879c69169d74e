namespace Container.Native.Cgroups.Devices;

/// <summary>Allows or denies access to block or character devices.</summary>
/// <param name="Allow">Whether it allows.</param>
/// <param name="Kind">Block or character.</param>
/// <param name="Major">The major number, or <see cref="Any"/>.</param>
/// <param name="Minor">The minor number, or <see cref="Any"/>.</param>
/// <param name="Access">What it allows or denies.</param>
internal readonly record struct DeviceRule(bool Allow, DeviceKind Kind, int Major, int Minor, DeviceAccess Access)
{
    /// <summary>Stands for every number.</summary>
    public const int Any = -1;

    /// <summary>The devices, as the lists of cgroup v1 spell them: <c>c 1:3</c>.</summary>
    public string Devices => $"{(Kind == DeviceKind.Block ? 'b' : 'c')} {Number(Major)}:{Number(Minor)}";

    /// <summary>The access, as the lists of cgroup v1 spell it: <c>rwm</c>.</summary>
    public string AccessText =>
        ((Access & DeviceAccess.Read) != 0 ? "r" : "") + ((Access & DeviceAccess.Write) != 0 ? "w" : "") +
        ((Access & DeviceAccess.MakeNode) != 0 ? "m" : "");

    /// <summary>Whether every device of <paramref name="other"/> is one of this rule.</summary>
    public bool Covers(DeviceRule other) =>
        Kind == other.Kind && (Major == Any || Major == other.Major) && (Minor == Any || Minor == other.Minor);

    /// <summary>Whether some device is one of both.</summary>
    public bool Meets(DeviceRule other) =>
        Kind == other.Kind && (Major == Any || other.Major == Any || Major == other.Major) &&
        (Minor == Any || other.Minor == Any || Minor == other.Minor);

    private static string Number(int value) =>
        value == Any ? "*" : value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
