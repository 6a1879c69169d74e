using Container.Native.Oci;

namespace Container.Runtime.Creation;

/// <summary>
/// What the specification has and this runtime does not do. It is refused: a container that was promised less access
/// than it gets must not start. <c>features</c> says the same.
/// </summary>
internal static class UnsupportedSettings
{
    public static void Refuse(OciSpec spec)
    {
        if (spec.Linux is not { } linux) return;
        if (linux.IntelRdt is not null) throw Refusal("linux.intelRdt");
    }

    private static RuntimeException Refusal(string path) => new($"{path}: not supported by this version of psrun");
}
