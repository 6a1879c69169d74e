using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Native.Mounts;

/// <summary>Layers put together for this process to look at or write to, in a mount no namespace shows.</summary>
public static class LayerMount
{
    /// <summary>Opens what the layers show together, read-only; it goes with the object.</summary>
    /// <param name="layers">Directories, the topmost first.</param>
    public static RootDirectory Open(IReadOnlyList<string> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        return RootDirectory.FromDescriptor(OpenDescriptor(layers));
    }

    // overlayfs wants two layers or more where there is none to write to.
    internal static FileDescriptor OpenDescriptor(IReadOnlyList<string> layers) =>
        OverlayMount.Distinct(layers).Count == 1
        ? DetachedMount.Clone(layers[0], recursive: false)
        : OverlayMount.Create(layers, upper: null, userNamespace: null);

    /// <summary>Opens the layers with one on top that takes the changes.</summary>
    /// <param name="layers">Directories, the topmost first.</param>
    /// <param name="directory">The directory that has <c>upper</c> and <c>work</c>; no other overlay may be using
    /// it.</param>
    public static RootDirectory OpenWritable(IReadOnlyList<string> layers, string directory)
    {
        ArgumentNullException.ThrowIfNull(layers);
        return RootDirectory.FromDescriptor(OverlayMount.Create(layers, directory, userNamespace: null));
    }
}
